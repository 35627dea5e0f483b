"""What the chapters offer for download: notebooks, scripts, the pictures in them, and the library's own wheel."""

import logging
import re
import tempfile
from pathlib import Path

import nbformat
from hatchling.builders.wheel import WheelBuilder

from tensorbook.book import diagrams
from tensorbook.book.notebooks.build import PICTURES, OnSite, chapter_notebook, chapter_script, whole_notebook
from tensorbook.book.notebooks.chapters import load_chapters
from tensorbook.book.notebooks.pictures import figure_on_paper, standalone_diagram

FOLDER = "notebooks"


def downloads(project: Path, site_url: str) -> dict[str, bytes]:
    """Return every file that is offered for download, by its path in the site.

    Args:
        project: The folder of ``pyproject.toml`` and ``docs``.
        site_url: Where the site stands, with a slash at the end; the notebooks install the wheel from there.
    """
    name, wheel = build_wheel(project)
    address = f"{site_url}{FOLDER}/{name}"
    place, chapters = OnSite(site_url), load_chapters(project)
    texts = {f"{FOLDER}/whole-book.ipynb": nbformat.writes(whole_notebook(chapters, place, address)) + "\n"}
    for chapter in chapters:
        notebook = nbformat.writes(chapter_notebook(chapter, place, address))
        texts[f"{FOLDER}/chapter-{chapter.number}.ipynb"] = notebook + "\n"
        texts[f"{FOLDER}/chapter-{chapter.number}.py"] = chapter_script(chapter, place, address)
    shown = sorted(set(re.findall(rf"{PICTURES}/([\w-]+)\.svg", texts[f"{FOLDER}/whole-book.ipynb"])))
    for picture in shown:
        is_diagram = picture in diagrams.DIAGRAMS
        draw = standalone_diagram if is_diagram else figure_on_paper
        texts[f"{PICTURES}/{picture}.svg"] = draw(project if is_diagram else project / "docs/results", picture)
    return {f"{FOLDER}/{name}": wheel} | {path: text.encode() for path, text in texts.items()}


def build_wheel(project: Path) -> tuple[str, bytes]:
    """Return name and bytes of the library's wheel; the same sources give the same bytes, and no network is asked."""
    logging.getLogger("hatchling").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        [path] = WheelBuilder(str(project)).build(directory=folder, versions=["standard"])
        return Path(path).name, Path(path).read_bytes()
