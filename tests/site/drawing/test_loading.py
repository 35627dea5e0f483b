"""What the box loads and when, and what it does if that fails."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from bs4 import BeautifulSoup

WEIGHTS = Path(__file__).parents[3] / "docs/results/weights.safetensors"
PATTERN = "**/weights.safetensors*"
STRICT = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'"


def fetched(box, name):
    return [url for url in box.requests if name in url]


def answering(**answer):
    """Set up a window in which requests for the weights get this answer."""
    return lambda box: box.page.route(PATTERN, lambda route: route.fulfill(**answer))


def test_nothing_is_fetched_before_the_box_is_touched_or_in_view_of_somebody(open_box):
    home = open_box("", theme=True)
    home.page.wait_for_load_state("networkidle")
    assert fetched(home, ".safetensors") == fetched(home, "strokes.json") == []
    home.page.locator(".tb-draw__canvas").hover()
    home.page.locator(".tb-draw--ready").wait_for()
    assert len(fetched(home, ".safetensors")) == 1

    chapter = open_box("2-network/", theme=True)
    chapter.page.mouse.move(600, 300)
    chapter.page.mouse.wheel(0, 400)
    chapter.page.wait_for_load_state("networkidle")
    assert fetched(chapter, ".safetensors") == fetched(chapter, "/drawing/") == []
    chapter.page.locator(".tb-draw").scroll_into_view_if_needed()
    chapter.page.locator(".tb-draw--ready").wait_for()
    assert len(fetched(chapter, ".safetensors")) == 1


def test_a_page_with_nothing_live_loads_one_small_script_for_what_others_have(open_box):
    box = open_box("install/")
    box.page.wait_for_load_state("networkidle")
    ours = [url.partition("javascripts/")[2] for url in box.requests if "/javascripts/" in url]
    assert [name for name in ours if "/" in name or name == "load-nearby.js"] == ["load-nearby.js"]


def test_nobody_else_is_asked_and_a_strict_policy_is_kept(open_box, address, strokes):
    """The policy allows only the site's own files to run; the theme's inline parts are not ours."""

    def strict(box):
        def respond(route):
            response = route.fetch()
            route.fulfill(response=response, headers={**response.headers, "content-security-policy": STRICT})

        box.page.route("**/*", respond)
        box.page.add_init_script("""
          window.broken = [];
          const note = (event) => broken.push(event.sourceFile + " " + event.blockedURI);
          addEventListener("securitypolicyviolation", note);
        """)

    box = open_box(setup=strict, bypass_csp=False, theme=True, fresh=True).wait_until_ready()
    box.press("Show me")
    box.draw(strokes[6])
    with box.page.expect_download():
        box.press("Save as PNG")
    assert "Prediction: 6" in box.answer
    assert [broken for broken in box.page.evaluate("broken") if "drawing" in broken or "network.js" in broken] == []
    origins = {urlsplit(url).netloc for url in box.requests if not url.startswith(("data:", "blob:"))}
    assert origins == {urlsplit(address).netloc}


def test_progress_is_shown_while_the_weights_come(open_box):
    waiting = []
    box = open_box(setup=lambda box: box.page.route(PATTERN, lambda route: waiting.append(route)))
    box.page.locator(".tb-draw__canvas").hover()
    bar = box.page.get_by_role("progressbar", name="Loading the network, 814 kB")
    bar.wait_for()
    assert float(bar.get_attribute("max")) == WEIGHTS.stat().st_size
    waiting[0].continue_()
    box.page.locator(".tb-draw--ready").wait_for()
    assert not bar.is_visible()
    assert float(box.page.locator(".tb-draw__progress").evaluate("bar => bar.value")) == WEIGHTS.stat().st_size


def test_what_was_drawn_while_the_weights_came_is_read_when_they_are_there(open_box, strokes):
    waiting = []
    box = open_box(setup=lambda box: box.page.route(PATTERN, lambda route: waiting.append(route)))
    box.draw(strokes[8])
    assert np.count_nonzero(box.seen) > 50
    waiting[0].continue_()
    box.page.locator(".tb-draw--ready").wait_for()
    assert "Prediction: 8" in box.said


def test_it_works_offline_once_it_is_there(open_box, strokes):
    box = open_box(fresh=True).wait_until_ready()
    box.page.wait_for_load_state("networkidle")
    box.context.set_offline(True)
    box.draw(strokes[2])
    assert "Prediction: 2" in box.answer
    box.press("Show me")
    box.page.wait_for_function("document.querySelector('.tb-draw__answer').textContent.includes('Prediction: 0')")
    assert box.errors == []


def test_the_weights_are_fetched_once_and_kept_for_the_next_page(open_box, box_page, strokes):
    box = open_box().wait_until_ready()
    box.page.wait_for_function("caches.open('tensorbook-weights').then(c => c.keys()).then(keys => keys.length === 1)")
    box.page.route(PATTERN, lambda route: route.abort())
    box.open(box_page).wait_until_ready()
    box.draw(strokes[0])
    assert "Prediction: 0" in box.answer


def test_a_kept_file_that_was_damaged_is_fetched_anew(open_box, box_page, strokes):
    box = open_box().wait_until_ready()
    box.page.wait_for_function("caches.open('tensorbook-weights').then(c => c.keys()).then(keys => keys.length === 1)")
    box.page.evaluate("""async () => {
      const cache = await caches.open("tensorbook-weights");
      const [key] = await cache.keys();
      await cache.put(key, new Response("rust"));
    }""")
    box.open(box_page).wait_until_ready()
    box.draw(strokes[0])
    assert "Prediction: 0" in box.answer


GOOD = WEIGHTS.read_bytes()
DAMAGED = [
    ({"status": 404, "body": "nowhere"}, "could not be loaded: the site answered 404 for /books/tensorbook/results/"),
    ({"status": 500, "body": ""}, "could not be loaded: the site answered 500"),
    ({"status": 200, "body": GOOD[:-1000]}, "is damaged: expected 814,452 bytes, got 813,452"),
    ({"status": 200, "body": b""}, "is damaged: expected 814,452 bytes, got 0"),
    ({"status": 200, "body": GOOD + b"more"}, "is damaged: expected 814,452 bytes, got more"),
    ({"status": 200, "body": GOOD[:5000] + b"\x00\x01" + GOOD[5002:]}, "is damaged: its SHA-256 hash does not"),
]


def test_missing_or_damaged_weights_are_told_and_the_page_lives_on(open_box, strokes):
    told = DAMAGED[0][1]
    box = open_box(setup=answering(**DAMAGED[0][0]))
    box.page.locator(".tb-draw__canvas").hover()
    box.page.get_by_role("alert").filter(has_text=told).wait_for()
    box.draw(strokes[3])
    assert np.count_nonzero(box.seen) > 50  # drawing, saving and clearing still work here
    for answer, message in DAMAGED[1:]:
        box.page.unroute(PATTERN)
        answering(**answer)(box)
        box.press("Try again")
        box.page.get_by_role("alert").filter(has_text=message).wait_for()
        assert box.page.get_by_role("alert").filter(has_text=told).count() == 0
        told = message
    assert box.errors == []
    box.page.unroute(PATTERN)
    box.press("Try again")
    box.page.locator(".tb-draw--ready").wait_for()
    assert not box.page.get_by_role("alert").filter(has_text=told).is_visible()
    assert "Prediction: 3" in box.answer


def test_a_file_that_is_asked_for_again_does_not_come_from_the_browser_s_cache(quiet_page, server, address):
    fetch = """async (base) => {
      const { fetchFile } = await import(base + "javascripts/fetch-file.js");
      return new TextDecoder().decode(await fetchFile(new URL("kept", base), "The file"));
    }"""
    made, path = server[2], f"{urlsplit(address).path}kept"
    made[path] = b"damaged"
    assert quiet_page.evaluate(fetch, address) == "damaged"
    made[path] = b"good"
    assert quiet_page.evaluate("async (base) => (await fetch(base + 'kept')).text()", address) == "damaged"
    assert quiet_page.evaluate(fetch, address) == "good"


def test_a_broken_connection_is_told(open_box):
    box = open_box(setup=lambda box: box.page.route(PATTERN, lambda route: route.abort()))
    box.page.locator(".tb-draw__canvas").hover()
    box.page.get_by_role("alert").filter(has_text="the connection is down or was interrupted").wait_for()


def test_a_second_network_that_cannot_be_fetched_is_told_and_asked_for_again(open_box, strokes):
    box = open_box().wait_until_ready()
    box.page.route("**/handwriting-network.safetensors*", lambda route: route.abort())
    box.draw(strokes[7])
    box.press("Ask both")
    box.page.get_by_role("alert").filter(has_text="could not be loaded: the connection is down").wait_for()
    assert "Prediction: 7" in box.answer
    assert box.page.get_by_role("button", name="Ask both", exact=True).get_attribute("aria-pressed") == "false"
    box.page.unroute("**/handwriting-network.safetensors*")
    box.press("Ask both")
    box.page.locator(".tb-draw__verdict").filter(has_text="Prediction: 7").wait_for()
    box.page.wait_for_function("caches.open('tensorbook-weights').then(c => c.keys()).then(keys => keys.length === 2)")


def test_the_time_left_is_shown_while_the_weights_come(open_page, address):
    said = """async ({ base }) => {
      const { showProgress } = await import(base + "javascripts/drawing/progress.js");
      const [bar, left] = [document.createElement("progress"), document.createElement("span")];
      let now = 0;
      performance.now = () => now;
      const progress = showProgress(bar, left, 1000);
      return [[500, 100], [2000, 500], [3500, 990]].map(([time, came]) => {
        now = time;
        progress(came);
        return left.textContent;
      });
    }"""
    assert open_page("install/", theme=False).evaluate(said, {"base": address}) == [
        ", about 5 s left. You can draw in the meantime.",
        ", about 2 s left. You can draw in the meantime.",
        "",
    ]


# What a browser measures of files on a slow mobile connection: the first byte after 400 ms, the rest at 400 kbit/s.
PHONE = """
  const came = Array.from({ length: 4 }, (_, i) => (
    { requestStart: 3000 * i, responseStart: 3000 * i + 400, responseEnd: 3000 * i + 800, transferSize: 20_000 }
  ));
  performance.getEntriesByType = (type) => (type === "resource" ? came : []);
