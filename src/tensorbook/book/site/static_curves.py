"""The curves of a recorded run, which replace chapter 6's panel on paper and in browsers without scripts."""

from tensorbook.book.results.learning import Learning
from tensorbook.book.site.diagrams.svg import SMALL, Drawing

BOTTOM, HEIGHT, WIDTH = 170, 124, 150
# For each graph: its left end, what it shows, the top of its axis, and the marks on the axis.
GRAPHS = (
    (32, "loss", 2.5, {0: "0", 1: "1", 2: "2"}),
    (248, "accuracy", 1.0, {0: "0%", 0.5: "50%", 1: "100%"}),
)


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
