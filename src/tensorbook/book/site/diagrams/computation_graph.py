"""Chapter 7's smallest network as a graph: values flow forward, slopes flow back."""

from dataclasses import dataclass

from tensorbook.book.site.diagrams.svg import SMALL, Drawing, Point, number

X, W, V, TARGET = 2.0, 0.5, 3.0, 1.0
RADIUS = 17
LINE = 128  # the height of the chain of operations
PLACES = (50, 122, 194, 266, 338)  # of the operations


@dataclass(frozen=True)
class Walk:
    """The values of one forward pass, and the slopes of the loss with respect to each of them."""

    values: dict[str, float]
    slopes: dict[str, float]


def walk(x: float = X, w: float = W, v: float = V, target: float = TARGET) -> Walk:
    """Return the values that flow forward through the smallest network and the slopes that flow back.

    Examples:
        >>> walk().slopes["w"]
        24.0
    """
    product = w * x
    hidden = max(product, 0.0)
    answer = v * hidden
    difference = answer - target
    values = {"x": x, "w": w, "v": v, "target": target, "product": product, "hidden": hidden, "answer": answer}
    values |= {"difference": difference, "loss": difference**2}
    slopes = {"loss": 1.0, "difference": 2 * difference}
    slopes["answer"] = slopes["difference"]
    slopes["target"] = -slopes["difference"]
    slopes["hidden"], slopes["v"] = slopes["answer"] * v, slopes["answer"] * hidden
    slopes["product"] = slopes["hidden"] * (product > 0)
    slopes["w"], slopes["x"] = slopes["product"] * x, slopes["product"] * w
    return Walk(values, slopes)


def computation_graph() -> str:
    """Return the graph of the smallest network, with a value above each edge and a slope below it."""
    step = walk()
    values = {name: f"{value:g}" for name, value in step.values.items()}
    slopes = {name: number(int(value)) for name, value in step.slopes.items()}
    factors = (f"{2 * step.values['difference']:g}", f"{V:g}", "1", f"{X:g}")
    drawing = Drawing(
        "computation-graph",
        (400, 260),
        "The smallest network as a computation graph",
        "Five operations in a row, joined by arrows. Above each arrow is the value that flows forward, and below "
        "it is the slope of the loss that flows back. "
        + "; ".join(
            f"{name}: value {values[name]}, slope {slopes[name]}"
            for name in ("w", "x", "product", "hidden", "v", "answer", "target", "difference", "loss")
        )
        + f". The slope of w is {' times '.join(factors)}, which is {slopes['w']}.",
    )
    for place, name in zip(PLACES, ("×", "relu", "×", "−", "²"), strict=True):
        drawing.circle(place, LINE, RADIUS, "tb-cell tb-cell--first")
        drawing.text(place, LINE, name, "tb-text tb-strong", size=SMALL)
    for left, right, name in zip(PLACES, PLACES[1:], ("product", "hidden", "answer", "difference"), strict=False):
        _edge(drawing, (left + RADIUS, LINE), (right - RADIUS - 1, LINE), values[name], slopes[name])
    _edge(drawing, (PLACES[-1] + RADIUS, LINE), (396, LINE), values["loss"], slopes["loss"])
    drawing.text(376, LINE - 34, "loss", "tb-text tb-strong", size=SMALL)
    for place, name, end in (
        (PLACES[0], "w", -1),
        (PLACES[0], "x", 1),
        (PLACES[2], "v", -1),
        (PLACES[3], "target", -1),
    ):
        start = LINE + end * 70
        drawing.arrow([(place, start), (place, LINE + end * (RADIUS + 2))])
        drawing.text(place, start + end * 12, name, "tb-text tb-strong tb-code", size=SMALL)
        middle = LINE + end * 46
        drawing.text(place - 8, middle, values[name], "tb-text", anchor="end", size=SMALL)
        drawing.text(place + 8, middle, slopes[name], "tb-mark tb-strong", anchor="start", size=SMALL)
    drawing.arrow([(362, 184), (150, 184)], "tb-arrow tb-arrow--hot")
    drawing.text(256, 200, "slopes flow back", "tb-mark", size=SMALL)
    drawing.arrow([(132, 12), (172, 12)])
    drawing.text(180, 12, "values flow forward", "tb-text", anchor="start", size=SMALL)
    drawing.text(200, 246, f"slope of w = {' · '.join(factors)} = {slopes['w']}", "tb-mark tb-strong")
    return str(drawing)


def _edge(drawing: Drawing, start: Point, end: Point, value: str, slope: str) -> None:
    drawing.arrow([start, end])
    middle = (start[0] + end[0]) / 2
    drawing.text(middle, start[1] - 13, value, "tb-text", size=SMALL)
    drawing.text(middle, start[1] + 14, slope, "tb-mark tb-strong", size=SMALL)
