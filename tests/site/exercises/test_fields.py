"""The fields below the exercises, as readers use them."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from tensorbook.exercises import EXERCISES
from tensorbook.exercises.grading import FunctionExercise

SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))
    .observe({ type: "layout-shift", buffered: true });
}"""
REFUSED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
PAGE = "10-more-machines/"  # a short one
STORED = """async ({ base, texts }) => {
  const found = [];
  for (const text of texts) {
    localStorage.setItem("tensorbook-solved", text);
    const { isSolved, noteSolved } = await import(`${base}javascripts/exercises/solved.js?${encodeURIComponent(text)}`);
    const before = isSolved("traffic");
    noteSolved("traffic");
    found.push([before, localStorage["tensorbook-solved"]]);
  }
  return found;
}"""


class Fields:
    """The fields of a page."""

    def __init__(self, page):
        self.page = page
        self.memory = page.locator(".tb-memory")

    def field(self, name):
        """A field that has been built because it came near."""
        field = self.page.locator(f'.tb-field[data-exercise*=\'"name": "{name}"\']')
        field.scroll_into_view_if_needed()
        field.locator("input").wait_for()
        return field

    def answer(self, name, text, how="Enter"):
        """Type an answer and have it checked; return the feedback."""
        field = self.field(name)
        field.get_by_role("textbox").fill(text)
        if how == "Enter":
            field.get_by_role("textbox").press("Enter")
        else:
            field.get_by_role("button").click()
        said = field.get_by_role("status")
        said.filter(has_text=re.compile("^(Right|Not yet)")).wait_for()
        return said.inner_text()

    def tick(self, title):
        """The entry of a title in a visible table of contents."""
        links = self.page.locator(".md-nav--secondary .md-nav__link, .md-nav--primary > ul > li > .md-nav__link")
        return links.filter(visible=True).filter(has_text=title)


@pytest.fixture
def open_fields(open_page):
    """Open a page with exercises: `open_fields(width=360)`."""
    plain = {"reduced_motion": "reduce", "theme": False}
    return lambda path=PAGE, **options: Fields(open_page(path, **{**plain, **options}))


def test_enter_and_the_button_check_what_was_typed(open_fields):
    """This is under the page's own policy; feedback is announced, and the field keeps the focus."""
    fields = open_fields(bypass_csp=False)
    field = fields.field("last-share")
    assert fields.answer("last-share", "32") == str(EXERCISES["last-share"].grade(32))
    textbox = field.get_by_role("textbox", name="Your answer: a whole number")
    assert textbox.get_attribute("aria-invalid") == "true"
    assert textbox.evaluate("field => field === document.activeElement")
    textbox.press("End")
    textbox.type(" ")
    assert textbox.get_attribute("aria-invalid") is None
    assert fields.answer("last-share", "24", "click") == f"Right. {EXERCISES['last-share'].right}"
    assert field.get_by_role("button", name="Check The last share").is_visible()
    assert fields.page.evaluate("broken") == []


def test_what_is_solved_is_remembered_here_only_until_it_is_forgotten(open_fields):
    fields = open_fields("10-more-machines/")
    fields.answer("last-share", "24")
    assert fields.memory.inner_text().startswith(
        "1 of 2 solved on this page. Your progress is saved in this browser only."
    )
    assert fields.tick("The last share").inner_text().endswith("solved")
    assert not fields.tick("Network traffic").locator(".tb-tick").count()
    assert not fields.tick("10. More than one machine").locator(".tb-tick").count()
    fields.answer("traffic", "763_625_800")
    assert fields.tick("10. More than one machine").inner_text().endswith("solved")
    assert fields.page.evaluate("[Object.entries({...localStorage}), document.cookie]") == [
        [["tensorbook-solved", '["last-share","traffic"]']],
        "",
    ]

    other = fields.page.context.new_page()  # an open page is notified
    other.goto(f"{fields.page.url.partition('#')[0]}#put-it-together")  # far below the top
    Fields(other).tick("Network traffic").locator(".tb-tick").wait_for()
    again = Fields(other)
    assert again.field("traffic").get_by_role("status").inner_text() == "You have solved this one before."
    again.memory.get_by_role("button", name="Clear my progress").click()
    assert not again.memory.get_by_role("button").is_visible()
    assert again.memory.get_by_role("status").inner_text() == (
        "Type an answer below an exercise and press Check. Your progress is saved in this browser only."
    )
    assert again.field("traffic").get_by_role("status").inner_text() == ""
    for page in (other, fields.page):
        page.wait_for_function("!document.querySelector('.tb-tick')")
        assert page.evaluate("localStorage.length") == 0


