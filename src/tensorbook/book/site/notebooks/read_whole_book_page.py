"""The page of the whole book as it was made when its notebook was written. A build reads it and adds its pictures."""

import base64
import re
from html import unescape
from pathlib import Path
from typing import Any

from tensorbook.book.site.notebook_links import WHOLE_FILE
from tensorbook.data import DataError
from tensorbook.run_record import sha256_of

PAGE_FILE = "whole-book.html"  # the body of the page
CHAPTER_OR_SECTION = re.compile(r'<h(?P<level>[23]) id="(?P<id>[^"]*)">(?P<name>.*?)<a class="headerlink"', re.DOTALL)


def read_page(results: Path) -> str:
    """Return the body of the page of the whole book.

    Raises:
        DataError: The page is missing, or it was made from a different notebook.
    """
    path = results / PAGE_FILE
    first, _, body = path.read_text(encoding="utf-8").partition("\n") if path.is_file() else ("", "", "")
    if first != made_from(results):
        raise DataError(f"{path} is not made from today's {WHOLE_FILE}: run `python -m tensorbook.book notebook`")
    return body.removesuffix("\n")


def made_from(folder: Path) -> str:
    """Return the first line of the page, which identifies the notebook in a folder from which it is made."""
    path = folder / WHOLE_FILE
    digest = sha256_of(path.read_bytes()) if path.is_file() else "missing"
    return f"<!-- made by `python -m tensorbook.book notebook` from {WHOLE_FILE}, SHA-256 {digest} -->"


def contents(body: str) -> list[dict[str, Any]]:
    """Return the chapters of a page and their sections, as tokens like Python-Markdown's."""
    chapters: list[dict[str, Any]] = []
    for heading in CHAPTER_OR_SECTION.finditer(body):
        name = unescape(re.sub(r"<[^>]*>", "", heading["name"])).strip()
        token: dict[str, Any] = {"level": int(heading["level"]), "id": heading["id"], "name": name, "children": []}
        if token["level"] == 2:
            chapters.append(token)
        elif chapters:
            chapters[-1]["children"].append(token)
    return chapters


def output_pictures(notebook: Any) -> list[bytes]:
    """Return the pictures that a notebook's cells have drawn, as PNG files, in order."""
    return [base64.b64decode(output["data"]["image/png"]) for output in _drawn(notebook)]


def output_alts(notebook: Any) -> list[str]:
    """Return the descriptions of these pictures from their pages."""
    return [output["metadata"].get("image/png", {}).get("alt", "") for output in _drawn(notebook)]


def _drawn(notebook: Any) -> list[Any]:
    outputs = (output for cell in notebook["cells"] if cell["cell_type"] == "code" for output in cell["outputs"])
    return [output for output in outputs if output.get("data", {}).get("image/png")]
