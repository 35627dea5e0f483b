"""The exercises of chapter 1: arrays of pictures, their bytes, and a score to beat."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.answers import count, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise, blank


def _more_ink() -> int:
    return int((np.array([200], "uint8") + np.array([100], "uint8"))[0])


def _counts(random: np.random.Generator) -> Iterator[Case]:
    for labels, hint in (
        (
            np.array([5, 0, 4, 1, 9, 5]),
            "Ten counts in the order of the digits: how often 0 occurs, then 1, and so on.",
        ),
        (random.integers(10, size=1000).astype("uint8"), "All ten classes count, from 0 to 9."),
        (np.array([3, 3, 1], "uint8"), "A digit that does not occur has a count, too: zero."),
    ):
        yield Case((labels,), np.bincount(labels, minlength=10), hint)


def _baselines(random: np.random.Generator) -> Iterator[Case]:
    for labels, hint in (
        (np.array([1, 1, 1, 7]), "What share of these labels is the most common one?"),
        (np.array([7, 7, 7, 1, 1]), "The most common label is not always 1: count first."),
        (np.array([4, 4, 4], "uint8"), "All of these are the same digit."),
        (random.integers(10, size=500).astype("uint8"), "What share of these labels is the most common one?"),
    ):
        _, counts = np.unique(labels, return_counts=True)
        yield Case((labels,), counts.max() / len(labels), hint)


EXERCISES = (
    ValueExercise(
        name="one-picture",
        kind=shape,
        solve=lambda: blank(10_000, 28, 28)[:1].shape,
        right="One picture, and still an array of pictures, as a network wants it.",
        common_mistakes=(
            ((28, 28), "That is test_images[0]. Is :1 an index?"),
            ((10_000, 28, 28), "That is all of them. How many pictures come before index 1?"),
            ((2, 28, 28), "Which indices does :1 take? Try it on a list: [10, 20, 30][:1]."),
        ),
        hint="Look at the shape of train_images[:10] first: which of its numbers changes?",
    ),
    ValueExercise(
        name="bytes",
        kind=count,
        solve=lambda: blank(60_000, 28, 28).nbytes,
        right="47 million bytes: a laptop's memory holds many times as much.",
        common_mistakes=(
            (60_000 * 28, "How many pixels does a picture have? Rows times columns."),
            (60_000 * 784 * 8, "Those are bits. Eight bits are one byte."),
            (60_000 * 784 * 4, "Four bytes each is what a float32 takes. Which dtype have these?"),
            (70_000 * 784, "Count only the training set."),
        ),
        hint="Pictures times rows times columns, times the bytes of a uint8.",
    ),
    ValueExercise(
        name="more-ink",
        kind=count,
        solve=_more_ink,
        right="It overflowed. Turn pixels into floats before you compute with them.",
        common_mistakes=(
            (300, "Does that fit into eight bits? Look at the largest number a uint8 can hold."),
            (255, "It does not stop at the largest number. Think of the odometer of an old car."),
            (45, "Almost: how many different values does a uint8 have, counting the 0?"),
        ),
        hint="Add them, and see whether eight bits can hold the sum. If not, counting starts again at 0.",
    ),
    FunctionExercise(
        name="count-digits",
        call="count_digits(labels)",
        cases=_counts,
        right="It counts like np.bincount, and leaves no class out.",
    ),
    FunctionExercise(
        name="baseline",
        call="baseline(labels)",
        cases=_baselines,
        right="Now you know what you score without thinking, whatever the labels.",
    ),
)
