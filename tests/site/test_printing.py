"""A chapter printed on paper, and the home page without scripts: nothing is missing, and there are no gaps."""

import re

import numpy as np
import pypdfium2
import pytest
from PIL import Image

CHAPTER = "1-data/"
EMPTY = 0.25  # of a page's height, below its last line; its margin is 0.09


@pytest.fixture(scope="module")
def printed(browser, address, tmp_path_factory):
    """The printed chapter, and the contents of its page: headings, and the texts of hints and solutions."""
    page = browser.new_page()
    page.goto(address + CHAPTER)
    held = page.evaluate("""() => {
      const texts = (selector) => Array.from(document.querySelectorAll(selector), (part) => part.textContent);
      return { headings: texts("article :is(h1, h2, h3, h4)"), folded: texts("article details :is(p, pre)") };
    }""")
    path = tmp_path_factory.mktemp("paper") / "chapter.pdf"
    page.pdf(path=path, format="A4")
    page.close()
    with pypdfium2.PdfDocument(path) as document:
        yield document, held


def only_letters(text):
    """Return a text without spaces and punctuation, which a PDF's lines and fonts may change."""
    return re.sub(r"[\W_]", "", text)


def test_hints_and_solutions_are_printed(printed):
    document, held = printed
    text = only_letters("".join(page.get_textpage().get_text_bounded() for page in document))
    assert len(held["folded"]) >= 10
    for folded in held["folded"]:
        assert only_letters(folded) in text, folded


def test_no_heading_is_the_last_line_of_a_page(printed):
    document, held = printed
    headings = {only_letters(heading) for heading in held["headings"]}
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
        _, bottom, _, top = min(boxes, key=lambda box: box[1])
        last = text.get_text_bounded(left=0, bottom=bottom - 1, right=page.get_width(), top=top + 1)
        assert only_letters(last) not in headings


def test_the_first_page_is_full(printed):
    document, _ = printed
    ink = np.asarray(document[0].render(scale=0.5).to_pil().convert("L")) < 200
    assert 1 - ink.any(axis=1).nonzero()[0].max() / len(ink) < EMPTY


def holes(picture):
    """Return the height in pixels of the tallest empty part of a picture."""
    rgb = np.asarray(picture.convert("RGB"), dtype=int)
    empty = (np.ptp(rgb, axis=1) < 12).all(axis=1)
    runs = np.split(empty, np.flatnonzero(np.diff(empty)) + 1)
    return max((len(run) for run in runs if run[0]), default=0)


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript_the_home_page_shows_the_box_as_a_picture_and_has_no_hole(open_page, tmp_path, width):
    page = open_page(width=width, java_script_enabled=False)
    still = page.get_by_role("img", name="A handwritten 3 and the network's answer")
    assert still.is_visible()
    assert not page.locator(".tb-draw").is_visible()
    page.locator("article").screenshot(path=tmp_path / "home.png")
    with Image.open(tmp_path / "home.png") as picture:
        assert holes(picture) < 160  # 8 rem; the box keeps 31 to 50


def test_with_javascript_the_picture_makes_room_for_the_box(open_page):
    page = open_page()
    page.locator(".tb-draw canvas").first.wait_for()
    assert not page.locator(".tb-still").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".tb-still").is_visible()
    assert not page.locator(".tb-draw").is_visible()


def test_on_paper_there_is_no_navigation_and_no_code_is_cut(open_page):
    page = open_page("3-tensors/")
    page.emulate_media(media="print")
    for selector in (".md-header", ".md-sidebar--primary", ".md-footer", ".tb-copy"):
        assert not page.locator(selector).first.is_visible(), selector
    cut = page.evaluate(
        "[...document.querySelectorAll('pre > code')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert cut == 0
