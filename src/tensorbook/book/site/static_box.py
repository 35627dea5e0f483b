"""The drawing box as a static picture, for paper and for browsers without scripts."""

import json
from pathlib import Path

import numpy as np

from tensorbook.book.site.diagrams.svg import SMALL, Drawing
from tensorbook.drawings import EXAMPLE, SIZE, load_drawing
from tensorbook.weights import trained_network

EXAMPLE_DIGIT = 3  # the digit of "Show me" that EXAMPLE shows
SHEET = 280  # the strokes' coordinates go from 0 to this
LEAST = 0.0005  # a smaller probability is shown as 0
SHADES = 8  # number of shades: finer differences are invisible, and each shade adds a path


def first_answer(docs: Path) -> str:
    """Return the strokes of a three and the stored network's ten probabilities as JSON: what the box shows at first.

    Args:
        docs: The folder of the pages, with the strokes of "Show me".

    Raises:
        DataError: The weights of the trained network are missing or damaged.
    """
    strokes = json.loads((docs / "assets" / "strokes.json").read_text(encoding="utf-8"))[EXAMPLE_DIGIT]
    return json.dumps({"strokes": strokes, "probabilities": [round(float(p), 6) for p in _probabilities()]})


def _probabilities() -> np.ndarray:
    """Return the stored network's probabilities for the example: float32 array of shape ``(10,)``."""
    digit = load_drawing(EXAMPLE)
    probabilities: np.ndarray = trained_network().predict(digit.reshape(1, -1).astype("float32") / 255)[0]
    return probabilities


def draw_still(docs: Path) -> str:
    """Return a three, the picture that the network sees, and its ten probabilities, as one line of SVG.

    The stored network computes the numbers with NumPy, so the build needs nothing else.

    Args:
        docs: The folder of the pages, with the strokes of "Show me".

    Raises:
        DataError: The weights of the trained network are missing or damaged.
    """
    digit = load_drawing(EXAMPLE)
    probabilities = _probabilities()
    best = int(probabilities.argmax())
    prediction = f"Prediction: {best} ({_percent(probabilities[best])})."
    rest = ", ".join(f"{k} has {_percent(p)}" for k, p in enumerate(probabilities) if k != best and p >= LEAST)
    drawing = Drawing(
        "still",
        (400, 212),
        f"A handwritten {EXAMPLE_DIGIT} and the network's answer",
        f"On the left is a {EXAMPLE_DIGIT} as it was drawn, and below it the same digit in {SIZE} by {SIZE} pixels. On "
        f"the right, a bar for each digit shows its probability. {prediction} "
        f"{rest or 'All other probabilities are below 0.1%'}.",
    )
    strokes = json.loads((docs / "assets" / "strokes.json").read_text(encoding="utf-8"))[EXAMPLE_DIGIT]
    drawing.rect(1, 1, 140, 140, "tb-box", radius=3)
    for stroke in strokes:
        drawing.line([(1 + x * 140 / SHEET, 1 + y * 140 / SHEET) for x, y in stroke], "tb-stroke")
    drawing.rect(1, 153, 2 * SIZE, 2 * SIZE, "tb-box")
    for shade, squares in _by_shade(digit).items():
        path = "".join(f"M{1 + 2 * column} {153 + 2 * row}h2v2h-2z" for row, column in squares)
        drawing.path(path, "tb-pixels", opacity=shade / SHADES)
    drawing.text(66, 181, f"in {SIZE} × {SIZE}", "tb-muted", anchor="start", size=SMALL)
    drawing.text(160, 9, prediction, "tb-text tb-strong", anchor="start")
    for k, probability in enumerate(probabilities):
        y = 33 + 19 * k
        drawing.text(168, y, str(k), "tb-text tb-strong" if k == best else "tb-text", size=SMALL)
        drawing.rect(180, y - 5, 165, 10, "tb-box", radius=2)
        if probability >= LEAST:
            drawing.rect(180, y - 5, 165 * float(probability), 10, "tb-bar", radius=2)
        drawing.text(399, y, _percent(probability), "tb-muted", anchor="end", size=SMALL)
    return str(drawing)


def _percent(probability: float) -> str:
    """Return a probability in the box's format."""
    return f"{probability:.0%}" if probability < LEAST or probability > 0.999 else f"{probability:.1%}"


def _by_shade(digit: np.ndarray) -> dict[int, list[tuple[int, int]]]:
    """Return the positions of the ink pixels by shade, 1 to ``SHADES``."""
    shades = np.rint(digit / 255 * SHADES).astype(int)
    return {
        int(shade): [(int(row), int(column)) for row, column in np.argwhere(shades == shade)]
        for shade in np.unique(shades)
        if shade
    }
