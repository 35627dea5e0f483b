"""Plots of functions: relu, softmax with its loss, and a loss that a weight walks down."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from tensorbook.book.site.diagrams.svg import SMALL, Drawing, Point, number


@dataclass(frozen=True)
class Axes:
    """How a graph's numbers become places in its drawing: the origin's place, and units for a step of 1."""

    drawing: Drawing
    origin: Point
    scale: Point

    def at(self, x: float, y: float) -> Point:
        """Return the place of a point of the graph."""
        return self.origin[0] + x * self.scale[0], self.origin[1] - y * self.scale[1]

    def curve(self, function: Callable[[float], float], start: float, stop: float) -> None:
        """Draw a function between two numbers."""
        steps = 60
        numbers = [start + (stop - start) * step / steps for step in range(steps + 1)]
        self.drawing.line([self.at(x, function(x)) for x in numbers], "tb-curve")


def relu() -> str:
    """Return the graph of relu."""

    def function(x: float) -> float:
        return max(x, 0.0)

    drawing = Drawing(
        "relu",
        (360, 250),
        "The graph of relu",
        "relu(x) is max(x, 0). To the left of 0 the graph is flat: negative numbers become 0. To the "
        "right of 0 it is a straight line with a slope of 1: positive numbers stay as they are. Points are "
        "marked at " + ", ".join(f"relu({x}) = {function(x):g}" for x in range(-2, 4)) + ".",
    )
    axes = Axes(drawing, (180, 204), (46, 46))
    for mark in range(-3, 4):
        (x, base), (_, y) = axes.at(mark, 0), axes.at(0, mark)
        drawing.text(x, base + 17, number(mark), "tb-muted", size=SMALL)
        if mark > 0:
            drawing.line([(24, y), (336, y)], "tb-rule")
            drawing.text(axes.origin[0] - 10, y - 9, number(mark), "tb-muted", size=SMALL)
    drawing.arrow([(20, axes.origin[1]), (344, axes.origin[1])], "tb-axis")
    drawing.arrow([(axes.origin[0], axes.origin[1] + 4), (axes.origin[0], 22)], "tb-axis")
    axes.curve(function, -3.2, 3.4)
    for x in range(-2, 4):
        drawing.circle(*axes.at(x, function(x)), 4.5)
    drawing.text(348, axes.origin[1] - 14, "x", "tb-text tb-code", anchor="end")
    drawing.text(axes.origin[0], 11, "relu(x)", "tb-text tb-code")
    drawing.text(92, 172, "negative: 0", size=SMALL)
    drawing.text(290, 138, "positive: x", size=SMALL)
    return str(drawing)


RATE = 0.5
STEPS = 5


def loss(weight: float) -> float:
    """Return the loss of ``gradient-step``: a valley whose floor is at 3."""
    return (weight - 3) ** 2 / 4 + 0.4


def slope(weight: float) -> float:
    """Return how steep ``loss`` is at a weight: its derivative."""
    return (weight - 3) / 2


def walk(start: float) -> list[float]:
    """Return the weights that gradient descent goes through from ``start``."""
    weights = [start]
    for _ in range(STEPS):
        weights.append(weights[-1] - RATE * slope(weights[-1]))
    return weights


def gradient_step() -> str:
    """Return a loss curve and a weight that walks down it, with steps proportional to the slope."""
    weights = walk(-1.0)
    drawing = Drawing(
        "gradient-step",
        (360, 280),
        "Walking down the slope of a loss",
        "The loss as a function of one weight: a valley. A point starts high on the left side and walks down "
        f"in {STEPS} steps. Each step goes against the slope, and its size is the learning rate, {RATE}, times the "
        "slope: the flatter the curve, the shorter the step. The weights are "
        + ", ".join(f"{weight:.2f}" for weight in weights)
        + ", and the losses are "
        + ", ".join(f"{loss(weight):.2f}" for weight in weights)
        + ".",
    )
    axes = Axes(drawing, (80, 236), (36, 46))
    drawing.arrow([(24, 242), (344, 242)], "tb-axis")
    drawing.arrow([(24, 242), (24, 24)], "tb-axis")
    drawing.text(24, 12, "loss", anchor="start")
    drawing.text(340, 264, "weight", anchor="end")
    axes.curve(loss, -1.06, 7.06)
    for index, (weight, following) in enumerate(pairwise(weights)):
        corner = axes.at(following, loss(weight))
        drawing.line([axes.at(weight, loss(weight)), corner, axes.at(following, loss(following))], "tb-guide")
        if index < 2:
            change = f"−{RATE} · ({number(slope(weight))}) = {following - weight:.2f}"
            drawing.text(corner[0] + 9, corner[1] + 1, change, anchor="start")
    for index, weight in enumerate(weights):
        x, y = axes.at(weight, loss(weight))
        drawing.circle(x, y, 5, "tb-point tb-point--last" if index == STEPS else "tb-point")
    drawing.text(24, 264, "step = −learning rate · slope", "tb-muted", anchor="start", size=SMALL)
    return str(drawing)


SCORES = (1.0, 2.0, 4.0)  # those of chapter 2's block
RIGHT = 2


def softmax() -> str:
    """Return three scores, their softmax shares as bars, and the cross-entropy of the right class."""
    exponentials = [math.exp(score) for score in SCORES]
    shares = [exponential / sum(exponentials) for exponential in exponentials]
    cross_entropy = -math.log(shares[RIGHT])
    drawing = Drawing(
        "softmax",
        (360, 286),
        "Softmax and cross-entropy of three scores",
        "Three bars, one for each class, show the softmax shares: "
        + ", ".join(f"the score {score:g} gets {share:.3f}" for score, share in zip(SCORES, shares, strict=True))
        + f". Class {RIGHT} is the right one. Below them, a curve shows the loss −ln p, where p is the share of the "
        "right class. It falls steeply near p = 0 and reaches zero at p = 1. A point marks "
        f"p = {shares[RIGHT]:.3f}, where the loss is {cross_entropy:.3f}.",
    )
    for place, (score, share) in enumerate(zip(SCORES, shares, strict=True)):
        y, right = 16 + 32 * place, place == RIGHT
        drawing.text(0, y, f"score {score:g}", "tb-text tb-strong" if right else "tb-text", anchor="start")
        drawing.rect(76, y - 11, 220, 22, "tb-box", 3)
        drawing.rect(76, y - 11, 220 * share, 22, "tb-bar", 3)
        drawing.text(304, y, f"{share:.3f}", anchor="start")
    axes = Axes(drawing, (36, 256), (290, 28))
    drawing.line([(36, 112), (36, 256), (330, 256)], "tb-axis")
    for place, mark in ((116, "5"), (256, "0")):
        drawing.text(30, place, mark, "tb-muted", anchor="end", size=SMALL)
    drawing.text(326, 274, "1", "tb-muted", size=SMALL)
    drawing.text(46, 116, "loss −ln p", anchor="start", size=SMALL)
    drawing.text(181, 274, "p, the share of the right class", size=SMALL)
    drawing.line([axes.at(math.exp(-height / 20), height / 20) for height in range(100, -1, -1)], "tb-curve")
    point = axes.at(shares[RIGHT], cross_entropy)
    drawing.line([(36, point[1]), point, (point[0], 256)], "tb-guide")
    drawing.circle(*point, 6, "tb-point tb-point--last")
    return str(drawing)