"""


def test_on_a_slow_connection_the_smaller_network_answers_while_the_larger_one_comes(open_box, strokes):
    """Until both are there, the theme's script and the index of the search leave the line to them."""
    waiting = []

    def phone(box):
        box.page.add_init_script(PHONE)
        box.page.route(PATTERN, lambda route: waiting.append(route))

    box = open_box(fresh=True, theme=True, setup=phone)
    box.page.locator(".tb-draw__canvas").hover()
    box.draw(strokes[5])
    box.page.locator(".tb-draw__verdict").filter(has_text="Prediction: 5 (").wait_for()
    assert "Handwriting network: 5 (" in box.said
    assert box.page.get_by_role("progressbar", name="Loading the network, 814 kB").is_visible()
    assert fetched(box, "/bundle.") == []
    waiting[0].continue_()
    box.page.locator(".tb-draw--ready").wait_for()
    assert "Prediction: 5" in box.answer
    assert "Prediction: 5" in box.said
    box.page.locator("script[src*='/bundle.']").last.wait_for(state="attached")
    assert len(fetched(box, "/bundle.")) == 1
    assert box.errors == []


KBIT = 400
LATENCY = 0.4  # seconds
ROUND_TRIPS = 4  # the page, its style sheets, its modules, the network: each is known only once the one before is there


