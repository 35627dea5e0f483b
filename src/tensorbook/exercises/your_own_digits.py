"""Exercises for chapter 9: scaling in proportion, the centre of mass of ink, and cutting out a digit."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import number, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise

_CUT = (50, 125)
_INK = np.array([0, 50, 0, 150])


def _inks(random: np.random.Generator) -> Iterator[Case]:
    """Yield ink with margins of known widths, so that what is inside them is known, too."""
    for inside, margins, hint in (
        (np.full((2, 3), 255), ((1, 2), (3, 1)), "Does your slice include the last row and the last column with ink?"),
        (
            np.array([[90], [0], [90]]),
            ((1, 1), (1, 1)),
            "Keep a gap between two strokes, such as the one below the dot of an i.",
        ),
        (
            np.eye(3, dtype=int) * 80,
            ((0, 0), (0, 0)),
            "The ink touches every edge here, so there is nothing to cut off.",
        ),
        (np.array([[7]]), ((4, 0), (0, 5)), "A single pixel of ink is still a picture, with one row and one column."),
        (
            random.integers(1, 256, (4, 2)),
            ((2, 1), (0, 3)),
            "Keep everything from the first row with ink to the last, and do the same for columns.",
        ),
    ):
        yield Case((np.pad(inside, margins),), inside, hint)


EXERCISES = (
    ValueExercise(
        name="scaled-shape",
        kind=shape,
        solve=lambda: tuple(round(side * 20 / max(_CUT)) for side in _CUT),
        right="The longer side becomes 20, and the other shrinks in proportion.",
        common_mistakes=(
            ((20, 50), "That makes the shorter side 20. Does the longer side fit in the box?"),
            ((20, 20), "That would stretch the digit. Both sides have to shrink by the same factor."),
            ((20, 8), "Rows come first. Is this digit tall or wide?"),
            ((28, 28), "That is the size of the whole picture. How large is the digit in it?"),
        ),
        hint="By what factor does the longer side shrink to become 20? The shorter side shrinks by the same factor.",
    ),
    ValueExercise(
        name="balance",
        kind=number,
        solve=lambda: float(_INK @ np.arange(4) / _INK.sum()),
        right="It is closer to the pixel with more ink.",
        common_mistakes=(
            (2.0, "That is halfway between the two pixels with ink. Does one of them weigh more?"),
            (1.5, "That is the middle of the row, wherever the ink is."),
            (3.0, "That is where most of the ink is. What about the rest?"),
            (125.0, "That is a mean of the ink. You need a mean of the positions."),
            (500.0, "That is the sum of each position times its ink. Now divide by the total ink."),
        ),
        hint="Multiply each position, counted from 0, by its ink. Add these up, and divide by the total ink.",
    ),
    FunctionExercise(
        name="cut-out",
        call="cut_out(ink)",
        cases=_inks,
        right="Margins go, gaps stay.",
    ),
)
