"""The exercises of chapter 1: arrays of pictures, their bytes, and what is to be beaten."""

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
            "Ten counts in the order of the digits: how often the 0 comes, the 1, and so on.",
        ),
        (random.integers(10, size=1000).astype("uint8"), "All ten classes count, from 0 to 9."),
        (np.array([3, 3, 1], "uint8"), "A digit that does not come is counted too: zero times."),
    ):
        yield Case((labels,), np.bincount(labels, minlength=10), hint)


def _baselines(random: np.random.Generator) -> Iterator[Case]:
    for labels, hint in (
        (np.array([1, 1, 1, 7]), "What share of these labels does the commonest one have?"),
        (np.array([7, 7, 7, 1, 1]), "The commonest label is not a 1 each time: count first."),
        (np.array([4, 4, 4], "uint8"), "All of these are the same digit."),
        (random.integers(10, size=500).astype("uint8"), "What share of these labels does the commonest one have?"),
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
        hint="Read the shape of train_images[:10] first: which of its numbers changes?",
    ),
    ValueExercise(
        name="bytes",
        kind=count,
        solve=lambda: blank(60_000, 28, 28).nbytes,
        right="47 million bytes, and a laptop's memory holds them many times over.",
        common_mistakes=(
            (60_000 * 28, "How many pixels has a picture? Rows times columns."),
            (60_000 * 784 * 8, "Those are bits. Eight bits are one byte."),
            (60_000 * 784 * 4, "Four bytes each is what a float32 takes. Which dtype have these?"),
            (70_000 * 784, "The training set alone is asked for."),
        ),
        hint="Pictures times rows times columns, and for each pixel the bytes of a uint8.",
    ),
    ValueExercise(
        name="more-ink",
        kind=count,
        solve=_more_ink,
        right="It overflowed. Turn pixels into floats before you compute with them.",
        common_mistakes=(
            (300, "Does that fit into eight bits? Look at the largest number a uint8 can hold."),
            (255, "It does not stop at the largest number. Think of the milometer of an old car."),
            (45, "Almost: how many different numbers has a uint8, counting the 0?"),
        ),
        hint="Add, and see whether eight bits can hold it; if not, counting begins again at 0.",
    ),
    FunctionExercise(
        name="count-digits",
        call="count_digits(labels)",
        cases=_counts,
        right="It counts as np.bincount does, and leaves no class out.",
    ),
    FunctionExercise(
        name="baseline",
        call="baseline(labels)",
        cases=_baselines,
        right="Whatever the labels, you now know what no thought at all would score.",
    ),
)