def test_what_the_first_answer_needs_comes_in_less_than_twelve_seconds_on_a_slow_connection(open_box, site, strokes):
    """On a host that compresses nothing, in every browser: what is counted is what the browser asked for."""

    def phone(box):
        box.page.add_init_script(PHONE)
        box.page.route(PATTERN, lambda _: None)  # the larger network loads later

    box = open_box("", fresh=True, theme=True, setup=phone, width=360, height=740)
    box.draw(strokes[5])
    box.page.locator(".tb-draw__verdict").filter(has_text="Prediction: 5 (").wait_for()
    asked = {urlsplit(url).path for url in box.requests if url.startswith("http")}
    assert "/books/tensorbook/results/handwriting-network.safetensors" in asked
    first, second = (box.page.locator(f".tb-draw__{name}").bounding_box()["y"] for name in ("first", "second"))
    assert second < first, "in one column, what answers first is next to the drawing"
    files = [site / path.removeprefix("/books/tensorbook/") for path in asked if "/weights." not in path]
    sizes = [(path / "index.html" if path.is_dir() else path).stat().st_size for path in files]
    assert sum(sizes) * 8 / (KBIT * 1000) + ROUND_TRIPS * LATENCY < 12


def test_the_first_page_names_all_modules_of_the_box_before_they_ask_for_each_other(site):
    scripts = site / "javascripts"
    page = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    named = {link["href"].removeprefix("javascripts/") for link in page.select("link[rel=modulepreload]")}
    started = {tag["src"].removeprefix("javascripts/") for tag in page.select("script[type=module]")}
    needed, new = set(), {*started, "drawing/box.js"}
    while new:
        needed |= new
        imports = {
            (scripts / name).parent.joinpath(found).resolve().relative_to(scripts.resolve()).as_posix()
            for name in new
            for found in re.findall(r'^import (?:[^"]* from )?"([^"]+)"', (scripts / name).read_text(), re.MULTILINE)
        }
        new = imports - needed
    assert named == needed - started


