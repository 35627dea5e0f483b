"""With the keyboard alone: every control can be reached and seen, and an open menu keeps the focus."""

import pytest

FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  if (at === document.body) return "outside"; // the browser's own buttons come next
  if (!at.closest(".md-sidebar--primary")) return `behind the menu: ${at.outerHTML.slice(0, 80)}`;
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return at.contains(seen) ? at.textContent.trim() : `covered: ${at.textContent.trim()}`;
}"""


def test_the_keyboard_alone_reaches_everything(open_page):
    page = open_page("2-network/")
    page.wait_for_function("document.querySelector('.tb-copy')")
    page.evaluate("""() => {
      window.reached = [];
      addEventListener("focusin", ({ target: e }) =>
        reached.push(e.className?.baseVal ?? (e.className || e.getAttribute("for") || e.tagName)));
    }""")
    for _ in range(150):
        page.keyboard.press("Tab")
    reached = set(page.evaluate("reached"))
    for name in ("md-skip", "md-search__input", "tb-scheme", "tb-copy__button", "md-nav__link"):
        assert any(name in found for found in reached), (name, reached)


def test_on_a_narrow_page_the_keyboard_opens_the_menu_and_the_search(open_page):
    page = open_page("2-network/", width=360)
    page.wait_for_function("document.querySelector('.tb-copy')")
    for key, name in (("Enter", "Contents"), (" ", "Search")):
        label = page.locator(".md-header label[tabindex]", has_text=name)
        label.focus()
        page.keyboard.press(key)
        shown = ".md-sidebar--primary .md-nav__link" if name == "Contents" else ".md-search__input"
        page.wait_for_function(
            "s => { const b = document.querySelector(s).getBoundingClientRect(); return b.left >= 0 && b.top >= 0 }",
            arg=shown,
        )
        page.reload()


def test_a_menu_that_is_closed_takes_no_focus(open_page):
    page = open_page("2-network/", width=360)
    page.wait_for_function("document.querySelector('.tb-copy')")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('.md-sidebar--primary')")
    assert page.evaluate("document.activeElement.closest('article')")


@pytest.mark.parametrize("path", ["", "2-network/"])
@pytest.mark.parametrize("width", [360, 640])  # a phone, and a desk of 1280 at 200 %
def test_an_open_menu_keeps_the_focus_until_escape_closes_it(open_page, path, width):
    page = open_page(path, width=width, reduced_motion="reduce")
    page.wait_for_function("document.querySelector('.tb-copy, .tb-draw canvas')")
    button = page.locator(".md-header label[for='__drawer'][tabindex]")
    button.focus()
    page.keyboard.press("Enter")
    reached = []
    while reached[-1:] != ["outside"] and len(reached) < 80:
        reached.append(page.evaluate(FOCUS))
        page.keyboard.press("Tab")
    assert not [place for place in reached if place.startswith(("behind", "covered"))]
    assert reached[0] != "outside"
    assert reached[-1] == "outside", "the keyboard can leave the page"
    assert len(set(reached)) >= 5
    page.keyboard.press("Escape")
    page.wait_for_function("!document.getElementById('__drawer').checked")
    assert button.evaluate("button => button === document.activeElement")
    assert page.locator("[inert]").count() == 0


def test_by_keyboard_one_goes_into_a_section_of_the_menu_and_back(open_page):
    page = open_page("2-network/", width=360, reduced_motion="reduce")
    page.wait_for_function("document.querySelector('.tb-copy')")
    page.locator(".md-header label[for='__drawer'][tabindex]").focus()
    page.keyboard.press("Enter")
    contents = page.locator(".md-sidebar--primary label.md-nav__link[for='__toc']")
    contents.focus()
    page.keyboard.press("Enter")
    into = page.evaluate(FOCUS)
    page.keyboard.press("Enter")  # the first entry in a section leads back
    assert not into.startswith(("behind", "covered"))
    assert contents.evaluate("label => label === document.activeElement")


def test_a_menu_left_open_holds_nothing_back_once_the_page_is_wide(open_page):
    page = open_page("2-network/", width=360)
    page.wait_for_function("document.querySelector('.tb-copy')")
    page.locator(".md-header label[for='__drawer'][tabindex]").click()
    assert page.locator("[inert]").count() > 0
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function("!document.querySelector('[inert]')")


def test_what_has_the_focus_can_be_seen(open_page):
    page = open_page("2-network/")
    button = page.locator(".tb-copy__button").first
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") != "none"
    page.wait_for_function("e => getComputedStyle(e.parentElement).opacity === '1'", arg=button.element_handle())


def test_wide_blocks_scroll_in_their_own_box_and_take_the_focus(open_page):
    page = open_page("3-tensors/", width=360)
    wide = page.locator("pre > code", has_text="with np.printoptions").first
    assert wide.evaluate("code => code.scrollWidth > code.clientWidth")
    page.wait_for_function("code => code.tabIndex === 0", arg=wide.element_handle())


def test_tabs_are_chosen_by_keyboard_without_a_script_and_are_all_on_paper(open_page):
    page = open_page("install/", java_script_enabled=False)
    tabs = page.locator(".tabbed-set").first
    texts, labels = tabs.locator(".tabbed-block"), tabs.locator(".tabbed-labels > label")
    assert [text.is_visible() for text in texts.all()] == [True] + [False] * (texts.count() - 1)
    tabs.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    assert [text.is_visible() for text in texts.all()[:2]] == [False, True]
    assert labels.nth(1).evaluate("label => getComputedStyle(label).outlineStyle") == "solid"
    assert labels.nth(1).evaluate("label => getComputedStyle(label).borderBottomColor") != "rgba(0, 0, 0, 0)"
    page.emulate_media(media="print")
    assert all(text.is_visible() for text in texts.all())
    tops = [part.bounding_box()["y"] for pair in zip(labels.all(), texts.all(), strict=True) for part in pair]
    assert tops == sorted(tops), "each label is above its own text"
