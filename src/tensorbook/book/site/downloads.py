"""The files that a build adds: notebooks, scripts, their pictures, the library's wheel, and the pages' digits."""

import logging
import re
import tempfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from tensorbook.book.site import diagrams
from tensorbook.book.site.notebook_links import FOLDER, WHEEL, WHOLE_FILE, site_address
from tensorbook.book.site.notebooks.read_chapters import load_chapters
from tensorbook.book.site.notebooks.write_notebooks import (
    PICTURES,
    OnSite,
    chapter_notebook,
    chapter_script,
    figure_on_paper,
    notebook_text,
    standalone_diagram,
    whole_notebook,
)
from tensorbook.book.site.pack_sample_digits import DIGITS_FILE, packed_digits


def added_files(project: Path, site_url: str | None) -> dict[str, bytes]:
    """Return all files that a build adds to the site, by their path in it.

    Args:
        project: The folder of ``pyproject.toml`` and ``docs``.
        site_url: The address of the site; the notebooks install the wheel from there.

    Raises:
        UsageError: ``site_url`` is not the address of a site.
        DataError: The extra ``sample`` is not installed, or its file is damaged.
    """
    place, chapters = OnSite(site_address(site_url)), load_chapters(project)
    name, wheel = build_wheel(project)
    if f"{FOLDER}/{name}" != WHEEL:
        raise RuntimeError(f"The wheel is called {FOLDER}/{name}, and the pages say {WHEEL}")
    address = f"{place.site_url}{WHEEL}"
    texts = {f"{FOLDER}/{WHOLE_FILE}": notebook_text(whole_notebook(chapters, place, address))}
    for chapter in chapters:
        texts[f"{FOLDER}/chapter-{chapter.number}.ipynb"] = notebook_text(chapter_notebook(chapter, place, address))
        texts[f"{FOLDER}/chapter-{chapter.number}.py"] = chapter_script(chapter, place, address)
    shown = sorted(set(re.findall(rf"{PICTURES}/([\w-]+)\.svg", texts[f"{FOLDER}/{WHOLE_FILE}"])))
    for picture in shown:
        is_diagram = picture in diagrams.DIAGRAMS
        draw = standalone_diagram if is_diagram else figure_on_paper
        texts[f"{PICTURES}/{picture}.svg"] = draw(project if is_diagram else project / "docs/results", picture)
    return {WHEEL: wheel, DIGITS_FILE: packed_digits()} | {path: text.encode() for path, text in texts.items()}


def build_wheel(project: Path) -> tuple[str, bytes]:
    """Return the name and bytes of the library's wheel; the build is reproducible and needs no internet access."""
    logging.getLogger("hatchling").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        [path] = WheelBuilder(str(project)).build(directory=folder, versions=["standard"])
        return Path(path).name, Path(path).read_bytes()
