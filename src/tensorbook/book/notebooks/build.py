"""Cells as notebooks and as plain scripts."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook

from tensorbook.book.notebooks.cells import Cell, Code, Prose
from tensorbook.book.notebooks.chapters import Chapter
from tensorbook.book.notebooks.pictures import standalone_diagram

PICTURES = "notebooks/pictures"
WHOLE_TITLE = "The whole book as one notebook"
_PICTURE = re.compile(r"\]\((?P<kind>figure|diagram):(?P<name>[\w-]+)\)")
_PAGE = re.compile(r"\]\((?P<page>[\w-]+)\.md(?P<anchor>#[\w-]+)?\)")


@dataclass(frozen=True)
class OnSite:
    """Where the links of a notebook lead that has left the site: back to it."""

    site_url: str

    def page(self, name: str) -> str:
        """Return the address of a page."""
        return self.site_url if name == "index" else f"{self.site_url}{name}/"

    def picture(self, kind: str, name: str) -> str:  # noqa: ARG002  # both kinds lie in one folder
        """Return the address of a picture."""
        return f"{self.site_url}{PICTURES}/{name}.svg"


@dataclass(frozen=True)
class InResults:
    """Where the links of the notebook lead that is kept in ``docs/results``: to its neighbours, or into itself."""

    project: Path

    def page(self, name: str) -> str:
        """Return the path of a page."""
        return f"../{name}.md"

    def picture(self, kind: str, name: str) -> str:
        """Return the path of a figure; a diagram is drawn when it is shown and lies nowhere, so it is attached."""
        return f"figures/{name}-light.svg" if kind == "figure" else f"attachment:{name}.svg"


Place = OnSite | InResults


def chapter_notebook(chapter: Chapter, place: Place, wheel: str) -> NotebookNode:
    """Return a chapter as a notebook without outputs, whose first cell installs what it needs.

    Args:
        chapter: The chapter.
        place: Where its links lead.
        wheel: The address of the library's wheel.
    """
    return _notebook([Code(f"%pip install --quiet {wheel}"), *chapter.cells], place)


def whole_notebook(chapters: Iterable[Chapter], place: Place, wheel: str | None = None) -> NotebookNode:
    """Return all chapters as one notebook without outputs; each chapter's headings go one level down."""
    return _notebook([*([Code(f"%pip install --quiet {wheel}")] if wheel else []), *whole_cells(chapters)], place)


def whole_cells(chapters: Iterable[Chapter]) -> list[Cell]:
    """Return the cells of the whole book, its title first."""
    cells = [_deeper(cell) for chapter in chapters for cell in chapter.cells]
    return [Prose(f"# {WHOLE_TITLE}"), *cells]


def chapter_script(chapter: Chapter, place: Place, wheel: str) -> str:
    """Return a chapter as a script in the percent format, which editors show as cells and ``python`` runs."""
    needs = Prose(f"Needs tensorbook: `python -m pip install {wheel}`")
    notebook = _notebook([needs, *(_caught(cell) for cell in chapter.cells)], place)
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
    notebook.metadata = NotebookNode(jupytext={"notebook_metadata_filter": "-all"})
    text: str = jupytext.writes(notebook, fmt="py:percent")
    return text


def _notebook(cells: Iterable[Cell], place: Place) -> NotebookNode:
    notebook: NotebookNode = new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    # As `new_code_cell` would: but that validates cell by cell, in a second, what is validated when it is written.
    for cell in cells:
        cell_id = f"cell-{len(notebook.cells) + 1}"
        if isinstance(cell, Prose):
            about = {"cell_type": "markdown", "metadata": {}, "source": _placed(cell.text, place)}
            notebook.cells.append(from_dict({"id": cell_id, **about, **_attached(cell, place)}))
        elif isinstance(cell, Code):
            about = {"cell_type": "code", "metadata": _metadata(cell), "source": cell.source}
            notebook.cells.append(from_dict({"id": cell_id, **about, "execution_count": None, "outputs": []}))
    return notebook


def _metadata(cell: Code) -> dict[str, Any]:
    tags = {"tags": ["raises-exception"]} if cell.error else {}  # the notebook goes on behind an error that is shown
    return tags | ({"jupyter": {"source_hidden": True}} if cell.folded else {})


def _placed(text: str, place: Place) -> str:
    """Return prose with links that lead somewhere from where the notebook is read."""
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


def _caught(cell: Cell) -> Cell:
    """Return an example of an error as code that prints it and goes on, as the copy buttons of the pages give it."""
    if not isinstance(cell, Code) or cell.error is None:
        return cell
    name = cell.error.split(":")[0].split(".")[-1].strip()
    body = "".join(f"    {line}\n" if line else "\n" for line in cell.source.splitlines())
    return Code(f"try:\n{body}except Exception as error:  # {name}\n    print(error)")
