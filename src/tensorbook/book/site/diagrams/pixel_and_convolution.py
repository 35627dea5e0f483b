"""An MNIST digit as numbers: one of its pixels, and the result of a small window on all of them."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from tensorbook.book.site.diagrams.svg import SMALL, Drawing, number

DIGITS = Path(__file__).parents[5] / "docs" / "assets" / "first-digits.json"  # of the training set
SIDE = 28
SHADES = 8  # finer differences are invisible, and each shade adds a path
SAMPLE, ROW, COLUMN = 4, 7, 12  # chapter 3's nine, and a pixel at the edge of its stroke
EDGES = ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1))  # chapter 8's window: ink on the right, paper on the left


def pixel() -> str:
    """Return a digit with one pixel marked: its row, column, value, and index in the row of 784."""
    digit = read_digit(SAMPLE)
    value, place = digit[SIDE * ROW + COLUMN], SIDE * ROW + COLUMN
    drawing = Drawing(
        "pixel",
        (360, 340),
        "One pixel of a digit",
        f"A handwritten nine of {SIDE} by {SIDE} pixels, train_images[{SAMPLE}]. One pixel is marked, at row {ROW} and "
        f"column {COLUMN}, both counted from 0: its value is {value}. In the row of {SIDE * SIDE} pixels, its index is "
        f"{ROW} · {SIDE} + {COLUMN} = {place}.",
    )
    side, left, top = 10, 60, 20
    drawing.rect(left, top, SIDE * side, SIDE * side, "tb-box")
    _ink(drawing, [value / 255 for value in digit], SIDE, (left, top), side)
    x, y = left + side * COLUMN, top + side * ROW
    drawing.line([(left - 6, y + side / 2), (x, y + side / 2)], "tb-guide")
    drawing.line([(x + side / 2, top - 4), (x + side / 2, y)], "tb-guide")
    drawing.rect(x, y, side, side, "tb-window")
    drawing.text(left - 10, y + side / 2, f"row {ROW}", anchor="end", size=SMALL)
    drawing.text(x + side / 2, 8, f"column {COLUMN}", size=SMALL)
    drawing.text(200, 318, f"train_images[{SAMPLE}, {ROW}, {COLUMN}] is {value}", "tb-text tb-code", size=SMALL)
    return str(drawing)


def convolution() -> str:
    """Return a digit, a window on it with its nine products, and the picture that the window produces."""
    pixels = [value / 255 for value in read_digit(0)]
    made = convolve(pixels, EDGES)
    row, column = 5, 11
    total = made[26 * row + column]
    drawing = Drawing(
        "convolution",
        (360, 306),
        "A window of nine weights over a digit",
        f"Left, a handwritten five with a window of 3 by 3 pixels at row {row}, column {column}. Right, the picture of "
        "26 by 26 pixels that this window makes as it moves over the whole digit, with only the left edges of its "
        f"strokes. Below, the nine pixels in the window and its nine weights: {EDGES}. "
        f"The products sum to {total:.2f}.",
    )
    side = 5
    for left, picture, across in ((2, pixels, SIDE), (206, [value / max(made) for value in made], SIDE - 2)):
        drawing.rect(left, 24, side * across, side * across, "tb-box")
        _ink(drawing, picture, across, (left, 24), side)
    drawing.text(2, 10, "28 × 28", "tb-muted", anchor="start", size=SMALL)
    drawing.text(206, 10, "26 × 26", "tb-muted", anchor="start", size=SMALL)
    drawing.rect(2 + side * column, 24 + side * row, 3 * side, 3 * side, "tb-window")
    drawing.rect(206 + side * column, 24 + side * row, side, side, "tb-window")
    for left, sign in ((2, ""), (130, "·"), (258, "=")):
        if sign:
            drawing.text(left - 11, 244, sign, size=18)
    for i in range(3):
        for j in range(3):
            for left, value in ((2, pixels[SIDE * (row + i) + column + j]), (130, float(EDGES[i][j]))):
                drawing.rect(left + 35 * j, 190 + 35 * i, 35, 35)
                written = f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−") or "0"
                drawing.text(left + 35 * j + 17.5, 190 + 35 * i + 17.5, written, size=SMALL)
    drawing.text(258, 244, number(total), "tb-text tb-strong", anchor="start")
    return str(drawing)


def read_digit(sample: int) -> list[int]:
    """Return the 784 pixels of one of the first training images, row by row, 0 (paper) to 255 (ink)."""
    return list(base64.b64decode(json.loads(DIGITS.read_text(encoding="utf-8"))["images"][sample]))


def convolve(pixels: Sequence[float], window: Sequence[Sequence[float]]) -> list[float]:
    """Apply a window of 3 × 3 weights to 28 × 28 pixels; return 26 × 26 numbers, none below zero."""
    places = [(row, column) for row in range(SIDE - 2) for column in range(SIDE - 2)]
    sums = (
        sum(window[i][j] * pixels[SIDE * (row + i) + column + j] for i in range(3) for j in range(3))
        for row, column in places
    )
    return [max(one, 0.0) for one in sums]


def _ink(drawing: Drawing, pixels: Sequence[float], across: int, corner: tuple[float, float], side: float) -> None:
    """Draw pixels from 0 to 1 as squares of ink, one path per shade."""
    shades: dict[int, list[str]] = {}
    for place, value in enumerate(pixels):
        if shade := round(value * SHADES):
            x, y = corner[0] + side * (place % across), corner[1] + side * (place // across)
            shades.setdefault(shade, []).append(f"M{x:g} {y:g}h{side:g}v{side:g}h-{side:g}z")
    for shade, squares in sorted(shades.items()):
        drawing.path("".join(squares), "tb-pixels", opacity=shade / SHADES)
