"""Cells as notebooks and as plain scripts.

A notebook is a dictionary as nbformat writes it to a file. The packages nbformat and jupytext are not used here,
because their imports and checks would take a tenth of a build. The tests compare with their results.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tensorbook.book.results.light_and_dark_figures import picture_path
from tensorbook.book.site import diagrams
from tensorbook.book.site.expressions_to_show import shown
from tensorbook.book.site.notebook_links import FOLDER, exercise_cell
from tensorbook.book.site.notebooks.read_chapters import Cell, Chapter, Code, Drawn, Prose

PICTURES = f"{FOLDER}/pictures"
WHOLE_TITLE = "The whole book as one notebook"
_PICTURE = re.compile(r"\]\((?P<kind>figure|diagram):(?P<name>[\w-]+)\)")
_ASKED = re.compile(r"(?s)### [^\n]*\n.*?\bcheck\(\"(?P<name>[\w-]+)\", ")
_PAGE = re.compile(r"\]\((?P<page>[\w-]+)\.md(?P<anchor>#[\w=.,-]+)?\)")


@dataclass(frozen=True)
class OnSite:
    """Where the links in a downloaded notebook lead: back to the site."""

    site_url: str

    def page(self, name: str) -> str:
        """Return the address of a page."""
        return self.site_url if name == "index" else f"{self.site_url}{name}/"

    def picture(self, kind: str, name: str) -> str:  # noqa: ARG002  # both kinds are in one folder
        """Return the address of a picture."""
        return f"{self.site_url}{PICTURES}/{name}.svg"


@dataclass(frozen=True)
class InResults:
    """Where the links in the notebook in ``docs/results`` lead: to neighbouring files, or within the notebook."""

    project: Path

    def page(self, name: str) -> str:
        """Return the path of a page."""
        return f"../{name}.md"

    def picture(self, kind: str, name: str) -> str:
        """Return the path of a figure; a diagram is drawn when it is shown and has no file, so it is attached."""
        return f"figures/{name}-light.svg" if kind == "figure" else f"attachment:{name}.svg"


Place = OnSite | InResults
Notebook = dict[str, Any]


def notebook_text(notebook: Notebook) -> str:
    """Return a notebook without outputs and attachments as the text of its file, as nbformat writes it."""
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    return json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def chapter_notebook(chapter: Chapter, place: Place, wheel: str) -> Notebook:
    """Return a chapter as a notebook without outputs, whose first cell installs what it needs.

    Args:
        chapter: The chapter.
        place: Where its links lead.
        wheel: The address of the library's wheel.
    """
    cells = [part for cell in chapter.cells for part in (_at_exercises(cell) if isinstance(cell, Prose) else [cell])]
    return _notebook([Code(f"%pip install --quiet {wheel}"), *cells], place)


def _at_exercises(prose: Prose) -> Iterator[Prose]:
    """Yield prose in parts: each exercise starts a new cell, so that links can lead to it."""
    for text in re.split(r"\n+(?=### )", prose.text):
        asked = _ASKED.match(text)
        yield Prose(text, exercise_cell(asked["name"]) if asked else "")


def whole_notebook(chapters: Iterable[Chapter], place: Place, wheel: str | None = None) -> Notebook:
    """Return all chapters as one notebook without outputs; each chapter's headings go one level down."""
    return _notebook([*([Code(f"%pip install --quiet {wheel}")] if wheel else []), *whole_cells(chapters)], place)


def whole_cells(chapters: Iterable[Chapter]) -> list[Cell]:
    """Return the cells of the whole book, its title first."""
    cells = [_deeper(cell) for chapter in chapters for cell in chapter.cells]
    return [Prose(f"# {WHOLE_TITLE}"), *cells]


def chapter_script(chapter: Chapter, place: Place, wheel: str) -> str:
    """Return a chapter as a script in the percent format, which editors show as cells and ``python`` runs.

    The script prints what the page shows, and shows the page's figures, or saves them if there is no screen.
    """
    needs = Prose(f"Needs tensorbook: `python -m pip install {wheel}`")
    draws = any(isinstance(cell, Drawn) for cell in chapter.cells)
    start = ["import sys\n", "show = sys.displayhook  # prints a value as Python's prompt does, but not None"]
    if draws:
        start.insert(1, "from tensorbook.plotting import show_figure\n")
    name = f"chapter-{chapter.number}"
    cells = [needs, Code("\n".join(start)), *(_in_script(cell, name) for cell in chapter.cells)]
    return "\n".join(_in_percent_format(cell, place) for cell in cells if not isinstance(cell, Drawn))


