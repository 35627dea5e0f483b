"""The search finds what readers look for: it queries Material's own worker in the same way as a page's search box."""

import pytest

ASKED = {
    "batch size": "4-slicing/",
    "batch_size": "4-slicing/",
    "weights": "8-better-network/",
    "derivative": "6-engine/",
    "neuron": "2-network/",
    "tensor": "3-tensors/",
    "rank": "3-tensors/",
    "dtype": "1-data/",
    "slicing": "4-slicing/",
    "broadcasting": "5-operations/",
    "relu": "5-operations/",
    "matrix": "5-operations/",
    "softmax": "7-engine-by-hand/",
    "cross-entropy": "7-engine-by-hand/",
    "learning rate": "6-engine/",
    "gradient": "6-engine/",
    "RMSprop": "7-engine-by-hand/",
    "dropout": "8-better-network/",
    "overfitting": "8-better-network/",
    "early stopping": "8-better-network/",
    "photo": "9-your-own-digits/",
    "workers": "10-more-machines/",
    "load_mnist": "1-data/",
    "accuracy": "2-network/",
    "install": "install/",
    # A stranger's questions:
    "why relu": "5-operations/",
    "sure and wrong loss": "6-engine/",
    "learning rate too large": "6-engine/",
    "convolution share": "8-better-network/",
    "overfitting curves": "8-better-network/",
    "broadcasting rule": "5-operations/",
    # Mistyped:
    "gradiant": "6-engine/",
    "tenser": "3-tensors/",
    "convolusion": "8-better-network/",
    "backpropogation": "7-engine-by-hand/",
    "learning raet": "6-engine/",
}
ASK = """async (words) => {
  const config = JSON.parse(document.getElementById("__config").textContent);
  const index = await (await fetch(new URL("../search/search_index.json", location))).json();
  const worker = new Worker(new URL(config.search, location));
  const ask = (message) => new Promise((done) => {
    worker.addEventListener("message", ({ data }) => done(data.data), { once: true });
    worker.postMessage(message);
  });
  await ask({ type: 0, data: { ...index, options: { suggest: true } } });
  const found = {};
  for (const word of words) {
    const { items } = await ask({ type: 2, data: word });
    found[word] = items.map(([best]) => best.location.split("#")[0]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def found(browser, address):
    """For each query, the pages that are found, best first."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{address}2-network/")
    page.wait_for_function("window.Worker.toString().includes('forgiving')")
    yield page.evaluate(ASK, [*ASKED, "figure", "the", "qqqqqq"])
    context.close()


@pytest.mark.parametrize("word", ASKED)
def test_what_is_asked_for_is_among_the_first_two_chapters_that_are_found(found, word):
    """The glossary, which has a line for each term, may come before them."""
    chapters = [page for page in found[word] if page != "glossary/"]
    assert ASKED[word] in chapters[:2], found[word][:5]


@pytest.mark.parametrize("term", ["gradient", "dropout", "cross-entropy"])
def test_a_term_of_the_field_is_found_in_the_glossary(found, term):
    assert "glossary/" in found[term][:3]


def test_two_ways_to_write_a_name_find_the_same(found):
    assert found["batch size"] == found["batch_size"]


def test_pages_for_maintainers_are_not_in_the_way(found):
    pages = {page for results in found.values() for page in results}
    assert not pages & {"what-can-go-wrong/", "security/", "contributing/"}
    assert len(pages) > 10


def test_what_is_nowhere_is_not_found(found):
    assert found["qqqqqq"] == []


def test_a_mistyped_word_finds_its_page_in_the_box_of_the_page(open_page):
    page = open_page(bypass_csp=False)
    page.keyboard.press("/")
    page.keyboard.type("broadcsting")
    result = page.locator(".md-search-result__link").first
    result.wait_for(timeout=10_000)
    assert "5-operations/" in result.get_attribute("href")


def test_search_finds_broadcasting(open_page, address):
    page = open_page()
    requests = []
    page.context.on("request", lambda request: requests.append(request.url))
    page.keyboard.press("/")
    page.keyboard.type("broadcasting")
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    assert "5-operations/" in result.get_attribute("href")
    assert all(url.startswith((address, "blob:", "data:")) for url in requests)


def test_a_search_that_starts_while_the_theme_s_script_is_on_its_way_is_not_lost(open_page, wait_until):
    page = open_page()
    held = []
    page.route("**/bundle.*.js", lambda route: held.append(route))
    page.reload()
    page.mouse.move(100, 100)
    page.mouse.move(200, 200)
    page.wait_for_selector("head script[src*=bundle]", state="attached")
    page.keyboard.press("/")
    page.keyboard.type("broadcasting")
    assert page.input_value(".md-search__input") == "broadcasting"
    wait_until(lambda: held or page.wait_for_timeout(10))
    held[0].continue_()
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    assert "5-operations/" in result.get_attribute("href")
