"""The page "What can go wrong" names tests for each situation, and each of these tests exists."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
PAGE = TESTS.parent / "docs" / "what-can-go-wrong.md"
ROWS = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
FAULTS = [row for row in ROWS if not row.startswith(("| situation |", "| --- |"))]


def functions():
    """The names of all test functions, and how often each occurs."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in TESTS.rglob("test_*.py")]
    found = [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return Counter(name for name in found if name.startswith("test_"))


def test_every_test_that_is_named_exists():
    there = functions()
    named = re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 70
    assert [name for name in named if there[name] != 1] == []


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_every_fault_says_what_happens_and_which_test_shows_it(row):
    _, fault, happens, tests, _ = (cell.strip() for cell in row.split("|"))
    assert fault
    assert happens
    assert re.fullmatch(r"`test_\w+`(, `test_\w+`)*", tests)


def test_every_test_of_broken_networks_and_disks_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    missing = [
        node.name
        for name in (
            "data/test_bad_connections.py",
            "data/test_killed_download.py",
            "data/test_decompression_bombs.py",
            "site/test_repeatable_build.py",
        )
        for node in ast.parse((TESTS / name).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name not in page
    ]
    assert missing == ["test_a_drip_that_ends_in_time_is_waited_for", "test_all_of_mnist_needs_less_than_the_limit"], (
        "these two are no faults"
    )
