"""The exercises on the pages: each has a marker, a hint, and a solution that is right."""

import re
from pathlib import Path

import pytest

from tensorbook.exercises import CHAPTERS

PAGES = sorted((Path(__file__).parents[3] / "docs").glob("[0-9]*-*.md"), key=lambda page: int(page.name.split("-")[0]))


def exercises_of(page):
    """Return the sections below a page's "Exercises", as (title, text)."""
    text = page.read_text(encoding="utf-8").partition("\n## Exercises\n")[2].partition("\n{{ last_run")[0]
    return [tuple(section.split("\n", 1)) for section in text.split("\n### ")[1:]]


def calls(text):
    return re.findall(r"check\(\"([\w-]+)\"", text)


def test_every_chapter_has_three_to_five_exercises():
    assert len(PAGES) >= 8
    for page in PAGES:
        assert 3 <= len(exercises_of(page)) <= 5, page


def test_the_exercises_of_a_page_are_those_of_its_module_in_order():
    modules = {chapter.__name__.rpartition(".")[2]: chapter for chapter in CHAPTERS}
    pages = {page.stem.partition("-")[2].replace("-", "_"): page for page in PAGES}
    assert list(modules) == list(pages)
    for name, chapter in modules.items():
        on_the_page = [calls(text)[0] for _, text in exercises_of(pages[name])]
        assert on_the_page == [exercise.name for exercise in chapter.EXERCISES], pages[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_exercise_has_one_hint_and_one_solution_that_is_right(page):
    for title, text in exercises_of(page):
        asked, _, rest = text.partition('\n??? tip "Hint"\n')
        hint, _, solution = rest.partition('\n??? success "Solution"\n')
        [name] = set(calls(asked))
        assert f'`check("{name}", ' in asked, title
        if page.name != "1-data.md":  # which explains `check` first, in its own words
            assert f'Answer with `check("{name}", ' in " ".join(asked.split()), title
        assert len(hint.split()) >= 8, title
        assert not calls(hint), title
        assert calls(solution) == [name], title
        [said] = re.findall(r"\n    >>> check\(.*\)\n    (.*)\n", solution)
        assert said.startswith("Right. "), title
        assert all(line.startswith("    ") or not line for line in solution.splitlines()), title


def test_each_page_with_exercises_brings_the_checker_along():
    for page in PAGES:
        text = page.read_text(encoding="utf-8").partition("\n## Exercises\n")[2].partition("\n### ")[0]
        assert ">>> from tensorbook.exercises import check\n" in text, page
