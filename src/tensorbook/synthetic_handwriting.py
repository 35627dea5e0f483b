"""Synthetic digits for chapter 9: a program writes them, in many of the styles that people use."""

from collections.abc import Sequence

import numpy as np

from tensorbook.data import Split
from tensorbook.drawings import place_ink
from tensorbook.find_ink import FAINT
from tensorbook.strokes import SIDE, draw_strokes, smooth

# Each digit's styles. A style is a list of strokes; a stroke is the places that the pen passes through, x to the right
# and y down, as "x y" in hundredths of the digit's height. A place given twice is a corner.
STYLES: dict[int, list[list[str]]] = {
    0: [
        ["30 0, 8 20, 0 50, 8 82, 30 100, 52 82, 60 50, 52 18, 30 0"],
        ["48 10, 20 3, 2 35, 5 75, 28 100, 52 85, 60 45, 45 8, 18 6"],  # past its start
        ["20 8, 3 40, 6 80, 30 100, 54 80, 58 40, 40 4"],  # open at the top
        ["34 0, 8 20, 0 55, 12 90, 36 98, 58 70, 56 25, 36 2, 20 22, 36 34"],  # its end curls inwards
        ["30 0, 8 20, 0 50, 8 82, 30 100, 52 82, 60 50, 52 18, 30 0", "60 2, 30 50, 0 98"],  # slashed
    ],
    1: [
        ["15 0, 12 50, 10 100"],
        ["0 28, 14 16, 26 0, 26 0, 24 50, 22 100"],
        ["0 46, 18 25, 38 0, 38 0, 33 50, 28 100"],  # a long flag
        ["0 14, 16 12, 30 0, 30 0, 28 50, 26 100"],
        ["4 26, 16 16, 28 0, 28 0, 26 50, 24 100", "0 100, 26 99, 54 99"],  # a flag and a foot
        ["24 0, 22 50, 20 100", "0 100, 22 99, 46 98"],
        ["0 20, 12 8, 22 6, 28 14, 26 50, 22 100"],  # round at the top
        ["0 44, 22 22, 42 0, 42 0, 30 50, 18 100"],
        ["4 26, 16 16, 28 0, 28 0, 30 50, 30 96", "2 100, 24 99, 44 96"],
        ["2 34, 16 16, 32 0, 32 0, 36 46, 34 90, 14 96, 0 100"],  # half a foot
        ["0 40, 18 20, 34 0, 34 0, 32 48, 28 94", "0 98, 28 97, 64 98"],
    ],
    2: [
        ["4 22, 20 2, 44 4, 52 26, 32 62, 0 100, 0 100, 30 99, 60 100"],
        ["4 20, 24 0, 50 14, 44 46, 16 86, 2 96, 8 82, 26 88, 60 98"],  # with a loop
        ["2 6, 28 3, 54 5, 54 5, 28 50, 0 98, 0 98, 30 98, 60 96"],  # like a Z
        ["6 16, 26 0, 48 12, 46 40, 24 74, 0 94, 20 88, 40 98, 62 92"],
        ["12 30, 6 12, 26 0, 48 14, 40 46, 20 78, 4 98, 4 98, 34 94, 62 98"],
    ],
    3: [
        ["4 12, 26 0, 50 14, 42 38, 20 47, 20 47, 48 56, 56 80, 30 100, 0 90"],
        ["2 3, 28 2, 54 3, 54 3, 24 40, 24 40, 50 56, 52 86, 24 100, 0 88"],  # flat at the top
        ["4 8, 38 0, 48 24, 26 45, 50 64, 42 94, 0 98"],
        ["6 10, 30 0, 50 16, 36 42, 18 48, 26 38, 48 60, 50 88, 26 100, 0 92"],  # with a loop
        ["6 14, 28 2, 46 16, 34 42, 34 42, 50 66, 46 92, 18 100, 6 88"],
    ],
    4: [
        ["12 0, 6 30, 0 58, 0 58, 30 57, 60 56", "42 12, 40 55, 38 100"],
        ["44 0, 22 32, 0 64, 0 64, 32 63, 64 62", "44 0, 43 50, 42 100"],  # closed
        ["6 4, 4 34, 18 52, 40 50, 54 40", "54 4, 50 50, 44 100"],  # round
        ["6 4, 4 36, 24 52, 46 36, 56 4, 56 4, 50 50, 44 100"],  # in one go
        ["26 0, 12 28, 0 52, 0 52, 26 56, 54 50", "40 24, 34 60, 26 100"],
        ["20 0, 10 30, 0 62, 0 62, 36 60, 66 58", "44 34, 42 66, 40 100"],  # with a short stem
        ["12 4, 2 38, 22 58, 52 46, 56 20", "34 0, 32 50, 30 100"],  # a bowl, and the stem through it
        ["24 0, 8 38, 0 56, 0 56, 22 54, 40 44", "40 44, 38 70, 34 100"],  # with a stem from the bar down
        ["16 0, 6 34, 0 64, 0 64, 24 62, 38 52", "38 52, 42 74, 40 100"],
    ],
    5: [
        ["8 0, 6 20, 4 42, 4 42, 30 34, 54 54, 48 90, 20 100, 0 90", "8 0, 30 0, 56 0"],
        ["54 0, 32 1, 10 2, 10 2, 4 42, 4 42, 34 34, 55 60, 46 92, 16 100, 0 92"],
        ["52 5, 22 2, 8 24, 30 44, 52 66, 40 95, 2 95"],  # like an S
        ["12 4, 8 24, 6 44, 28 42, 48 60, 42 90, 16 100, 0 94", "12 4, 34 4, 60 0"],
        ["50 2, 26 0, 12 4, 8 24, 6 44, 30 42, 50 66, 34 96, 0 98"],
        ["10 6, 6 24, 4 40, 24 32, 46 44, 48 74, 26 98, 2 92", "6 6, 34 2, 64 2"],
    ],
    6: [
        ["42 0, 16 24, 0 64, 14 97, 42 94, 50 72, 32 56, 8 68"],
        ["30 0, 10 42, 2 78, 20 100, 48 88, 46 62, 22 58, 2 78"],
        ["52 12, 36 0, 12 22, 0 62, 16 98, 44 94, 50 70, 30 54, 6 68"],
        ["24 0, 8 34, 0 70, 14 98, 38 98, 50 78, 34 62, 14 74, 18 88"],  # its end curls inwards
        ["46 2, 24 12, 4 46, 4 84, 26 100, 50 86, 44 62, 20 60, 4 70"],
    ],
    7: [
        ["0 3, 28 3, 56 2, 56 2, 36 46, 22 100"],
        ["0 4, 28 3, 56 2, 56 2, 36 46, 22 100", "10 52, 30 51, 54 50"],  # crossed
        ["0 18, 3 3, 3 3, 30 4, 56 2, 56 2, 38 50, 26 100"],
        ["0 12, 14 2, 34 8, 56 2, 56 2, 34 48, 26 100", "6 54, 30 52, 58 48"],
        ["0 8, 24 0, 46 6, 46 30, 34 62, 26 100"],  # round
        ["0 8, 24 0, 46 6, 44 34, 32 64, 22 100", "4 56, 30 54, 60 50"],
        ["0 10, 24 2, 46 4, 46 4, 38 46, 16 98", "4 74, 32 72, 64 70"],  # crossed far down
        ["2 14, 20 2, 46 8, 40 40, 22 96", "0 66, 30 64, 66 66"],
    ],
    8: [
        ["50 14, 28 0, 6 18, 28 45, 52 75, 28 100, 2 78, 26 48, 48 26, 48 10"],
        ["28 0, 8 12, 10 36, 28 46, 48 36, 48 12, 28 0", "28 46, 4 62, 6 92, 28 100, 52 90, 52 60, 28 46"],
        ["28 48, 6 24, 28 0, 50 22, 28 48, 2 76, 28 100, 54 76, 28 48"],
        ["54 4, 22 2, 8 20, 30 48, 52 76, 34 100, 6 88, 16 62, 40 36, 54 6"],
        ["8 6, 26 46, 50 76, 34 100, 8 92, 14 66, 38 40, 52 8, 30 0, 8 6"],
        ["56 6, 40 30, 14 66, 6 92, 30 100, 52 84, 36 56, 10 22, 24 2, 54 8"],
        ["50 8, 34 2, 14 20, 40 52, 50 80, 24 100, 6 84, 24 56, 44 30"],  # open at the top
        ["46 20, 30 4, 10 22, 34 46, 50 74, 30 100, 6 84, 20 60, 40 40, 52 6"],
    ],
    9: [
        ["50 14, 28 0, 4 18, 12 42, 38 40, 50 14, 50 50, 42 86, 16 100, 0 92"],
        ["48 12, 26 0, 4 20, 14 43, 40 36, 50 8, 50 8, 46 55, 42 100"],  # a straight leg
        ["46 6, 16 4, 4 26, 26 42, 48 28, 50 60, 36 94, 4 98"],
        ["30 2, 6 14, 8 40, 32 44, 50 26, 42 4, 26 2, 46 10, 46 56, 40 100"],
        ["46 16, 28 0, 6 16, 8 38, 30 44, 48 22, 44 56, 30 84, 14 100"],
        ["52 4, 24 0, 6 20, 22 38, 50 14, 50 14, 40 56, 22 100"],
        ["48 6, 26 2, 10 16, 24 32, 46 20, 40 6, 48 40, 50 72, 30 98, 0 92"],  # a small loop, a hooked leg
        ["52 2, 24 4, 10 22, 22 34, 42 24, 50 60, 38 94, 0 100"],
    ],
}
POINTS = 8  # places that are left of a line after a slow tablet