def test_what_another_hand_has_stored_is_no_obstacle(open_page, address):
    texts = ["[", '{"a": 1}', "[1, null]", '"traffic"', "null", '["traffic", 1]', '["place"]']
    found = open_page("install/").evaluate(STORED, {"base": address, "texts": texts})
    assert [before for before, _ in found] == [False] * 5 + [True, False]
    assert [after for _, after in found[:5]] == ['["traffic"]'] * 5
    assert found[6][1] == '["place","traffic"]'


def test_where_storage_is_refused_answers_are_checked_and_it_is_said(open_page):
    page = open_page(PAGE, setup=lambda page: page.add_init_script(REFUSED), fresh=True, theme=False)
    fields = Fields(page)
    assert fields.answer("last-share", "24").startswith("Right. ")
    assert "1 of 2 solved on this page. This browser doesn't let the page store anything" in fields.memory.inner_text()
    assert fields.tick("The last share").inner_text().endswith("solved")


def test_on_a_phone_the_menu_shows_the_exercises_and_which_are_solved(open_fields):
    fields = open_fields(width=360)
    fields.answer("traffic", "763625800")
    fields.answer("last-share", "24")
    page = fields.page
    page.locator("label[for='__drawer'][tabindex]").click()
    chapter = page.locator("label.md-nav__link[for='__toc']")
    assert chapter.locator(".tb-tick").is_visible()
    chapter.click()
    for title in ("Network traffic", "The last share"):
        entry = page.locator(".md-nav--secondary a", has_text=title).filter(visible=True)
        tick, text = (entry.locator(part).bounding_box() for part in (".tb-tick", ".md-ellipsis"))
        assert tick["x"] >= 0
        assert tick["x"] + tick["width"] <= text["x"]
        assert abs(tick["y"] - text["y"]) < 8
    assert not page.locator(".md-nav--secondary a", has_text="Put it together").locator(".tb-tick").count()


@pytest.mark.parametrize("width", [320, 1280])
def test_fields_come_and_answer_where_their_place_was_kept(open_page, width):
    """Nothing moves when the fields are built, and nothing is wider than the page."""
    page = open_page(PAGE, width=width, theme=False)
    page.evaluate(SHIFTS)
    fields = Fields(page)
    tall = "() => Array.from(document.querySelectorAll('.tb-field, .tb-memory'), (place) => place.offsetHeight)"
    kept = page.evaluate(tall)
    for name in ("last-share", "traffic"):
        fields.field(name)
    page.locator(".tb-memory button").wait_for(state="attached")
    assert page.evaluate(tall) == kept
    fields.answer("last-share", "24")
    fields.answer("traffic", "(1, 2)")
    assert page.evaluate(tall) == kept
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert sum(page.evaluate("shifts")) < 0.005


def test_without_a_script_and_on_paper_there_is_no_field(open_page):
    page = open_page(PAGE, java_script_enabled=False)
    hosts = page.locator(".tb-field, .tb-memory")
    assert hosts.count() == 3
    assert not any(host.is_visible() for host in hosts.all())
    page = open_page(PAGE, theme=False)
    Fields(page).field("traffic")
    page.emulate_media(media="print")
    hosts = page.locator(".tb-field, .tb-memory, .tb-where")
    assert hosts.count() == 4
    assert not any(host.is_visible() for host in hosts.all())


def test_only_pages_with_exercises_fetch_anything_for_them(visits):
    for scheme in visits.values():
        for path, visit in scheme.items():
            fetched = [url for url in visit.requests if "/exercises" in url]
            assert bool(fetched) == bool(re.match(r"\d+-", path)), path


def test_an_exercise_that_asks_for_a_function_leads_to_its_place_in_the_notebook(site):
    functions = {name for name, exercise in EXERCISES.items() if isinstance(exercise, FunctionExercise)}
    found = set()
    for path in sorted(site.glob("[0-9]*/index.html")):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for place in page.select(".tb-where"):
            title = re.search("below “(.+)”: open it in Colab, or download it.", place.get_text())[1]
            colab, href = (link["href"] for link in place.select("a"))
            notebook = json.loads((path.parent / href).resolve().read_text(encoding="utf-8"))
            name, _, cell_id = colab.rpartition("/")[2].partition("#scrollTo=")
            assert href == f"../notebooks/{name}"
            [cell] = [cell for cell in notebook["cells"] if cell["metadata"].get("id") == cell_id]
            assert cell["id"] == cell_id
            text = "".join(cell["source"])
            assert text.startswith(f"### {title}\n")
            [exercise] = {name for name in functions if f'check("{name}", ' in text}
            found.add(exercise)
    assert found == functions
