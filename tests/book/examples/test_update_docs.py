"""``pytest --update-docs`` rewrites only what has changed; a wrong page fails at its line."""

import shutil
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from sybil import Document

from tensorbook.book.examples.example_parsers import FigureParser
from tensorbook.book.results.light_and_dark_figures import draw_pair, picture_path
from tensorbook.plotting import plot_curve

TOLERATE = "<!-- tolerate: shows what a tolerance does -->\n\n"
PAGE = """\
# A page

Prose with  two spaces and a trailing one.\x20

```pycon
>>> 1 + 1
3
>>> print("a\\n\\nb")
>>> "kept"
'kept'
>>> print("one", "two", sep="\\n")
one
... old
```

- in a list:

    ```pycon
    >>> [n for n in range(2)]
    [0]
    ```

<!-- tolerate: shows what a tolerance does -->

```pycon
>>> 0.123
0.12
>>> print("long and short")
long ... short
```
"""
UPDATED = (
    PAGE.replace("3\n", "2\n", 1)
    .replace('b")\n', 'b")\na\n<BLANKLINE>\nb\n')
    .replace("[0]", "[0, 1]")
    .replace("... old", "two")
)


def test_a_wrong_output_fails_at_its_line(book):
    result, _ = book(PAGE)
    assert result.returncode == 1
    assert "page.md:6" in result.stdout
    assert "Expected:\n    3\nGot:\n    2" in result.stdout
    assert "4 failed, 3 passed" in result.stdout


@pytest.mark.usefixtures("full_mnist")  # on the sample, --update-docs refuses: there is a test of it below
def test_changed_outputs_are_rewritten_and_all_else_is_left_byte_for_byte(book):
    result, text = book(PAGE, "--update-docs")
    assert result.returncode == 0, result.stdout
    assert "updated docs/page.md" in result.stdout
    assert text == UPDATED


@pytest.mark.usefixtures("full_mnist")  # on the sample, --update-docs refuses: there is a test of it below
def test_a_second_update_changes_nothing(book):
    result, text = book(UPDATED, "--update-docs")
    assert "updated" not in result.stdout
    assert text == UPDATED
    result, _ = book(UPDATED)
    assert result.returncode == 0


@pytest.mark.usefixtures("full_mnist")  # on the sample, --update-docs refuses: there is a test of it below
def test_an_example_that_now_raises_is_left_and_reported(book):
    raising = "```pycon\n>>> 1 / 0\n1\n>>> 2\n3\n```\n"
    result, text = book(raising, "--update-docs")
    assert result.returncode == 1
    assert "ZeroDivisionError" in result.stdout
    assert text == raising.replace("3\n", "2\n")


@pytest.mark.usefixtures("full_mnist")  # on the sample, --update-docs refuses: there is a test of it below
def test_a_true_that_has_become_a_false_is_left_and_reported(book):
    """The sentence beside it says that it is true. Chapter 9 once showed the opposite of what it said."""
    page = (
        "```pycon\n>>> print(1 > 2, 'or', 2)\nTrue or 1\n>>> 1 > 0\nFalse\n>>> 2\n3\n>>> 1 > 0, 2 > 1\n(True, 1)\n```\n"
    )
    result, text = book(page, "--update-docs")
    assert result.returncode == 1
    assert result.stdout.count("a True has become a False, or the reverse") == 2
    assert text == page.replace("3\n", "2\n").replace("(True, 1)", "(True, True)")


FIGURE = """\
```pycon
>>> import numpy as np
>>> from tensorbook.plotting import plot_digit
>>> ax = plot_digit(np.full((28, 28), {ink}, dtype="uint8"))
```

{{{{ figure("square", "A square.") }}}}
"""


@pytest.mark.usefixtures("full_mnist")  # on the sample, --update-docs refuses: there is a test of it below
def test_a_figure_is_drawn_by_its_block_and_a_change_of_the_block_is_a_failure(book, figures):
    result, _ = book(FIGURE.format(ink=200))
    assert result.returncode == 1
    assert "the page draws a different picture from" in result.stdout
    assert "run `pytest --update-docs`" in result.stdout
    result, _ = book(FIGURE.format(ink=200), "--update-docs")
    assert result.returncode == 0
    for scheme in ("light", "dark"):
        for name in ("changed", "another"):
            shutil.copy(figures / f"square-{scheme}.svg", figures / f"{name}-{scheme}.svg")
    dark = figures / "another-dark.svg"
    dark.write_text(dark.read_text().replace("<path", "<circle"))
    changed = FIGURE.format(ink=201).replace("square", "changed")
    another = FIGURE.format(ink=200).replace("square", "another")
    result, _ = book("\n".join([FIGURE.format(ink=200), changed, another]))
    assert result.returncode == 1
    assert "square-" not in result.stdout
    assert result.stdout.count("the page draws a different picture from") == 2
    assert str(figures / "changed-light.svg") in result.stdout
    assert f"the page draws a different picture from {dark}: run" in result.stdout


def test_a_figure_that_no_block_draws_is_a_failure(book):
    result, _ = book('{{ figure("square", "A square.") }}\n')
    assert result.returncode == 1
    assert "no block above figure 'square' has drawn anything" in result.stdout


@pytest.mark.usefixtures("figures_are_closed")
@pytest.mark.parametrize(
    ("comment", "height", "same"),
    [("", 0.5, True), ("", 0.51, False), (TOLERATE, 0.51, True), (TOLERATE, 0.6, False)],
)
def test_lines_may_move_a_little_where_a_comment_above_the_figure_says_why(comment, height, same, tmp_path):
    page = Document(f'{comment}{{{{ figure("curve", "A curve.") }}}}\n', "page.md")
    (tmp_path / "figures").mkdir()
    [drawn] = FigureParser(tmp_path)(page)
    for scheme, svg in draw_pair(plot_curve([0, 1, 2], [0, 0.5, 1], "x", "y", mark=1).get_figure()).items():
        picture_path(tmp_path, "curve", scheme).write_text(svg, encoding="utf-8")
    plt.close("all")
    plot_curve([0, 1, 2], [0, height, 1], "x", "y", mark=1)  # which writes the height beside it
    verdict = drawn.evaluator(SimpleNamespace(parsed=drawn.parsed))
    assert (verdict is None) == same


def test_on_the_sample_nothing_is_updated_and_the_reason_is_said(book, monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    result, text = book(PAGE, "--update-docs")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--update-docs needs full MNIST, but this run uses the sample." in result.stderr
    assert text == PAGE