MILLISECONDS = ("requestStart", "responseStart", "responseEnd", "transferSize")
LINES = {
    "a phone's line": (True, [(0, 400, 1100, 36_000), (1200, 1600, 4000, 140_000), (1200, 1600, 2000, 20_000)]),
    "a far server": (True, [(0, 300, 310, 9_000), (310, 610, 620, 20_000), (620, 920, 925, 3_000)]),
    "a line that many files share": (True, [(0, 50, 4000, 60_000), (0, 50, 4000, 60_000), (0, 60, 4100, 60_000)]),
    "a quick line": (False, [(0, 40, 60, 36_000), (60, 90, 200, 140_000), (60, 90, 110, 20_000)]),
    "a busy server, once": (False, [(0, 500, 510, 36_000), (510, 530, 600, 140_000), (510, 530, 540, 20_000)]),
    "files from the cache": (False, [(0, 400, 1100, 0), (1200, 1600, 4000, 0), (1200, 1600, 2000, 0)]),
    "too little to tell": (False, [(0, 400, 1100, 36_000), (1200, 1600, 2000, 300)]),
    "a browser that tells no sizes": (False, [(0, 400, 1100, None)] * 5),
    "files that still come": (False, [(0, 400, 0, 36_000)] * 5),
    "nothing": (False, []),
}


@pytest.mark.parametrize(("slow", "entries"), LINES.values(), ids=LINES)
def test_every_browser_s_own_times_tell_a_slow_connection(quiet_page, slow, entries):
    tell = "async (entries) => (await import(`${location.href}../javascripts/load-nearby.js`)).isSlow(entries)"
    assert quiet_page.evaluate(tell, [dict(zip(MILLISECONDS, entry, strict=True)) for entry in entries]) is slow


def test_on_a_slow_connection_the_search_comes_at_once_for_a_reader_who_turns_to_it(open_box):
    def phone(box):
        box.page.add_init_script(PHONE)
        box.page.route(PATTERN, lambda _: None)  # it never arrives

    box = open_box(fresh=True, theme=True, setup=phone)
    box.page.locator(".tb-draw__canvas").hover()
    assert fetched(box, "/bundle.") == []
    with box.page.expect_request("**/bundle.*"):
        box.page.keyboard.press("/")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"F16", b"F32"),
        (b"hidden/bias", b"hidden/bios"),
        (b"[784,512]", b"[512,784]"),
        (b"{", b"?"),
        (GOOD[:8], b"\xff" * 8),
    ],
)
def test_a_file_of_another_kind_is_refused_whatever_its_checksum(quiet_page, address, old, new):
    read = """async ({ base, content }) => {
      const { parseWeights } = await import(base + "javascripts/drawing/weights.js");
      const bytes = Uint8Array.from(content, (letter) => letter.charCodeAt(0));
      try { parseWeights(bytes); } catch (error) { return error.message; }
    }"""
    content = GOOD.replace(old, new, 1).decode("latin-1")
    message = quiet_page.evaluate(read, {"base": address, "content": content})
    assert "is damaged: it must contain hidden/kernel 784 × 512 F16, hidden/bias 512 F16" in message


def test_a_box_whose_script_cannot_be_fetched_says_so(open_box):
    view = "**/drawing/prediction-view.js"
    box = open_box("", setup=lambda box: box.page.route(view, lambda route: route.abort()))
    box.page.get_by_text("The drawing box could not be loaded. Reload the page").wait_for()
    assert box.errors == []


def test_strokes_that_cannot_be_fetched_are_told_and_asked_for_again(open_box):
    box = open_box(setup=lambda box: box.page.route("**/strokes.json", lambda route: route.abort()))
    box.wait_until_ready()
    box.press("Show me")
    told = box.page.get_by_role("alert").filter(has_text="The strokes could not be loaded")
    told.wait_for()
    box.page.unroute("**/strokes.json")
    box.press("Show me")
    box.page.wait_for_function("document.querySelector('.tb-draw__answer').textContent.includes('Prediction: 0')")
    assert told.count() == 0


def test_without_a_connection_show_me_says_so_beside_what_is_said_of_the_network(open_box):
    def offline(box):
        for pattern in (PATTERN, "**/strokes.json"):
            box.page.route(pattern, lambda route: route.abort())

    box = open_box(setup=offline)
    box.page.locator(".tb-draw__canvas").hover()
    box.page.get_by_role("alert").filter(has_text="The network's weights could not be loaded").wait_for()
    box.press("Show me")
    box.page.get_by_role("alert").filter(has_text="The strokes could not be loaded").wait_for()


def test_the_place_of_the_box_is_kept_so_that_nothing_jumps(open_box):
    shifts = """async () => {
      let sum = 0;
      const note = (list) => { for (const { value } of list.getEntries()) sum += value; };
      new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      return sum;
    }"""
    for width in (360, 412, 768, 1280):
        page = open_box("2-network/", width=width).page
        page.locator(".tb-draw").scroll_into_view_if_needed()
        page.locator(".tb-draw canvas").first.wait_for()
        assert page.evaluate(shifts) < 0.02, width
