"""Each expected output of each page is changed, one number or word at a time, and the page then fails."""

import re
from pathlib import Path

import pytest

from tensorbook.book import examples
from tensorbook.book.sensitivity import changed, unnoticed

ROOT = Path(__file__).parents[2]
PAGES = [page for page in sorted((ROOT / "docs").glob("*.md")) if ">>> " in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_change_of_an_output_goes_unnoticed(page):
    if not examples.printed:
        pytest.skip("compares with what the pages printed in this session: run `pytest` whole")
    for output in examples.printed:
        if output.path == str(page):
            assert not unnoticed(output), f"{page.name}:{output.line}"


def test_every_output_of_a_chapter_is_changed_in_some_way():
    for output in examples.printed:
        if output.want.strip(" .[]()\n"):
            assert list(changed(output.want)), f"{output.path}:{output.line}"


@pytest.mark.parametrize("tolerant", [False, True])
def test_a_comparison_that_lets_anything_pass_is_found_out(tolerant):
    flags = examples.TOLERANT if tolerant else 0
    exact = examples.Output("page.md", 1, "(60000, 28, 28)\n", "(60000, 28, 28)\n", flags)
    assert unnoticed(exact) == []
    blind = examples.Output("page.md", 1, "loss ... 0.98\n", "loss 1.2, accuracy 0.98\n", examples.TOLERANT)
    assert unnoticed(blind) == []
    useless = examples.Output("page.md", 1, "1.\n", "1.\n", examples.TOLERANT)
    assert unnoticed(useless) == ["2.\n"]


def test_a_tolerance_is_given_only_with_a_reason():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"<!-- *tolerate:(.*?)-->", text):
            assert len(match[1].split()) >= 4, f"{page.name}: a tolerance needs a reason"
