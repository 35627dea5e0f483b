"""The examples of a page, as Sybil runs them: every Python fence and every figure that a block draws."""

import doctest
import re
from collections.abc import Iterable
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from sybil import Document, Example, Region
from sybil.evaluators.doctest import NUMBER, DocTestEvaluator, DocTestRunner
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tensorbook.book.examples import update_docs
from tensorbook.book.examples.output_mutation import unnoticed
from tensorbook.book.results.light_and_dark_figures import EXACT, draw_pair, picture_path, same_picture
from tensorbook.book.results.other_records import RECORDED_FIGURES

# How a block of Python starts. Sybil's own parser accepts only `python` and silently ignores similar fences: a
# block like that would be shown but never run.
FENCES = ("pycon", "python")
LIKE_PYTHON = re.compile(r"(?P<info>[ \t]*(?:\{[ \t]*\.)?(?:python3?|py3?|pycon3?)(?![\w-])[^\n]*)\n", re.IGNORECASE)
# A figure of the page: `{{ figure("name", "what it shows") }}` below the block that draws it.
FIGURE = re.compile(r"^\{\{ *figure\(\s*\"(?P<name>[\w-]+)\"", re.MULTILINE)
# Outputs are compared exactly, unless a comment above the block gives a reason: then `...` matches anything, and a
# number may differ by one in the last decimal shown.
TOLERATE = re.compile(r"<!-- *tolerate: *(?P<reason>[^>]+?) *-->\s*\Z")
TOLERANT = NUMBER | doctest.ELLIPSIS
# The same comment above a figure lets its lines move by this many points: figures of training runs differ between
# machines, and one test image of a thousand that is read differently moves a curve by about 0.2.
TOLERANCE = 4.0


# NumPy's defaults, regardless of what a Python startup file or another test has set.
PRINT_OPTIONS: dict[str, Any] = {
    "edgeitems": 3, "floatmode": "maxprec", "formatter": None, "infstr": "inf", "legacy": False, "linewidth": 75,
    "nanstr": "nan", "precision": 8, "sign": "-", "suppress": False, "threshold": 1000,
}  # fmt: skip


def start(_namespace: dict[str, Any]) -> None:
    """Begin a page by printing arrays with NumPy's default options."""
    np.set_printoptions(**PRINT_OPTIONS)


class _Runner(DocTestRunner):
    """Sybil's runner, but an expected output that matches anything fails, and ``--update-docs`` notes differences."""

    example: Example

    def report_success(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        super().report_success(out, test, example, got)
        want = example.want
        if example.exc_msg is not None:  # only the last lines of a traceback are compared
            want, got = example.exc_msg, got[-len(example.exc_msg) :]
        for change in unnoticed(want, got, self.optionflags):
            out(f"The output is as expected, but the test would also have passed with {change!r}.\n")

    def report_failure(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        if update_docs.updates is not None and not update_docs.turned_round(example.want, got):
            update_docs.updates.add(self.example, got)
            return
        super().report_failure(out, test, example, got)
        if update_docs.updates is not None:
            out(update_docs.TURNED_ROUND)


class _Evaluator(DocTestEvaluator):
    def __init__(self, flags: int) -> None:
        self.runner: _Runner = _Runner(flags)

    def __call__(self, sybil_example: Example) -> str:
        self.runner.example = sybil_example
        return super().__call__(sybil_example)


class PythonFenceParser:
    """Collects every Python fence: each ``>>>`` statement, or the whole of a block without prompts."""

    def __init__(self) -> None:
        """Create the parser; it keeps no state between documents."""
        self.lexer = RawFencedCodeBlockLexer(info_pattern=LIKE_PYTHON)
        self.exact = DocTestStringParser(_Evaluator(0))
        self.tolerant = DocTestStringParser(_Evaluator(TOLERANT))
        self.evaluate_block = PythonEvaluator()

    def __call__(self, document: Document) -> Iterable[Region]:
        """Yield a region per example, in the order of the page.

        Raises:
            ValueError: A fence starts in a form not in `FENCES`; the message names the page and the line.
        """
        for fence in self.lexer(document):
            source, info = fence.lexemes["source"], fence.lexemes["info"]
            if info not in FENCES:
                line = document.text.count("\n", 0, fence.start) + 1
                raise ValueError(f"{document.path}:{line}: write ```pycon or ```python instead of ```{info}")
            if ">>>" in source:
                lines = _line_starts(document.text, fence.start + source.offset)
                tolerate = TOLERATE.search(document.text, 0, fence.start)
                doctests = self.tolerant if tolerate else self.exact
                for example in doctests(source, document.path):
                    # Sybil's own `adjust` is off by a few characters, and by more if a fence is indented.
                    example.start = lines[source.count("\n", 0, example.start)]
                    example.end = lines[source.count("\n", 0, example.end)]
                    yield example
            else:
                fence.parsed, fence.evaluator = source, self.evaluate_block
                yield fence


def _line_starts(text: str, start: int) -> list[int]:
    """Return the start of each line after a position, with the end of the text last."""
    lengths = map(len, text[start:].splitlines(keepends=True))
    return list(accumulate(lengths, initial=start))


class FigureParser:
    """Collects the figures of a page; each is a test that the block above it drew this picture."""

    def __init__(self, results: Path) -> None:
        """Create the parser for pages whose pictures are in a results folder."""
        self.results = results

    def __call__(self, document: Document) -> Iterable[Region]:
        """Yield a region per figure, except those of recorded runs, which pages do not draw."""
        for match in FIGURE.finditer(document.text):
            if match["name"] not in RECORDED_FIGURES:
                tolerate = TOLERATE.search(document.text, 0, match.start())
                evaluate = partial(self.evaluate, tolerance=TOLERANCE) if tolerate else self.evaluate
                yield Region(match.start(), match.end(), match["name"], evaluate)

    def evaluate(self, example: Example, tolerance: float = EXACT) -> str | None:
        """Compare the current figure with the committed pictures; if they differ, say how to fix it."""
        import matplotlib.pyplot as plt

        if not plt.get_fignums():
            return f"no block above figure {example.parsed!r} has drawn anything since the last figure"
        drawn = draw_pair(plt.gcf())
        plt.close("all")
        different = []
        for scheme, svg in drawn.items():
            path = picture_path(self.results, example.parsed, scheme)
            if path.exists() and same_picture(path.read_text(encoding="utf-8"), svg, tolerance):
                continue
            if update_docs.updates is None:
                different.append(str(path))
            else:
                path.write_text(svg, encoding="utf-8")
        if different:
            return f"the page draws a different picture from {' and '.join(different)}: run `pytest --update-docs`"
        return None
