"""Tensor operations as moves of points: shift, rotate, scale, shear and fold; and what a fold can separate."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from tensorbook.book.site.diagrams.svg import SMALL, Drawing, Point

# The outline of a letter F, as points of a plane.
LETTER: tuple[Point, ...] = (
    (-0.6, -1), (-0.2, -1), (-0.2, -0.15), (0.5, -0.15), (0.5, 0.25), (-0.2, 0.25), (-0.2, 0.6), (0.8, 0.6),
    (0.8, 1), (-0.6, 1), (-0.6, -1),
)  # fmt: skip
ANGLE = 30  # degrees
Matrix = tuple[tuple[float, float], tuple[float, float]]


def times(matrix: Matrix) -> Callable[[Point], Point]:
    """Return the function that multiplies a point by a matrix, as ``point @ matrix`` does."""
    (a, b), (c, d) = matrix
    return lambda point: (point[0] * a + point[1] * c, point[0] * b + point[1] * d)


def rotation(degrees: float) -> Matrix:
    """Return the matrix that turns points around the origin, counterclockwise."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (cosine, sine), (-sine, cosine)


MOVES: tuple[tuple[str, str, Callable[[Point], Point]], ...] = (
    ("original", "x", lambda point: point),
    ("shift", "x + [0.5, -0.5]", lambda point: (point[0] + 0.5, point[1] - 0.5)),
    ("rotate", f"x @ turn({ANGLE})", times(rotation(ANGLE))),
    ("scale", "x @ [[1.4, 0], [0, 0.6]]", times(((1.4, 0), (0, 0.6)))),
    ("shear", "x @ [[1, 0], [0.6, 1]]", times(((1, 0), (0.6, 1)))),
    ("fold", "relu(x)", lambda point: (max(point[0], 0.0), max(point[1], 0.0))),
)


def moves() -> str:
    """Return a letter F, and what each kind of operation turns it into."""
    drawing = Drawing(
        "moves",
        (400, 432),
        "How tensor operations move points",
        "Six small planes, each with the letter F made of points, and its original position in the background: "
        "unchanged; shifted right and down by an addition; rotated by a matrix; stretched and squeezed by a matrix; "
        "sheared by a matrix; and folded by relu, which pushes every point that is left of the vertical axis or below "
        "the horizontal one onto that axis, so that only a quarter of the letter keeps its shape.",
    )
    for index, (name, code, move) in enumerate(MOVES):
        middle = (70 + 130 * (index % 3), 92 + 208 * (index // 3))
        _plane(drawing, middle, 58)
        if index:
            drawing.line([_at(middle, point) for point in LETTER], "tb-guide")
        drawing.line([_at(middle, move(point)) for point in _along(LETTER)], "tb-curve")
        drawing.text(middle[0], middle[1] - 78, name, "tb-text tb-strong")
        for row, line in enumerate(_broken(code)):
            drawing.text(middle[0], middle[1] + 78 + 18 * row, line, "tb-muted tb-code", size=SMALL)
    return str(drawing)


def _broken(code: str) -> list[str]:
    """Return code on several lines if it has a matrix, with one row on each."""
    product, _, matrix = code.partition(" @ [[")
    first, _, second = matrix.partition("], [")
    return [f"{product} @ [[{first}],", f"[{second}"] if matrix else [code]


def _at(middle: Point, point: Point) -> Point:
    return middle[0] + 40 * point[0], middle[1] - 40 * point[1]


def _along(corners: Sequence[Point], steps: int = 12) -> list[Point]:
    """Return points along an outline, close enough together for a fold to be visible."""
    points = [
        (x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps)
        for (x0, y0), (x1, y1) in pairwise(corners)
        for step in range(steps)
    ]
    return [*points, corners[-1]]


def _plane(drawing: Drawing, middle: Point, half: float) -> None:
    drawing.rect(middle[0] - half, middle[1] - half, 2 * half, 2 * half, "tb-box", 4)
    drawing.line([(middle[0] - half, middle[1]), (middle[0] + half, middle[1])], "tb-rule")
    drawing.line([(middle[0], middle[1] - half), (middle[0], middle[1] + half)], "tb-rule")


# Chapter 5's four points, of two classes, and the hidden layer that folds them.
CORNERS: tuple[tuple[int, int], ...] = ((0, 0), (0, 1), (1, 0), (1, 1))


def fold(point: tuple[int, int]) -> tuple[int, int]:
    """Return the two hidden units of chapter 5's example: ``relu(x + y)`` and ``relu(x + y - 1)``."""
    total = point[0] + point[1]
    return max(total, 0), max(total - 1, 0)


def line_and_fold() -> str:
    """Return four points that no line separates, and the same points after a fold, where a line does."""
    drawing = Drawing(
        "line-and-fold",
        (400, 236),
        "Which points a line can separate before and after a fold",
        "Two planes. On the left, four points at the corners of a square; two opposite corners belong to one class, "
        "the other two to a second class. Every straight line, such as the dashed one drawn here, leaves at least "
        "one point on the wrong side. "
        "On the right, the same points after relu: "
        + ", ".join(f"{point} is now at {fold(point)}" for point in CORNERS)
        + ". The two points of one class are now in the same place, and a straight line separates the classes.",
    )
    for left, place, title, axes in (
        (40, lambda point: point, "before", ("x", "y")),
        (240, fold, "after relu", ("relu(x + y)", "relu(x + y − 1)")),
    ):
        drawing.arrow([(left, 190), (left + 144, 190)], "tb-axis")
        drawing.arrow([(left, 190), (left, 42)], "tb-axis")
        drawing.text(left + 72, 12, title, "tb-text tb-strong")
        drawing.text(left + 144, 216, axes[0], "tb-muted tb-code", anchor="end", size=SMALL)
        drawing.text(left - 4, 30, axes[1], "tb-muted tb-code", anchor="start", size=SMALL)
        for point in CORNERS:
            x, y = place(point)
            centre = (left + 60 * x, 190 - 60 * y) if title != "before" else (left + 16 + 88 * x, 174 - 88 * y)
            kind = "tb-point" if sum(point) == 1 else "tb-point tb-point--last"
            if sum(point) == 1:
                drawing.circle(*centre, 7, kind)
            else:
                drawing.rect(centre[0] - 6, centre[1] - 6, 12, 12, kind)
    drawing.line([(40, 114), (116, 190)], "tb-guide")
    # Between (1, 0) and the line from (0, 0) to (2, 1): where the first unit minus twice the second is a half.
    drawing.line([(240 + 30, 190), (240 + 138, 190 - 54)], "tb-curve")
    return str(drawing)