def _in_percent_format(cell: Prose | Code, place: Place) -> str:
    if isinstance(cell, Code):
        return f"# %%\n{cell.source}\n"
    lines = "".join(f"# {line}".rstrip() + "\n" for line in _placed(cell.text, place).split("\n"))
    return f"# %% [markdown]\n{lines}"


def _notebook(cells: Iterable[Cell], place: Place) -> Notebook:
    made: list[dict[str, Any]] = []
    for cell in cells:
        cell_id = f"cell-{len(made) + 1}"
        if isinstance(cell, Prose):
            metadata = {"id": cell.id} if cell.id else {}  # Colab finds a cell by this
            about = {"cell_type": "markdown", "metadata": metadata, "source": _placed(cell.text, place)}
            made.append({"id": cell.id or cell_id, **about, **_attached(cell, place)})
        elif isinstance(cell, Code):
            about = {"cell_type": "code", "metadata": _metadata(cell), "source": cell.source}
            made.append({"id": cell_id, **about, "execution_count": None, "outputs": []})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about_all = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": about_all, "nbformat": 4, "nbformat_minor": 5}


def _metadata(cell: Code) -> dict[str, Any]:
    tags = {"tags": ["raises-exception"]} if cell.error else {}  # the notebook continues after an error that is shown
    return tags | ({"jupyter": {"source_hidden": True}} if cell.folded else {})


def _placed(text: str, place: Place) -> str:
    """Return prose with links that work where the notebook is read."""
    text = _PICTURE.sub(lambda match: f"]({place.picture(match['kind'], match['name'])})", text)
    return _PAGE.sub(lambda match: f"]({place.page(match['page'])}{match['anchor'] or ''})", text)


def _attached(cell: Prose, place: Place) -> dict[str, Any]:
    if not isinstance(place, InResults):
        return {}
    files = {}
    for match in _PICTURE.finditer(cell.text):
        if match["kind"] == "diagram":
            svg = standalone_diagram(place.project, match["name"])
            files[f"{match['name']}.svg"] = {"image/svg+xml": base64.b64encode(svg.encode()).decode()}
    return {"attachments": files} if files else {}


def _deeper(cell: Cell) -> Cell:
    if not isinstance(cell, Prose):
        return cell
    pieces = re.split(r"(?ms)^(```.*?^```)", cell.text)
    pieces[::2] = [re.sub(r"(?m)^#", "##", piece) for piece in pieces[::2]]
    return Prose("".join(pieces))


def _in_script(cell: Cell, chapter: str) -> Cell:
    """Return a cell in the form that a script needs.

    A value that the page shows is printed. An example of an error prints the error and continues, as in the code from
    the copy buttons. A figure on the page is shown or saved.
    """
    if isinstance(cell, Drawn):
        return Code(f'show_figure("{chapter}-{cell.name}")')
    if isinstance(cell, Prose):
        return cell
    if cell.error is None:
        return Code(shown(cell.source) if cell.want else cell.source)
    name = cell.error.split(":")[0].split(".")[-1].strip()
    body = "".join(f"    {line}\n" if line else "\n" for line in cell.source.splitlines())
    return Code(f'try:\n{body}except Exception as error:  # {name}\n    print(f"{{type(error).__name__}}: {{error}}")')


STYLE = Path("docs/stylesheets/diagrams.css")
PAPER = "background: #ffffff; padding: 8px"


def standalone_diagram(project: Path, name: str) -> str:
    """Return a diagram as an SVG file, with the light half of the site's colours inside."""
    css = _light_half((project / STYLE).read_text(encoding="utf-8"))
    style = f"<style>text {{ font-family: sans-serif }} {css}</style>"
    svg = diagrams.draw(name).replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" style="{PAPER}" ', 1)
    return svg.replace(">", f">{style}", 1)


@cache  # the same for every diagram
def _light_half(css: str) -> str:
    css = re.sub(r"(?s)/\*.*?\*/", "", css)
    css = re.sub(r"light-dark\(([^,]+),[^)]+\)", r"\1", css).split("@media print")[0]
    return re.sub(r"\s+", " ", css).strip()


def figure_on_paper(results: Path, name: str) -> str:
    """Return a figure of a recorded run as an SVG file that can be read on a dark background too."""
    svg = picture_path(results, name, "light").read_text(encoding="utf-8")
    return svg.replace("<svg ", f'<svg style="{PAPER}" ', 1)
