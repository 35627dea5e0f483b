"""The pages as readers see them: on a phone and at a desk, light and dark, with a keyboard, and on paper."""

import itertools
import re
from pathlib import Path

import pytest

from tensorbook.book.results.social_card import HEIGHT, WIDTH

ROOT = Path(__file__).parents[2]
CHAPTER = re.compile(r"^\d+-")

pytestmark = pytest.mark.timeout(900)  # the first test here waits for `visits`, a minute on a quiet machine
DARK = "rgb(30, 33, 41)"


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_no_page_scrolls_sideways_and_no_code_is_clipped(visits):
    """On a phone, code scrolls in its own box, with a sign that it does; output wraps."""
    for path, visit in visits["light"].items():
        for width, found in visit.clipped.items():
            assert found["page"] <= width, path
            assert not found["outputs"], path
            assert not found["unmarked"], path
            if width == 1280:
                assert not found["code"], path


def test_an_output_that_wraps_is_selected_as_it_was_printed(open_page):
    page = open_page("5-operations/", width=360)
    line = page.locator(".tb-printed", has_text="needs two vectors of equal length").first
    assert (
        line.evaluate("line => line.getBoundingClientRect().height / parseFloat(getComputedStyle(line).lineHeight)") > 2
    )
    selected = line.evaluate(
        "line => { getSelection().selectAllChildren(line.closest('code')); return `${getSelection()}` }"
    )
    printed = "ValueError: naive_vector_dot needs two vectors of equal length, got shapes (3,) and (2,)"
    assert printed in selected.splitlines()


def test_the_theme_s_style_sheet_lacks_only_what_no_page_has_a_use_for(visits, dropped):
    assert len(dropped) > 100
    assert {path: visit.missed for pages in visits.values() for path, visit in pages.items() if visit.missed} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visits, scheme):
    for path, visit in visits[scheme].items():
        assert not visit.axe, f"{path} {visit.axe[0]}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_scheme_and_say_what_is_to_be_seen(visits, scheme):
    shown = 0
    for path, visit in visits[scheme].items():
        for picture in visit.pictures:
            assert picture["alt"], path
            if "#only-" in picture["source"]:
                assert picture["visible"] == picture["source"].endswith(f"-{scheme}.svg#only-{scheme}"), path
                shown += picture["visible"]
    assert shown >= 12


def test_the_toggle_changes_the_scheme_and_the_figures_with_it(open_page):
    page = open_page("results/", scheme="light")
    figure = page.locator('img[src$="#only-dark"]').first
    assert not figure.is_visible()
    page.get_by_role("button", name="Dark scheme").click()
    assert figure.is_visible()
    page.goto(page.url.replace("results/", "3-tensors/"))
    assert background(page) == DARK  # the choice outlives the page


def test_the_scheme_is_the_system_s_before_any_script_has_run(open_page):
    for scheme, colour in (("light", "rgb(255, 255, 255)"), ("dark", DARK)):
        page = open_page("results/", scheme=scheme, java_script_enabled=False)
        assert background(page) == colour
        assert page.locator(f'img[src$="#only-{scheme}"]').first.is_visible()
        assert page.locator("article img:visible").count() == page.locator(f'img[src$="#only-{scheme}"]').count()


def test_diagrams_have_a_name_and_a_description(soup, pages):
    found = [svg for path in pages for svg in soup(path).select("svg.tb-diagram")]
    assert len(found) >= 12
    for svg in found:
        assert svg["role"] == "img"
        for part in svg["aria-labelledby"].split():
            assert svg.find(id=part).text.strip()


def test_math_is_mathml_and_needs_no_script(soup):
    page = soup("5-operations/")
    assert len(page.select("math")) >= 4
    assert page.select("math msubsup, math munderover")
    assert not [script for script in page.select("script[src]") if "math" in script["src"].lower()]


def test_every_page_has_a_head_of_its_own(soup, pages, address):
    descriptions = []
    for path in pages:
        page = soup(path)
        assert page.html["lang"] == "en"
        assert page.title.text.strip()
        assert page.find("link", rel="canonical")["href"] == address + path
        descriptions.append(page.find("meta", attrs={"name": "description"})["content"])
        properties = {meta["property"]: meta["content"] for meta in page.select("meta[property]")}
        assert properties["og:url"] == address + path
        assert properties["og:description"] == descriptions[-1]
        assert properties["og:title"]
        assert len(page.select("h1")) == 1, path
    assert len(set(descriptions)) == len(pages)
    assert all(50 <= len(description) <= 250 for description in descriptions)


def test_the_card_that_is_shown_where_a_page_is_shared_is_there(soup, pages, file_of, address):
    from PIL import Image

    [url] = {soup(path).find("meta", property="og:image")["content"] for path in pages}
    assert url.startswith(address)
    with Image.open(file_of(url)) as card:
        assert card.size == (WIDTH, HEIGHT)


def test_chapters_say_how_long_they_take_and_lead_on(soup, pages):
    chapters = [path for path in pages if CHAPTER.match(path)]
    assert len(chapters) >= 6
    for path in chapters:
        page = soup(path)
        [minutes] = page.select(".tb-reading-time")
        assert 1 <= int(re.search(r"\d+", minutes.text)[0]) <= 25
        assert page.select("a.md-footer__link--next, a.md-footer__link--prev")
        assert len(page.select(".md-sidebar--secondary a")) >= 3
        assert page.select(".tb-last-run")


