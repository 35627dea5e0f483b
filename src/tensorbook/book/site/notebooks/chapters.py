"""The chapters, in order: each page's Markdown with its double braces filled in as a notebook needs it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

from jinja2 import Environment, StrictUndefined

from tensorbook.book.results.comparison_records import CONVNET_FIGURES
from tensorbook.book.results.figures import RUN_FIGURES
from tensorbook.book.site import diagrams
from tensorbook.book.site.macros import define_env
from tensorbook.book.site.notebooks.cells import Cell, read_cells

FRONT_MATTER = re.compile(r"(?s)\A---\n.*?\n---\n")
PAGE = re.compile(r"(?P<number>\d+)-[\w-]+")


@dataclass(frozen=True)
class Chapter:
    """A chapter: the name of its page without the ending, its number, and its cells."""

    page: str
    number: int
    cells: list[Cell]


class _Macros:
    """What ``define_env`` is handed: it fills in pages without a site around it."""

    def __init__(self, project: Path) -> None:
        self.project_dir = str(project)
        self.variables: dict[str, Any] = {}
        self.conf: dict[str, Any] = {}
        self.functions: dict[str, Callable[..., Any]] = {}
        self.filters: dict[str, Callable[..., Any]] = {}

    def macro(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.functions[function.__name__] = function
        return function

    def filter(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.filters[function.__name__] = function
        return function


def load_chapters(project: Path) -> list[Chapter]:
    """Return all chapters, read from ``docs/N-….md`` of a project's folder."""
    macros = _Macros(project)
    define_env(macros)
    macros.functions |= {"figure": _figure, "diagram": _diagram, "reading_time": _nothing, "last_run": _nothing}
    jinja = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701  # it fills in Markdown, no HTML
    jinja.filters |= macros.filters
    chapters = []
    for path in sorted((project / "docs").glob("[0-9]*-*.md")):
        if match := PAGE.fullmatch(path.stem):
            text = FRONT_MATTER.sub("", path.read_text(encoding="utf-8"))
            here = {"draw_box": partial(_draw_box, path.name)}
            filled = jinja.from_string(text).render(macros.variables | macros.functions | here)
            cells = read_cells(filled.replace("](#", f"]({path.name}#"))
            chapters.append(Chapter(path.stem, int(match["number"]), cells))
    return sorted(chapters, key=lambda chapter: chapter.number)


def _figure(name: str, alt: str) -> str:
    """Stand for a picture; those of the recorded runs are no cell's, all others are drawn by the cell above."""
    kind = "figure" if name in RUN_FIGURES + CONVNET_FIGURES else "drawn"
    return _image(alt, f"{kind}:{name}")


def _diagram(name: str) -> str:
    return _image(diagram_title(name), f"diagram:{name}")


def diagram_title(name: str) -> str:
    """Return what a diagram is about, and what is to be seen in it, for somebody who can't see it."""
    svg = fromstring(diagrams.draw(name))  # noqa: S314  # our own text
    return _plain(". ".join(part.text.rstrip(".") for part in svg[:2] if part.text) + ".")


def _image(alt: str, target: str) -> str:
    return f"![{_plain(alt)}]({target})"


def _plain(alt: str) -> str:
    """Return words for a picture as they can stand in Markdown between brackets."""
    return re.sub(r"\s+", " ", alt).replace("[", "(").replace("]", ")")


def _draw_box(page: str) -> str:
    return f"*The box to draw in stands on [the page of this chapter]({page}#draw-one-yourself).*"


def _nothing(page: str) -> str:  # noqa: ARG001  # the page's macros name their page
    return ""
