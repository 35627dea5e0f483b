"""What is true of every live figure: without scripts, on paper, while it loads, and if loading fails."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = {
    name: f"{page.stem}/"
    for page in sorted((ROOT / "docs").glob("[0-9]*-*.md"))
    for name in re.findall(r'\{\{ live\("([\w-]+)"', page.read_text(encoding="utf-8"))
} | {"photo": "9-your-own-digits/"}
SHARED = {"cells", "find-ink", "first-digits", "read-photo", "shapes", "shared-controls"}
CHAPTERS = sorted(set(PAGES.values()))
WIDTHS = (320, 360, 412, 631, 632, 768, 1280)  # at 632, a figure gets its second column
PLACES = "() => Array.from(document.querySelectorAll('.tb-live__place'), (place) => place.offsetHeight)"
# The same after each example that a figure offers, some of which are invalid.
TRIED = f"""() => Array.from(document.querySelectorAll('.tb-live__examples button'), (button) => {{
  button.click();
  return ({PLACES})();
}})"""


def test_the_chapters_have_their_figures():
    assert set(PAGES) == {path.stem for path in (ROOT / "docs/javascripts/live").glob("*.js")} - SHARED


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_figure_comes_alive_in_the_place_that_was_kept_for_it(open_page, figures_of, path):
    """Nothing below it moves, at any width; the diagram is replaced, and comes back on paper."""
    page = open_page(figures_of(path), reduced_motion="reduce", theme=False)
    kept = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        kept[width] = page.evaluate(PLACES)
    for figure in page.locator(".tb-live").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".tb-live__panel").wait_for()
        assert not figure.locator(".tb-live__still").is_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(PLACES) == kept[width], width
        for places in page.evaluate(TRIED):
            assert places == kept[width], width
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.emulate_media(media="print")
    for figure in page.locator(".tb-live").all():
        assert figure.locator(".tb-live__still").is_visible()
        assert not figure.locator(".tb-live__panel").is_visible()
        assert not figure.locator(".tb-live__task").is_visible()


def test_without_a_script_the_diagram_is_there_and_nobody_is_told_to_try(open_page):
    page = open_page("2-network/", java_script_enabled=False)
    figure = page.locator(".tb-live--softmax")
    assert figure.get_by_role("img", name="Softmax and cross-entropy of three scores").is_visible()
    assert not figure.locator(".tb-live__task").is_visible()


def test_a_figure_is_fetched_as_it_comes_near_and_says_so_if_it_cannot_be_fetched(open_page):
    page = open_page("install/")
    page.route("**/live/slices.js", lambda route: route.abort())
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("install/", "4-slicing/"), wait_until="networkidle")
    assert [url for url in asked if "/live" in url] == []
    figure = page.locator(".tb-live--slices")
    figure.scroll_into_view_if_needed()
    figure.get_by_text("The live figure could not be loaded. Reload the page once you are online.").wait_for()
    assert figure.locator("svg.tb-diagram").is_visible()


def test_nothing_live_is_a_white_patch_in_a_dark_page_before_it_is_used(visits):
    assert {path: visit.glaring for path, visit in visits["dark"].items() if visit.glaring} == {}
