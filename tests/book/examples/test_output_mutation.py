"""Each expected output on each page is changed, one number or word at a time, after its example has passed."""

import re
from pathlib import Path

import pytest

from tensorbook.book.examples.example_parsers import TOLERANT
from tensorbook.book.examples.output_mutation import unnoticed

ROOT = Path(__file__).parents[3]
PAGES = [page for page in sorted((ROOT / "docs").glob("*.md")) if ">>> " in page.read_text(encoding="utf-8")]


def test_an_example_that_no_change_of_its_output_makes_fail_fails(book, monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    fence = "<!-- tolerate: shows what a tolerance lets pass -->\n\n```pycon\n>>> 1.0\n{}\n```\n\n"
    result, _ = book(fence.format("1.0") + fence.format("1."))
    assert "1 failed, 1 passed" in result.stdout
    assert "the test would also have passed with '2.\\n'" in result.stdout


@pytest.mark.parametrize("tolerant", [False, True])
def test_a_comparison_that_lets_anything_pass_is_found_out(tolerant):
    assert unnoticed("(60000, 28, 28)\n", "(60000, 28, 28)\n", TOLERANT if tolerant else 0) == []
    assert unnoticed("loss ... 0.98\n", "loss 1.2, accuracy 0.98\n", TOLERANT) == []
    assert unnoticed("1.\n", "1.\n", TOLERANT) == ["2.\n"]
    assert unnoticed("", "", TOLERANT) == []
    assert unnoticed("%\n", "%\n", 0) == ["%\n"], "nothing that could be changed"


def test_a_tolerance_is_given_only_with_a_reason():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"<!-- *tolerate:(.*?)-->", text):
            assert len(match[1].split()) >= 4, f"{page.name}: a tolerance needs a reason"
