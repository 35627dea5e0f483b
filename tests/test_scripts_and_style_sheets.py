"""What scripts and style sheets must agree on: widths, names, and what Python says in their place."""

import re
from pathlib import Path

import material
import pytest

from tensorbook.book.site.without_javascript import LEAST, MOST

DOCS = Path(__file__).parents[1] / "docs"


def read(name):
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_menu_is_beside_the_text_from_the_theme_s_width_everywhere():
    files = ("stylesheets/book.css", "stylesheets/exercises.css", "javascripts/keyboard-focus.js")
    widths = {name: re.findall(r"\(width (<|>=) (7[\d.]+em)\)", read(name)) for name in files}
    assert [sorted(sign for sign, _ in found) for found in widths.values()] == [["<", ">="], ["<"], [">="]]
    [width] = {width for found in widths.values() for _, width in found}
    [theirs] = Path(material.__file__).parent.glob("templates/assets/stylesheets/main.*.css")
    assert max(re.findall(r"\(min-width: ?(7[\d.]+em)\)", theirs.read_text(encoding="utf-8"))) == width


@pytest.mark.parametrize(("part", "sheet"), [("draw", "drawing"), ("learn", "learning"), ("live", "live")])
def test_a_part_s_place_becomes_lower_at_the_width_at_which_the_part_does(part, sheet):
    """book.css keeps the place until the part is there, and its own sheet lays it out, in the same container."""
    [kept] = re.findall(rf"@container \(min-width: (\d+)px\) {{ \.js \.tb-{part}\b", read("stylesheets/book.css"))
    assert re.findall(r"(?m)^@container \(min-width: (\d+)px\) {", read(f"stylesheets/{sheet}.css")) == [kept]
    below = re.findall(r"@container \(width < (\d+)px\)", read(f"stylesheets/{sheet}.css"))
    assert below in ([], [kept])


def test_the_script_in_the_head_reads_the_choice_that_the_button_stores():
    head, button = read("overrides/partials/dark-mode.html"), read("javascripts/dark-mode.js")
    [key] = re.findall(r'KEY = "([\w-]+)"', button)
    assert f'localStorage.getItem("{key}")' in head
    schemes = r'\? ("\w+" : "\w+")'
    assert set(re.findall(schemes, head)) == set(re.findall(schemes, button)) & {'"slate" : "default"'} != set()


def test_a_message_names_the_buttons_that_there_are():
    """Here, those without quotation marks."""
    code = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "javascripts").rglob("*.js"))
    buttons = {re.sub(r"<[^>]+>|▶", "", label).strip() for label in re.findall(r"<button [^>]+>(.*?)</button>", code)}
    pressed = set(re.findall(r"[Pp]ress ([A-Z]\w+)", code))
    assert {"Play", "Reset"} < pressed <= buttons


def test_a_probability_is_rounded_as_in_the_picture_of_the_box():
    [(most, least)] = re.findall(
        r"share > ([\d.]+) \|\| share < ([\d.]+) \?", read("javascripts/drawing/prediction-view.js")
    )
    assert (float(least), float(most)) == (LEAST, MOST)