def write_digits(count: int, seed: int = 0) -> Split:
    """Write digits, draw them with the pen of the drawing box, and prepare them as the box does.

    Args:
        count: Number of digits; their labels are 0, 1, …, 9, 0, 1, …
        seed: Seed for the random numbers, 0 or more. A larger count does not change the first digits.

    Returns:
        Images and labels, both uint8, of shapes ``(count, 28, 28)`` and ``(count,)``.

    Examples:
        >>> images, labels = write_digits(12)
        >>> images.shape, labels
        ((12, 28, 28), array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], dtype=uint8))
    """
    random = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = np.zeros((count, 28, 28), dtype=np.uint8)
    for image, digit in zip(images, labels, strict=True):
        image[:] = prepare_strokes(write_digit(int(digit), random))
    return Split(images, labels)


def prepare_strokes(strokes: Sequence[np.ndarray]) -> np.ndarray:
    """Draw strokes and prepare them like ``prepare_drawing``, but without a search for dust: no stroke is that short.

    Args:
        strokes: As for ``draw_strokes``, at least one on the sheet.

    Returns:
        uint8 array of shape ``(28, 28)``, 0 (background) to 255 (ink).
    """
    ink = draw_strokes(strokes)
    return place_ink(np.where(ink < FAINT, 0, ink).astype(np.float32))


