"""Sybil runs the code on each page; every other form that readers can download has the same code, statement by
statement.

Equal code has to run only once. So these tests compare syntax trees, and one short chapter is run in each form
(`tests/site/test_notebooks.py`); at night, all forms of all chapters are (`.ci/nightly`).
"""

import ast
from pathlib import Path

import pytest

from tensorbook.book.site.notebooks.read_chapters import Chapter, Code, load_chapters
from tensorbook.book.site.notebooks.run_notebook import read_whole_book
from tensorbook.book.site.notebooks.write_notebooks import OnSite, chapter_notebook, chapter_script, whole_notebook

ROOT = Path(__file__).parents[4]
SITE = OnSite("https://example.org/book/")
CHAPTERS = load_chapters(ROOT)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.page)


def page_of(chapter):
    return ROOT / "docs" / f"{chapter.page}.md"


def trees_of_cells(notebook):
    """Return the syntax trees of each code cell, and whether the notebook continues after an error in it."""
    return [
        (
            [ast.dump(node) for node in ast.parse(cell["source"]).body],
            "raises-exception" in cell["metadata"].get("tags", []),
        )
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and not cell["source"].startswith("%pip ")
    ]


class AsOnThePage(ast.NodeTransformer):
    """Removes what a script adds to the page's code: `show(…)` around a value, and calls that show figures."""

    def visit_Call(self, node):
        self.generic_visit(node)
        return node.args[0] if isinstance(node.func, ast.Name) and node.func.id == "show" else node

    def visit_Expr(self, node):
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "show_figure":
            return None
        return self.generic_visit(node)


def trees_of_script(script):
    """Return the syntax trees of a script after its header, without what it adds to its page."""
    tree = AsOnThePage().visit(ast.parse(script))
    header = next(n for n, one in enumerate(tree.body) if ast.unparse(one) == "show = sys.displayhook")
    return [ast.dump(node) for node in tree.body[header + 1 :]]


@each_chapter
def test_the_cells_of_a_notebook_are_the_examples_of_its_page(chapter, examples_of):
    assert trees_of_cells(chapter_notebook(chapter, SITE, "wheel")) == examples_of(page_of(chapter))


@each_chapter
def test_a_script_is_the_examples_of_its_page_with_values_shown_and_errors_caught(chapter, script_of):
    assert trees_of_script(chapter_script(chapter, SITE, "wheel")) == script_of(page_of(chapter))


@pytest.mark.parametrize("made", ["today", "as it was run"])
def test_the_whole_book_is_the_examples_of_all_chapters(examples_of, made):
    book = whole_notebook(CHAPTERS, SITE) if made == "today" else read_whole_book(ROOT / "docs/results")
    assert trees_of_cells(book) == [example for chapter in CHAPTERS for example in examples_of(page_of(chapter))]


def test_that_a_form_which_differs_in_one_statement_is_noticed(examples_of, script_of, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```pycon\n>>> one = 1\n>>> one / 0\nTraceback (most recent call last):\nZeroDivisionError: no\n```\n"
    )
    cells = [Code("one = 1"), Code("one / 0", error="ZeroDivisionError: no")]

    def forms(cells):
        chapter = Chapter("1-page", 1, cells)
        notebook, script = chapter_notebook(chapter, SITE, "wheel"), chapter_script(chapter, SITE, "wheel")
        return trees_of_cells(notebook), trees_of_script(script)

    assert forms(cells) == (examples_of(page), script_of(page))
    for changed in ([Code("one = 2"), cells[1]], cells[::-1], cells[:1], [cells[0], Code("one / 0")]):
        notebook, script = forms(changed)
        assert notebook != examples_of(page)
        assert script != script_of(page)


def test_every_notebook_of_the_book_is_compared():
    assert len(CHAPTERS) >= 10
    assert all(page_of(chapter).is_file() for chapter in CHAPTERS)