def test_nothing_is_asked_of_anybody_else_and_nothing_is_missing(visits, address):
    for scheme in visits:
        for path, visit in visits[scheme].items():
            assert address + path in visit.requests
            assert [url for url in visit.requests if not url.startswith((address, "data:", "blob:"))] == [], path
            assert visit.failures == [], path


# Of the first blocks of code in a page those that are not seen, but for what a reader has to open.
HIDDEN_CODE = """() => Array.from(document.querySelectorAll("article .highlight code"))
  .slice(0, 3)
  .filter((code) => !code.closest("details, .tabbed-content"))
  .filter((code) => !code.checkVisibility({ visibilityProperty: true }) || !code.getBoundingClientRect().height)
  .map((code) => code.textContent)"""


def test_without_javascript_all_but_search_and_the_box_can_be_read(open_page, pages, address):
    page = open_page(java_script_enabled=False)
    for path in pages:
        page.goto(address + path)
        assert page.locator("h1").is_visible()
        assert page.evaluate(HIDDEN_CODE) == [], path


def test_a_page_that_is_not_there_leads_back(open_page, address):
    page = open_page("nowhere/")
    assert "no such page" in page.locator("h1").text_content()
    page.locator("a.md-button").click()
    assert page.url == address


def test_the_favicon_is_our_own(site):
    favicon = "assets/favicon.svg"
    assert (site / favicon).read_bytes() == (ROOT / "docs" / favicon).read_bytes()
    assert Path(site / "sitemap.xml").exists()


def test_a_page_that_is_only_read_loads_nothing_of_material_s_scripts(open_page, wait_until):
    page = open_page(fresh=True)  # in a window used before, the mouse is over the page already
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.reload(wait_until="networkidle")
    assert not [url for url in requests if "assets/javascripts" in url or "search_index" in url]

    x = itertools.count(100)

    def loaded_by_a_move():
        page.mouse.move(next(x), 100)  # again and again: a busy page may not listen yet
        return page.evaluate("Boolean(window.document$)")

    wait_until(loaded_by_a_move)
    page.wait_for_load_state("networkidle")
    assert [url for url in requests if "search_index" in url]


def test_on_a_phone_the_buttons_do_not_cover_the_code(open_page):
    page = open_page("3-tensors/", width=360, is_mobile=True, has_touch=True)
    page.wait_for_function("document.querySelector('.tb-copy')")
    covered = page.evaluate(
        """() => [...document.querySelectorAll('article .highlight:has(.tb-copy)')].filter(block =>
        block.querySelector('.tb-copy').getBoundingClientRect().top
        < block.querySelector('pre').getBoundingClientRect().bottom - 1).length"""
    )
    assert covered == 0


def test_the_page_of_the_whole_book_is_laid_out_as_it_comes_near(open_page):
    page = open_page("results/whole-book/")
    parts = page.locator(".tb-part")
    assert parts.count() > 60
    assert set(parts.evaluate_all("parts => parts.map(part => getComputedStyle(part).contentVisibility)")) == {"auto"}
    skipped = parts.evaluate_all(
        "parts => parts.filter(part => !part.firstElementChild.checkVisibility({ contentVisibilityAuto: true })).length"
    )
    assert skipped > parts.count() * 0.9
    outside = "document.querySelector('article').querySelectorAll(':scope > :not(.tb-part)').length"
    assert page.evaluate(outside) < 10, "nearly all of the page is in its parts"


def test_in_the_page_of_the_whole_book_links_search_and_print_reach_every_part(open_page, address):
    page = open_page("results/whole-book/", fresh=True)
    heading = page.locator(".tb-part > h3").nth(-3)
    page.goto(f"{address}results/whole-book/#{heading.get_attribute('id')}")
    page.wait_for_function(
        "h => { const top = h.getBoundingClientRect().top; return top >= 0 && top < 200 }", arg=heading.element_handle()
    )
    page.evaluate("scrollTo(0, 0)")
    last = page.locator(".tb-part").last.locator(".tb-cell-output").last.text_content().splitlines()[0]
    assert page.evaluate("text => find(text, true, true, false, false, true) && scrollY > 0", last), (
        "found from the end"
    )
    page.emulate_media(media="print")
    shown = page.locator(".tb-part").evaluate_all(
        "parts => parts.map(part => getComputedStyle(part).contentVisibility)"
    )
    assert set(shown) == {"visible"}


def test_no_script_of_a_page_complains(visits):
    complaints = {path: visit.errors for scheme in visits.values() for path, visit in scheme.items() if visit.errors}
    assert complaints == {}


def test_a_script_that_throws_fails_the_test_that_opened_the_page(opening):
    fails = pytest.raises(AssertionError, match="install/: planted")
    with fails, opening() as open_page:
        page = open_page("install/", theme=False)
        with page.context.expect_event("weberror"):
            page.evaluate("setTimeout(() => { throw new Error('planted'); })")
