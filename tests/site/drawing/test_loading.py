"""What the box loads and when, and what it does if that fails."""

from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

WEIGHTS = Path(__file__).parents[3] / "docs/results/weights.safetensors"
PATTERN = "**/weights.safetensors*"
STRICT = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'"


def answering(**answer):
    """Set up a window in which requests for the weights get this answer."""
    return lambda box: box.page.route(PATTERN, lambda route: route.fulfill(**answer))


def test_nothing_is_fetched_before_the_box_is_touched_or_in_view_of_somebody(open_box):
    home = open_box("", theme=True)
    home.page.wait_for_load_state("networkidle")
    assert home.fetched(".safetensors") == home.fetched("strokes.json") == []
    home.page.locator(".tb-draw__canvas").hover()
    home.page.locator(".tb-draw--ready").wait_for()
    assert len(home.fetched(".safetensors")) == 1

    chapter = open_box("2-network/", theme=True)
    chapter.page.mouse.move(600, 300)
    chapter.page.mouse.wheel(0, 400)
    chapter.page.wait_for_load_state("networkidle")
    assert chapter.fetched(".safetensors") == chapter.fetched("/drawing/") == []
    chapter.page.locator(".tb-draw").scroll_into_view_if_needed()
    chapter.page.locator(".tb-draw--ready").wait_for()
    assert len(chapter.fetched(".safetensors")) == 1


def test_a_page_with_nothing_live_loads_one_small_script_for_what_others_have(open_box):
    box = open_box("install/")
    box.page.wait_for_load_state("networkidle")
    ours = [url.partition("javascripts/")[2] for url in box.requests if "/javascripts/" in url]
    assert [name for name in ours if "/" in name or name == "lazy-load.js"] == ["lazy-load.js"]


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
    assert [
        broken for broken in box.page.evaluate("broken") if "drawing" in broken or "forward-pass.js" in broken
    ] == []
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
      const { showProgress } = await import(base + "javascripts/drawing/weights.js");
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


def test_the_place_of_the_box_is_as_high_as_the_box_at_any_width(open_box):
    """The box gets its second column between 605 and 606 pixels."""
    page = open_box("2-network/").page

    def heights():
        for width in (320, 360, 480, 605, 606, 768, 959, 960, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            yield width, page.locator(".tb-draw").evaluate("box => box.offsetHeight")

    kept = dict(heights())
    page.locator(".tb-draw").scroll_into_view_if_needed()
    page.locator(".tb-draw canvas").first.wait_for()
    taken = dict(heights())
    assert taken == {width: pytest.approx(height, abs=60) for width, height in kept.items()}
    assert taken[605] > taken[606] + 300
