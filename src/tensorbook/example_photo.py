"""Chapter 9: a photo of a digit on paper, made by a program so that everyone has the same one."""

from typing import TYPE_CHECKING

import numpy as np

from tensorbook.drawings import EXAMPLE
from tensorbook.plotting import LIGHT, default_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT, WIDTH = 160, 120
PAPER, PEN = (238, 231, 214), (36, 50, 104)  # cream and blue: red, green, blue
TILT = np.radians(9)  # how far the sheet is turned
MIDDLE = (74.0, 66.0)  # row and column of the middle of the drawing, which is not the middle of the photo
SIDE = 112  # side of the square drawing, in pixels of the photo
NOISE = 3.0  # standard deviation of the camera's noise in each pixel, of 255


def make_photo(seed: int = 0, shade: float = 0.15) -> np.ndarray:
    """Return a photo of a three, written with a blue pen on a cream sheet at a slight angle.

    The three is ``drawings.EXAMPLE``. The light comes from one corner of the photo; the opposite corner is in shadow.

    Args:
        seed: Seed for the camera's noise.
        shade: The share of the light that is missing in the darkest corner, 0.0 to 1.0.

    Returns:
        uint8 array of shape ``(160, 120, 3)``: red, green and blue, 0 (dark) to 255 (bright).

    Raises:
        ValueError: ``shade`` is below 0 or above 1.

    Examples:
        >>> photo = make_photo()
        >>> photo.shape, photo.dtype
        ((160, 120, 3), dtype('uint8'))
    """
    if not 0 <= shade <= 1:
        raise ValueError(f"make_photo needs a shade from 0 to 1, got {shade}")
    rows, columns = np.indices((HEIGHT, WIDTH))
    ink = _tilted(rows, columns)[..., np.newaxis]
    light = 1 - shade * (rows / (HEIGHT - 1) + columns / (WIDTH - 1))[..., np.newaxis] / 2
    colours = (np.array(PAPER) * (1 - ink) + np.array(PEN) * ink) * light
    colours += np.random.default_rng(seed).normal(0, NOISE, (HEIGHT, WIDTH, 1))
    photo: np.ndarray = np.clip(np.rint(colours), 0, 255).astype(np.uint8)
    return photo


def _tilted(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return how much ink of the turned and smaller drawing each pixel of the photo shows, 0.0 to 1.0."""
    from PIL import Image

    with Image.open(EXAMPLE) as image:
        drawing = 1 - np.asarray(image.convert("L")) / 255
    scale = len(drawing) / SIDE
    down, right = rows - MIDDLE[0], columns - MIDDLE[1]
    ink = np.zeros(rows.shape)
    # A pixel of the photo covers several of the drawing: take the mean of nine places.
    shifts = (-1 / 3, 0, 1 / 3)
    for y, x in ((down + i, right + j) for i in shifts for j in shifts):
        row = np.rint(len(drawing) / 2 + scale * (y * np.cos(TILT) - x * np.sin(TILT))).astype(int)
        column = np.rint(len(drawing) / 2 + scale * (y * np.sin(TILT) + x * np.cos(TILT))).astype(int)
        inside = (row >= 0) & (row < drawing.shape[0]) & (column >= 0) & (column < drawing.shape[1])
        ink[inside] += drawing[row[inside], column[inside]] / 9
    return ink


@default_style()
def plot_photo(photo: np.ndarray) -> "Axes":
    """Draw a photo in its own colours, on the axes of a new figure.

    Args:
        photo: uint8 array of shape ``(height, width, 3)``, or ``(height, width)`` for a photo in shades of grey.

    Raises:
        ValueError: The photo has a different shape.

    Examples:
        >>> plot_photo(make_photo()).images[0].get_array().shape
        (160, 120, 3)
    """
    photo = np.asarray(photo)
    if photo.ndim not in (2, 3) or photo.shape[2:] not in ((), (3,)):
        raise ValueError(f"plot_photo needs shape (height, width, 3) or (height, width), got {photo.shape}")
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(3, 3 * photo.shape[0] / photo.shape[1]), layout="constrained", facecolor="none")
    ax.imshow(photo, cmap="gray", vmin=0, vmax=255, interpolation="none")
    ax.set(xticks=(), yticks=())
    ax.spines[:].set(color=LIGHT["grid"], linewidth=0.8)
    return ax
