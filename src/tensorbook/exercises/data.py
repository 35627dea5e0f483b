"""Exercises for chapter 1: arrays of images, their size in bytes, and a score to beat."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import count, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise, blank


def _more_ink() -> int:
    return int((np.array([200], "uint8") + np.array([100], "uint8"))[0])


def _counts(random: np.random.Generator) -> Iterator[Case]:
    for labels, hint in (
        (
            np.array([5, 0, 4, 1, 9, 5]),
            "Return ten counts, in the order of the digits: how many 0s, how many 1s, and so on.",
        ),
        (random.integers(10, size=1000).astype("uint8"), "Count all ten classes, from 0 to 9."),
        (np.array([3, 3, 1], "uint8"), "A digit that doesn't occur still has a count: zero."),
    ):
        yield Case((labels,), np.bincount(labels, minlength=10), hint)


def _baselines(random: np.random.Generator) -> Iterator[Case]:
    for labels, hint in (
        (np.array([1, 1, 1, 7]), "What share of these labels equals the most common one?"),
        (np.array([7, 7, 7, 1, 1]), "The most common label isn't always 1. Count the labels first."),
        (np.array([4, 4, 4], "uint8"), "These labels are all the same digit."),
        (random.integers(10, size=500).astype("uint8"), "What share of these labels equals the most common one?"),
    ):
        _, counts = np.unique(labels, return_counts=True)
        yield Case((labels,), counts.max() / len(labels), hint)


EXERCISES = (
    ValueExercise(
        name="one-picture",
        kind=shape,
        solve=lambda: blank(10_000, 28, 28)[:1].shape,
        right="One image, but still in an array, which is what a network expects.",
        common_mistakes=(
            ((28, 28), "That is the shape of test_images[0]. Is :1 an index?"),
            ((10_000, 28, 28), "That is all of them. How many images come before index 1?"),
            ((2, 28, 28), "Which indices does :1 include? Try it on a list: [10, 20, 30][:1]."),
        ),
        hint="Start with the shape of train_images[:10]. Which of its numbers is different for [:1]?",
    ),
    ValueExercise(
        name="bytes",
        kind=count,
        solve=lambda: blank(60_000, 28, 28).nbytes,
        right="47 million bytes, only a small part of a laptop's memory.",
        common_mistakes=(
            (60_000 * 28, "How many pixels does an image have? Multiply rows by columns."),
            (60_000 * 784 * 8, "That is the number of bits. A byte has eight bits."),
            (60_000 * 784 * 4, "That would be four bytes per pixel, as in float32. Which dtype do these images have?"),
            (70_000 * 784, "Count only the training set."),
        ),
        hint="Multiply images by rows by columns, then by the number of bytes in a uint8.",
    ),
    ValueExercise(
        name="more-ink",
        kind=count,
        solve=_more_ink,
        right="It overflowed. Convert pixels to floats before you compute with them.",
        common_mistakes=(
            (300, "Does that fit in eight bits? Check the largest number that a uint8 can hold."),
            (255, "The sum doesn't stop at the largest number. Think of an old car's odometer."),
            (45, "Almost. How many different values can a uint8 have, counting the 0?"),
        ),
        hint="Add the numbers and see whether the sum fits in eight bits. If it doesn't, counting starts over at 0.",
    ),
    FunctionExercise(
        name="count-digits",
        call="count_digits(labels)",
        cases=_counts,
        right="It counts like np.bincount, and it never leaves out a class.",
    ),
    FunctionExercise(
        name="baseline",
        call="baseline(labels)",
        cases=_baselines,
        right="Now you know what you can score without thinking, for any labels.",
    ),
)
