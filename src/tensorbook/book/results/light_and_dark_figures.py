"""Matplotlib figures as pairs of SVG files, one for light pages and one for dark ones."""

import base64
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tensorbook.plotting import DARK, LIGHT, default_style, heat_colormap, ink_colormap, weights_colormap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMES = ("light", "dark")
# Not within a word, since the digits of a colour such as #1e2129 are not a number.
_NUMBER = re.compile(r"(?<![#\w])-?\d+(?:\.\d+)?(?:e-?\d+)?")
# Definitions of ids and references to them: id="…", href="#…", url(#…).
_ID = re.compile(r"""(?<=\bid=")[^"]+|(?<=href="\#)[^"]+|(?<=url\(\#)[^)]+""")
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)  # contains the version of Matplotlib
# The shapes of letters and their uses; a comment beside each text contains its words.
_LETTERS = re.compile(r'\s*(?:<defs>(?:\s*<path id="DejaVu[^/]*/>)+\s*</defs>|<use xlink:href="#DejaVu[^/]*/>)')
EXACT = 0.5  # points: too small to see, but larger than the differences between versions of Matplotlib
_PNG = re.compile(r"data:image/png;base64,([\w+/=\s]+)")


def draw_pair(figure: "Figure") -> dict[str, str]:
    """Return a figure as two SVG texts: unchanged for light pages, in the dark palette for dark pages.

    Args:
        figure: A figure drawn by ``tensorbook.plotting``, in the colours of its light palette.
    """
    from matplotlib.image import AxesImage

    light = _svg(figure)
    images = [image for image in figure.findobj(AxesImage) if isinstance(image, AxesImage)]
    maps = [image.get_cmap() for image in images]
    swapped = {make(LIGHT).name: make(DARK) for make in (ink_colormap, heat_colormap, weights_colormap)}
    for image, colormap in zip(images, maps, strict=True):
        image.set_cmap(swapped.get(colormap.name, colormap))
    dark = _svg(figure)
    for image, colormap in zip(images, maps, strict=True):
        image.set_cmap(colormap)
    for name, colour in LIGHT.items():
        dark = re.sub(re.escape(colour), DARK[name], dark, flags=re.IGNORECASE)
    return {"light": light, "dark": dark}


def _svg(figure: "Figure") -> str:
    import matplotlib

    buffer = io.StringIO()
    # With a salt and no date, the same figure gives the same bytes.
    with default_style(), matplotlib.rc_context({"svg.hashsalt": "tensorbook", "svg.fonttype": "path"}):
        figure.savefig(
            buffer,
            format="svg",
            transparent=True,
            bbox_inches="tight",
            pad_inches=0.05,
            metadata={"Date": None},
        )
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def picture_path(folder: Path, name: str, scheme: str) -> Path:
    """Return the path of a figure in the results folder, by name and colour scheme."""
    return folder / "figures" / f"{name}-{scheme}.svg"


def same_picture(one: str, other: str, tolerance: float = EXACT) -> bool:
    """Return whether two SVG texts show the same picture, up to small differences in their numbers.

    Versions of Matplotlib and zlib write the same picture with different digits and compressed bytes, and Matplotlib's
    names of clip paths are hashes of floats, which differ with the last bit. So names are compared by the order in
    which they first occur, and embedded images by their pixels.

    Args:
        one: SVG text.
        other: SVG text.
        tolerance: The largest allowed difference of two numbers, in points. If it is above ``EXACT``, figures that are
            written in the picture may differ, too.
    """
    if one == other:
        return True
    texts = [_METADATA.sub("", text) for text in (one, other)]
    if tolerance > EXACT:
        texts = [_LETTERS.sub("", text) for text in texts]
    pixels = [[_pixels(png) for png in _PNG.findall(text)] for text in texts]
    if len(pixels[0]) != len(pixels[1]) or not all(map(np.array_equal, *pixels)):
        return False
    names = [_ID.findall(text) for text in texts]
    if _first_places(names[0]) != _first_places(names[1]):
        return False
    texts = [_ID.sub("", _PNG.sub("", text)) for text in texts]
    if _NUMBER.sub("#", texts[0]) != _NUMBER.sub("#", texts[1]):
        return False
    numbers = [np.array([float(number) for number in _NUMBER.findall(text)]) for text in texts]
    return bool(np.all(np.abs(numbers[0] - numbers[1]) <= tolerance))


def _first_places(names: list[str]) -> list[int]:
    """Return for each name where it first occurs; two pictures that differ only in names give the same list."""
    places: dict[str, int] = {}
    return [places.setdefault(name, place) for place, name in enumerate(names)]


def _pixels(png: str) -> np.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        return np.asarray(image.convert("RGBA"))
