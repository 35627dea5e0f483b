"""Pictures that a notebook shows by themselves: in light colours, on paper of their own, whatever lies behind."""

import re
from functools import cache
from pathlib import Path

from tensorbook.book.results.svg_figures import picture_path
from tensorbook.book.site import diagrams

STYLE = Path("docs/stylesheets/diagrams.css")
PAPER = "background: #ffffff; padding: 8px"


@cache
def standalone_diagram(project: Path, name: str) -> str:
    """Return a diagram as an SVG file, with the light half of the site's colours inside."""
    css = re.sub(r"(?s)/\*.*?\*/", "", (project / STYLE).read_text(encoding="utf-8"))
    css = re.sub(r"light-dark\(([^,]+),[^)]+\)", r"\1", css).split("@media print")[0]
    css = re.sub(r"\s+", " ", css).strip()
    style = f"<style>text {{ font-family: sans-serif }} {css}</style>"
    svg = diagrams.draw(name).replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" style="{PAPER}" ', 1)
    return svg.replace(">", f">{style}", 1)


def figure_on_paper(results: Path, name: str) -> str:
    """Return a figure of a recorded run as an SVG file that can be read on a dark ground too."""
    svg = picture_path(results, name, "light").read_text(encoding="utf-8")
    return svg.replace("<svg ", f'<svg style="{PAPER}" ', 1)
