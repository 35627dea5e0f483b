"""What pages show and say in place of the drawing box, chapter 6's panel and chapter 9's photo figure.

This is for paper and for browsers without scripts. A live figure of the other chapters has its diagram in its place.
"""

import json
from pathlib import Path

import numpy as np

from tensorbook.book.results.panel_measurements import Learning
from tensorbook.book.site.diagrams.svg import SMALL, Drawing
from tensorbook.drawings import EXAMPLE, SIZE, load_drawing
from tensorbook.strokes import PEN, SIDE
from tensorbook.weights import trained_network

EXAMPLE_DIGIT = 3  # the digit of "Show me" that EXAMPLE shows
PAPER = 140  # how wide the sheet is drawn
LEAST, MOST = 0.0005, 0.999  # below and above, probabilities are shown without a decimal, as in the box
SHADES = 8  # number of shades: finer differences are invisible, and each shade adds a path
BOTTOM, HEIGHT, WIDTH = 170, 124, 150
# For each graph of the panel: its left end, what it shows, the top of its axis, and the marks on the axis.
GRAPHS = (
    (32, "loss", 2.5, {0: "0", 1: "1", 2: "2"}),
    (248, "accuracy", 1.0, {0: "0%", 0.5: "50%", 1: "100%"}),
)

PHOTO_WITHOUT_JAVASCRIPT = (
    "<p>In a browser with JavaScript, you can try these steps here on a photo of your own. On your computer, "
    "<code>tensorbook predict</code> does the same.</p>"
)


def box_without_javascript(docs: Path) -> str:
    """Return what replaces the drawing box, as HTML.

    Args:
        docs: The folder of the pages, with the strokes of "Show me".
    """
    return (
        '<div class="tb-still"><p>If your browser runs JavaScript, you can draw a digit here. This picture shows the '
        f"box with an example:</p>{draw_still(docs)}</div>"
    )


def panel_without_javascript(record: Learning) -> str:
    """Return what replaces the panel, as HTML.

    Args:
        record: The record of the panel's experiments.
    """
    return (
        '<div class="tb-still"><p>In a browser that runs JavaScript, the network learns here while you watch. These '
        f"are the curves of a recorded run:</p>{draw_curves(record)}</div>"
    )


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
    drawing.rect(1, 1, PAPER, PAPER, "tb-box", radius=3)
    scale = PAPER / SIDE
    for stroke in strokes:
        drawing.line([(1 + x * scale, 1 + y * scale) for x, y in stroke], "tb-stroke", width=PEN * scale)
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
    return f"{probability:.0%}" if probability < LEAST or probability > MOST else f"{probability:.1%}"


def _by_shade(digit: np.ndarray) -> dict[int, list[tuple[int, int]]]:
    """Return the positions of the ink pixels by shade, 1 to ``SHADES``."""
    shades = np.rint(digit / 255 * SHADES).astype(int)
    return {
        int(shade): [(int(row), int(column)) for row, column in np.argwhere(shades == shade)]
        for shade in np.unique(shades)
        if shade
    }


def draw_curves(record: Learning) -> str:
    """Return the loss and accuracy of the first recorded run, on training and test digits, as one line of SVG.

    Args:
        record: The record of the panel's experiments.
    """
    epochs = record.experiments["chapter-2"].epochs
    start, training, test = (record.curves[name][at] for name, at in (("test", 0), ("training", -1), ("test", -1)))
    drawing = Drawing(
        "learning",
        (400, 194),
        "A network learns",
        f"Two graphs over {epochs} epochs, each with a line for the training digits and a dashed line for the test "
        f"digits. The loss falls from {start['loss']:.1f} to {training['loss']:.2f} on the training digits and to "
        f"{test['loss']:.2f} on the test digits. The accuracy rises from {start['accuracy']:.0%} to "
        f"{training['accuracy']:.0%} and {test['accuracy']:.0%}. Most of this happens in the first epoch.",
    )
    for left, what, top, marks in GRAPHS:
        drawing.text(left, 10, what, "tb-text tb-strong", anchor="start")
        for number, name in enumerate(("training", "test")):
            x = left + 72 * number
            drawing.line([(x, 30), (x + 18, 30)], f"tb-curve tb-curve--{name}")
            drawing.text(x + 22, 30, name, "tb-muted", anchor="start", size=SMALL)
        for value, words in marks.items():
            y = BOTTOM - value / top * HEIGHT
            drawing.line([(left, y), (left + WIDTH, y)], "tb-rule" if value else "tb-axis")
            drawing.text(left - 5, y, words, "tb-muted", anchor="end", size=SMALL)
        drawing.text(left, BOTTOM + 15, "epoch 0", "tb-muted", anchor="start", size=SMALL)
        for epoch in range(2, epochs + 1):
            drawing.text(left + epoch / epochs * WIDTH, BOTTOM + 15, str(epoch), "tb-muted", size=SMALL)
        for name in ("training", "test"):
            points = [
                (left + point["epoch"] / epochs * WIDTH, BOTTOM - min(point[what] / top, 1) * HEIGHT)
                for point in record.curves[name]
            ]
            drawing.line(points, f"tb-curve tb-curve--{name}")
    return str(drawing)
