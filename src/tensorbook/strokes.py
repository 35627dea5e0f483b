"""Pen strokes: points in the box become a smooth line, and lines become ink, as on the home page's sheet."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

# In pixels, as in docs/javascripts/drawing/sheet.js; a test draws the same strokes with both.
SIDE = 280  # of the sheet
PEN = 20  # how wide the pen draws


def smooth(points: np.ndarray, pieces: int = 8) -> np.ndarray:
    """Connect points with a smooth line: a centripetal Catmull–Rom spline.

    The line goes through every point. Its direction at a point is a mean of the directions from the previous point and
    to the next. Time advances with the square root of the distance, so the line has no loops where points are close
    together.

    Args:
        points: float array of shape ``(..., n, 2)``, n at least 2: the n points of any number of lines.
        pieces: Number of straight pieces between each point and the next, at least 1.

    Returns:
        float array of shape ``(..., (n - 1) * pieces + 1, 2)``.

    Examples:
        >>> corner = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
        >>> smooth(corner, pieces=2)
        array([[ 0.    ,  0.    ],
               [ 0.5625, -0.0625],
               [ 1.    ,  0.    ],
               [ 1.0625,  0.4375],
               [ 1.    ,  1.    ]])
    """
    points = np.asarray(points, dtype=float)
    before, after = 2 * points[..., :1, :] - points[..., 1:2, :], 2 * points[..., -1:, :] - points[..., -2:-1, :]
    line = np.concatenate([before, points, after], axis=-2)
    steps = np.diff(line, axis=-2)
    times = np.maximum(np.linalg.norm(steps, axis=-1, keepdims=True), 1e-9) ** 0.5
    speeds = steps / times
    # What a parabola through three points has as its speed in the middle one.
    first, second = times[..., :-1, :], times[..., 1:, :]
    middle = (second * speeds[..., :-1, :] + first * speeds[..., 1:, :]) / (first + second)
    start, end, time = points[..., :-1, None, :], points[..., 1:, None, :], times[..., 1:-1, None, :]
    leaving, arriving = middle[..., :-1, None, :] * time, middle[..., 1:, None, :] * time
    t = (np.arange(pieces) / pieces)[:, np.newaxis]
    between = (
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * leaving
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * arriving
    )
    whole = between.reshape(*points.shape[:-2], -1, 2)
    return np.concatenate([whole, points[..., -1:, :]], axis=-2)


def draw_strokes(strokes: Sequence[np.ndarray]) -> np.ndarray:
    """Draw strokes on the sheet with the box's round pen.

    Args:
        strokes: Arrays of shape ``(n, 2)``: the points, x to the right and y down, that each stroke connects with
            straight lines. A stroke with a single point is a dot. Anything outside 0 to 280 is cut off.

    Returns:
        uint8 array of shape ``(280, 280)``, 0 (paper) to 255 (ink).

    Examples:
        >>> ink = draw_strokes([np.array([[140.0, 40.0], [140.0, 240.0]])])
        >>> int(ink[100, 140]), int(ink[100, 200]), np.flatnonzero(ink.any(axis=0))[[0, -1]]
        (255, 0, array([130, 149]))
    """
    paper = np.ones((SIDE, SIDE), dtype=np.float32)  # the share of each pixel that is still paper
    for stroke in strokes:
        places = np.asarray(stroke, dtype=np.float32) - np.float32(0.5)  # a pixel's place is its middle
        if len(places) == 1:
            places = places.repeat(2, axis=0)
        for start, end in pairwise(places):
            left, top = np.maximum(np.floor(np.minimum(start, end) - PEN / 2), 0).astype(int)
            right, bottom = np.maximum(np.ceil(np.maximum(start, end) + PEN / 2) + 1, 0).astype(int)
            part = paper[top:bottom, left:right]
            x = np.arange(left, left + part.shape[1], dtype=np.float32) - start[0]
            y = (np.arange(top, top + part.shape[0], dtype=np.float32) - start[1])[:, np.newaxis]
            across, down = end - start
            along = (x * across + y * down) / max(across * across + down * down, np.float32(1e-9))
            along = np.clip(along, 0, 1)
            distance = np.sqrt((x - along * across) ** 2 + (y - along * down) ** 2)
            part *= np.clip(distance - (PEN / 2 - 0.5), 0, 1)
    return np.asarray((1 - paper) * 255 + 0.5, dtype=np.uint8)
