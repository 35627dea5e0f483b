"""On a slow connection: what the first page asks for first, and how soon the box gives an answer."""

import re

import pytest
from bs4 import BeautifulSoup

PATTERN = "**/weights.safetensors*"  # the larger network's
# What benchmarks.md calls a slow mobile connection.
KBIT = 400  # a second
LATENCY = 0.4  # seconds
ROUND_TRIPS = 4  # the page, its style sheets, its modules, the network: each is known only once the one before is there
# What a browser measures there of four files of 20 kB: the first byte comes late, and the rest slowly.
PHONE = f"""
  const came = Array.from({{ length: 4 }}, (_, i) => {{
    const [requestStart, late, bytes] = [3000 * i, {1000 * LATENCY}, 20_000];
    const responseStart = requestStart + late;
    return {{ requestStart, responseStart, responseEnd: responseStart + (8 * bytes) / {KBIT}, transferSize: bytes }};
  }});
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
    assert box.fetched("/bundle.") == []
    waiting[0].continue_()
    box.page.locator(".tb-draw--ready").wait_for()
    assert "Prediction: 5" in box.answer
    assert "Prediction: 5" in box.said
    box.page.locator("script[src*='/bundle.']").last.wait_for(state="attached")
    assert len(box.fetched("/bundle.")) == 1


def test_what_the_first_answer_needs_comes_in_less_than_twelve_seconds_on_a_slow_connection(
    open_box, site, file_of, strokes
):
    """On a host that compresses nothing, in every browser: what is counted is what the browser asked for."""

    def phone(box):
        box.page.add_init_script(PHONE)
        box.page.route(PATTERN, lambda _: None)  # the larger network loads later

    box = open_box("", fresh=True, theme=True, setup=phone, width=360, height=740)
    box.draw(strokes[5])
    box.page.locator(".tb-draw__verdict").filter(has_text="Prediction: 5 (").wait_for()
    files = {file_of(url) for url in box.requests if url.startswith("http") and "/weights." not in url}
    assert site / "results/handwriting-network.safetensors" in files
    first, second = (box.page.locator(f".tb-draw__{name}").bounding_box()["y"] for name in ("first", "second"))
    assert second < first, "in one column, what answers first is next to the drawing"
    assert sum(file.stat().st_size for file in files) * 8 / (KBIT * 1000) + ROUND_TRIPS * LATENCY < 12


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
    tell = "async (entries) => (await import(`${location.href}../javascripts/lazy-load.js`)).isSlow(entries)"
    assert quiet_page.evaluate(tell, [dict(zip(MILLISECONDS, entry, strict=True)) for entry in entries]) is slow


def test_on_a_slow_connection_the_search_comes_at_once_for_a_reader_who_turns_to_it(open_box):
    def phone(box):
        box.page.add_init_script(PHONE)
        box.page.route(PATTERN, lambda _: None)  # it never arrives

    box = open_box(fresh=True, theme=True, setup=phone)
    box.page.locator(".tb-draw__canvas").hover()
    assert box.fetched("/bundle.") == []
    with box.page.expect_request("**/bundle.*"):
        box.page.keyboard.press("/")