def write_digit(digit: int, random: np.random.Generator) -> list[np.ndarray]:
    """Write a digit in one of its styles, stretched and slanted at random, so that no two are the same.

    Args:
        digit: 0 to 9.
        random: The random generator that decides the style and everything else about this digit.

    Returns:
        The strokes for ``draw_strokes``: float arrays of shape ``(n, 2)``, in pixels of the sheet.

    Examples:
        >>> [stroke.shape for stroke in write_digit(1, np.random.default_rng(2))]
        [(29, 2)]
    """
    style = STYLES[digit][random.integers(len(STYLES[digit]))]
    strokes = [_places(stroke) for stroke in style]
    power = np.exp(random.normal(0, 0.25, 2))  # which parts are large: the loop of a nine, or its leg
    width = np.exp(random.normal(0, 0.3))
    strokes = [np.clip(stroke, 0, None) ** power * [0.6 * width, 1] for stroke in strokes]
    strokes = [_shaken(stroke, random) for stroke in strokes]
    if len(strokes) > 1 and random.random() < 0.6:
        strokes = [np.concatenate(strokes)]  # the pen is not lifted
    slant, turn = random.normal(0.1, 0.25), random.normal(0, 0.12)
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    strokes = [stroke @ [[1, 0], [-slant, 1]] @ turned for stroke in strokes]
    lines = [smooth(stroke, 4) for stroke in strokes]
    if random.random() < 0.6:
        lines = [smooth(slow(line), 4) for line in lines]
    return _on_sheet(lines, random.uniform(90, 230))


def _places(stroke: str) -> np.ndarray:
    """Return the points of a stroke from ``STYLES``, scaled so that the widest styles run from 0.0 to 1.0."""
    return np.array([place.split() for place in stroke.split(",")], dtype=float) / [60, 100]


def _shaken(stroke: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Move each point a little; corners, which are the same point twice, stay corners."""
    moves = random.normal(0, 0.04, stroke.shape)
    again = (np.diff(stroke, axis=0) == 0).all(axis=1)
    moves[1:][again] = moves[:-1][again]
    return stroke + moves


def slow(line: np.ndarray) -> np.ndarray:
    """Return what a slow tablet records of a line: a few evenly spaced points."""
    way = np.concatenate([[0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])
    places = np.linspace(0, way[-1], POINTS)
    return np.stack([np.interp(places, way, line[:, axis]) for axis in (0, 1)], axis=1)


def _on_sheet(lines: list[np.ndarray], size: float) -> list[np.ndarray]:
    """Scale lines so that their longer side is ``size`` pixels, and move them to the middle of the sheet."""
    places = np.concatenate(lines)
    low, high = places.min(axis=0), places.max(axis=0)
    return [SIDE / 2 + (line - (low + high) / 2) * size / max(high - low) for line in lines]
