"""The chapter's network with its sizes, and the loop that trains it."""

import math

from tensorbook.book.site.diagrams.cells import HOT, PLAIN, ROWS, dots, sheet
from tensorbook.book.site.diagrams.svg import SMALL, Drawing

SIDE = 28
HIDDEN = 512
CLASSES = 10
# Made up: a network that is rather sure of a nine, and would take it for a four rather than for a one.
SCORES = (0.2, -0.6, 0.1, 0.5, 1.9, 0.3, -0.8, 1.3, 0.9, 2.9)


def network() -> str:
    """Return chapter 2's network, from an image to ten probabilities."""
    inputs = SIDE * SIDE
    layers = ((inputs, HIDDEN, "relu", ROWS[0]), (HIDDEN, CLASSES, "softmax", ROWS[1]))
    parameters = [size * units + units for size, units, _activation, _kind in layers]
    drawing = Drawing(
        "network",
        (360, 612),
        "The network, from an image to ten probabilities",
        f"From top to bottom: an image of {SIDE} by {SIDE} pixels is flattened and divided by 255, which gives "
        f"{inputs:,} inputs. They go into a Dense layer of {HIDDEN} units with relu, which has {inputs} "
        f"times {HIDDEN} weights and {HIDDEN} biases, {parameters[0]:,} parameters in total. Its {HIDDEN} outputs go "
        f"into a Dense layer of {CLASSES} units with softmax, which has {parameters[1]:,} parameters. Its "
        f"{CLASSES} outputs are drawn as bars, a probability for each digit. The nine has the largest "
        f"probability. The network has {sum(parameters):,} parameters in total.",
    )
    sheet(drawing, (144, 8), (72, 72), (7, 7))
    drawing.text(180, 44, "9", "tb-digit", size=52)
    drawing.text(228, 35, "image", "tb-text tb-strong", anchor="start")
    drawing.text(228, 54, str((SIDE, SIDE)), "tb-muted tb-code", anchor="start", size=SMALL)
    _flow(drawing, 84, "flattened,", "divided by 255")
    drawing.rect(20, 124, 320, 56, "tb-box", 6)
    drawing.text(180, 141, f"{inputs} inputs", "tb-text tb-strong")
    _units(drawing, 162, PLAIN)
    size, top = inputs, 180
    for (size, units, activation, kind), count in zip(layers, parameters, strict=True):
        _flow(drawing, top + 4, f"({size},)", kind="tb-muted tb-code")
        drawing.rect(20, top + 44, 320, 80, "tb-box", 6)
        drawing.text(180, top + 61, f"Dense: {units} units, {activation}", "tb-text tb-strong")
        _units(drawing, top + 83, kind, round_=True, every=units == CLASSES)
        rule = f"{size} · {units} + {units} = {count:,} parameters"
        drawing.text(180, top + 107, rule, "tb-text", size=SMALL)
        top += 124
    _flow(drawing, top + 4, f"({CLASSES},)", kind="tb-muted tb-code")
    _probabilities(drawing, top + 110)
    total = f"{' + '.join(f'{count:,}' for count in parameters)} = {sum(parameters):,} parameters in total"
    drawing.text(180, 598, total, size=SMALL)
    return str(drawing)


def _flow(drawing: Drawing, y: float, *lines: str, kind: str = "tb-muted") -> None:
    drawing.arrow([(180, y), (180, y + 36)])
    for index, line in enumerate(lines):
        middle = y + 17 + 17 * (index - (len(lines) - 1) / 2)
        drawing.text(192, middle, line, kind, anchor="start", size=SMALL)


def _units(drawing: Drawing, y: float, kind: str, *, round_: bool = False, every: bool = False) -> None:
    places = range(-5, 5) if every else (-7, -6, -5, -4, -3, -2, 1, 2, 3, 4, 5, 6)
    for place in places:
        x = 180 + 20 * (place + 0.5)
        if round_:
            drawing.circle(x, y, 7, kind)
        else:
            drawing.rect(x - 7, y - 7, 14, 14, kind, 1)
    if not every:
        dots(drawing, 180, y, (8, 0))


def _probabilities(drawing: Drawing, base: float) -> None:
    shares = [math.exp(score) for score in SCORES]
    likeliest = max(shares)
    for digit, share in enumerate(shares):
        x = 42 + 28 * digit
        height = 62 * share / likeliest
        drawing.rect(x, base - height, 24, height, HOT if share == likeliest else PLAIN)
        drawing.text(x + 12, base + 13, str(digit), size=SMALL)
    drawing.line([(34, base), (326, base)], "tb-axis")
    drawing.text(180, base + 31, "ten probabilities that sum to 1", "tb-muted", size=SMALL)


def training_loop() -> str:
    """Return the four steps of training, in a ring."""
    steps = (
        ("1. Draw a batch", "images and labels"),
        ("2. Forward pass", "what does it predict?"),
        ("3. Loss", "how wrong is that?"),
        ("4. Update", "move the weights"),
    )
    drawing = Drawing(
        "training-loop",
        (360, 232),
        "The training loop",
        "Four boxes in a ring, joined by arrows: "
        + "; ".join(f"{title}: {line}" for title, line in steps)
        + ". An arrow leads from the fourth box back to the first: again, with the next batch.",
    )
    width, height = 150, 66
    corners = ((8, 8), (202, 8), (202, 158), (8, 158))
    for (x, y), (title, line), kind in zip(corners, steps, (PLAIN, ROWS[0], ROWS[1], ROWS[2]), strict=True):
        drawing.rect(x, y, width, height, kind, 8)
        drawing.text(x + width / 2, y + 23, title, "tb-text tb-strong")
        drawing.text(x + width / 2, y + 45, line, "tb-text", size=SMALL)
    drawing.arrow([(162, 41), (198, 41)])
    drawing.arrow([(277, 78), (277, 154)])
    drawing.arrow([(198, 191), (162, 191)])
    drawing.arrow([(83, 154), (83, 78)])
    drawing.text(180, 107, "again, with", "tb-muted")
    drawing.text(180, 126, "the next batch", "tb-muted")
    return str(drawing)
