"""Exercises for chapter 10: shares of a batch, the traffic of an epoch, and combining gradients."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import count, number
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise

_WEIGHTS = (784 + 1) * 512 + (512 + 1) * 10
_BATCHES = 469


def _gradients(random: np.random.Generator) -> Iterator[Case]:
    """Yield gradients of pictures in shares; the expected result is their mean over all pictures."""
    for sizes, weights, hint in (
        ((2, 2), 1, "If all shares are the same size, the result is the mean of the means."),
        ((4, 2), 3, "A share of 4 pictures counts for more than a share of 2."),
        ((3,), 2, "A single worker gets the whole batch."),
        ((64, 64, 12), 4, "How many pictures are in the batch? All of them count equally."),
    ):
        shares = [random.normal(size=(size, weights)) for size in sizes]
        means = np.array([share.mean(axis=0) for share in shares])
        yield Case((means, np.array(sizes)), np.concatenate(shares).mean(axis=0), hint)


EXERCISES = (
    ValueExercise(
        name="last-share",
        kind=count,
        solve=lambda: 60_000 % 128 // 4,
        right="The last batch is short, and so is every share of it.",
        common_mistakes=(
            (32, "That is a share of a full batch. How many pictures are left for the last batch?"),
            (96, "That is the whole last batch."),
            (15_000, "That is a share of the whole epoch."),
            (128, "That is a full batch before it is shared."),
        ),
        hint="Find the number of pictures left over after the full batches of 128, then take a quarter of that.",
    ),
    ValueExercise(
        name="traffic",
        kind=number,
        solve=lambda: float(4 * _WEIGHTS * _BATCHES),
        right="Hundreds of megabytes, to train on 47 MB of pictures.",
        common_mistakes=(
            (4 * _WEIGHTS, "That is the number for one step. How many steps are there in an epoch?"),
            (_WEIGHTS * _BATCHES, "That is the number of slopes. How many bytes does each one take?"),
            (4 * _WEIGHTS * 60_000, "Slopes are sent once per batch, not once per picture."),
            (4 * _BATCHES, "That would be right for one slope per batch. There is one for each weight."),
        ),
        hint="Multiply the bytes per slope by the slopes per step, then by the steps per epoch.",
    ),
    FunctionExercise(
        name="together",
        call="together(means, sizes)",
        cases=_gradients,
        right="It is what one worker would have computed from the whole batch.",
    ),
)
