"""A chapter's script prints what its page shows, and shows or saves its figures."""

import ast
import doctest
import os
import re
import sys
from pathlib import Path

import jupytext
import pytest
from sybil.evaluators.doctest import OutputChecker

from tensorbook.book.site.expressions_to_show import shown
from tensorbook.book.site.notebooks.read_chapters import Code, Drawn, load_chapters
from tensorbook.book.site.notebooks.write_notebooks import OnSite, chapter_notebook, chapter_script
from tensorbook.plotting import show_figure

ROOT = Path(__file__).parents[4]
CHAPTERS = load_chapters(ROOT)
SITE = OnSite("https://example.org/book/")
SAVED = "The figure was saved as "


each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.page)


@each_chapter
def test_a_script_shows_the_figures_that_its_page_has_drawn(chapter):
    shown = re.findall(r'^show_figure\("(.+)"\)$', chapter_script(chapter, SITE, "wheel"), re.MULTILINE)
    assert shown == [f"chapter-{chapter.number}-{cell.name}" for cell in chapter.cells if isinstance(cell, Drawn)]


@each_chapter
def test_editors_find_the_cells_of_a_script(chapter):
    """Jupytext, which defined the format, finds the notebook's prose and the code of each example."""
    needs, start, *cells = jupytext.reads(chapter_script(chapter, SITE, "wheel"), fmt="py:percent").cells
    assert needs.source == "Needs tensorbook: `python -m pip install wheel`"
    assert start.source.startswith("import sys\n")
    notebook = chapter_notebook(chapter, SITE, "wheel")["cells"]
    words = [[word for cell in book if cell["cell_type"] == "markdown" for word in cell["source"].split()]
             for book in (cells, notebook)]  # fmt: skip
    assert words[0] == words[1]
    codes = [cell.source for cell in cells if cell.cell_type == "code" and not cell.source.startswith("show_figure(")]
    expected = [cell for cell in chapter.cells if isinstance(cell, Code)]
    for code, cell in zip(codes, expected, strict=True):
        assert code == (shown(cell.source) if cell.want else cell.source) or (cell.error and code.startswith("try:\n"))


@each_chapter
def test_no_name_of_a_chapter_hides_what_its_script_needs(chapter):
    bound = {
        node.id
        for cell in chapter.cells
        if isinstance(cell, Code)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    assert not bound & {"show", "show_figure", "sys"}


@pytest.mark.parametrize(
    ("code", "script"),
    [
        ("a", "show(a)"),
        ("a, b", "show((a, b))"),
        ("(a + b)  # why", "show((a + b))  # why"),
        ("print(a)", "print(a)"),
        ("f(\n    'é', b,\n).c", "show(f(\n    'é', b,\n).c)"),
        ("'é'; a", "show('é'); show(a)"),
        ("a = f(b)", "a = f(b)"),
        ("with a:\n    if b:\n        c\n    d", "with a:\n    if b:\n        show(c)\n    show(d)"),
        ("try:\n    a\nexcept B:\n    c", "try:\n    show(a)\nexcept B:\n    show(c)"),
        ("def f():\n    '''Words.'''\n    a", "def f():\n    '''Words.'''\n    a"),
    ],
)  # fmt: skip
def test_a_value_that_a_prompt_would_print_is_printed(code, script):
    assert shown(code) == script


def test_a_chapter_s_script_prints_what_its_page_shows_and_says_where_its_figures_are(processes, tmp_path):
    chapter = CHAPTERS[2]
    script = tmp_path / "chapter-3.py"
    script.write_text(chapter_script(chapter, SITE, "wheel"), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    result = processes.run(
        [sys.executable, script], env=environment | {"TENSORBOOK_MNIST": "sample", "MPLBACKEND": "Agg"}, cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    lines = result.stdout.splitlines(keepends=True)
    figures = [Path(line.removeprefix(SAVED).strip()) for line in lines if line.startswith(SAVED)]
    assert figures == [tmp_path / f"chapter-3-{cell.name}.png" for cell in chapter.cells if isinstance(cell, Drawn)]
    assert all(figure.read_bytes().startswith(b"\x89PNG") for figure in figures)
    # On the sample, which has different digits; `...` is also how NumPy and the page shorten an array.
    want = "".join(
        "...\n" if cell.only_full and cell.want else cell.want for cell in chapter.cells if isinstance(cell, Code)
    )
    got = "".join(line for line in lines if not line.startswith(SAVED))
    assert OutputChecker().check_output(want, got, doctest.ELLIPSIS), f"{got}\nand the page shows\n{want}"
    exact = [cell for cell in chapter.cells if isinstance(cell, Code) and cell.want and not cell.only_full]
    assert len(exact) > 20


@pytest.mark.usefixtures("figures_are_closed")
def test_a_figure_is_shown_where_there_is_a_screen_and_saved_where_there_is_none(monkeypatch, tmp_path, capsys):
    import matplotlib.pyplot as plt

    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="show_figure needs a figure"):
        show_figure("none")
    plt.plot([1, 2])
    show_figure("line")
    assert capsys.readouterr().out == f"{SAVED}{tmp_path / 'line.png'}\n"
    assert (tmp_path / "line.png").exists()
    assert not plt.get_fignums()
    calls = []
    monkeypatch.setattr(plt, "get_backend", lambda: "QtAgg")
    monkeypatch.setattr(plt, "show", lambda: calls.append(plt.get_fignums()))
    plt.plot([1, 2])
    show_figure("shown")
    assert (len(calls), capsys.readouterr().out) == (1, "")
    assert not (tmp_path / "shown.png").exists()
