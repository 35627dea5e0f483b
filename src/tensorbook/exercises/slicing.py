"""Exercises for chapter 4: slices that count from the end, rows, views, and batches, including the last."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import count, pair, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise, blank


def _batches_of_the_test_set() -> tuple[int, int]:
    batches = np.array_split(blank(10_000), range(96, 10_000, 96))
    return len(batches), len(batches[-1])


def _sum_after_writing() -> int:
    a = np.arange(5)
    b = a[1:4]
    b[0] = 9
    return int(a.sum())


def _pieces(random: np.random.Generator) -> Iterator[Case]:
    for x, size, hint in (
        (np.arange(10), 5, "Each batch starts where the previous one ended."),
        (np.arange(10), 3, "The samples left over at the end are a batch, too, just a shorter one."),
        (np.arange(6), 3, "The samples divide evenly here, so there should be no empty batch at the end."),
        (np.arange(4), 100, "There are too few samples here to fill a batch, so the only batch is a short one."),
        (random.normal(size=(7, 2, 2)), 4, "Split along the samples axis only. Each sample stays in one piece."),
    ):
        yield Case((x, size), np.array_split(x, range(size, len(x), size)), hint)


EXERCISES = (
    ValueExercise(
        name="three-slices",
        kind=shape,
        solve=lambda: blank(60_000, 28, 28)[-100:, 4:-4, 10:].shape,
        right="The slices leave 100 images of 20 rows and 18 columns.",
        common_mistakes=(
            ((100, 20, 10), "10: means from index 10 to the end, not the first ten."),
            ((100, 24, 18), "4:-4 drops four rows at the start and four more at the end."),
            ((59_900, 20, 18), "-100: starts a hundred before the end. :-100 would stop there."),
            ((99, 20, 18), "-1 is the last index. How many indices are there from -100 to -1?"),
            ((100, 20, 17), "The last index is 27, and 10: includes it."),
        ),
        hint="Take one axis at a time. Where does its slice start and stop, and how many entries is that?",
    ),
    ValueExercise(
        name="one-row",
        kind=shape,
        solve=lambda: blank(60_000, 28, 28)[:32, 14].shape,
        right="A single index removes its axis; a slice keeps it.",
        common_mistakes=(
            (
                (32, 1, 28),
                "That would be the shape of [:32, 14:15]. What does a number without a colon do to its axis?",
            ),
            ((32, 14, 28), "14 is a single index here, not a slice up to 14."),
            ((32, 28, 28), "The second axis has an index, too."),
            ((32, 14), "14 is a position, not a length. Which axis is left?"),
        ),
        hint="In chapter 3, train_images[4] had one axis fewer than train_images. Here, 14 does the same to axis 1.",
    ),
    ValueExercise(
        name="last-batch",
        kind=pair,
        solve=_batches_of_the_test_set,
        right="All the other batches are full, and the last one gets the rest.",
        common_mistakes=(
            ((104, 16), "That is the number of full batches. Isn't the short one a batch, too?"),
            ((104, 96), "Can that many full batches hold all 10,000 images?"),
            ((105, 96), "If the last batch were full, too, how many images would there be?"),
            ((105, 80), "That is how many images are missing from the last batch. How many does it have?"),
        ),
        hint="First count the batches, including the short one, then the images in that one. divmod helps.",
    ),
    ValueExercise(
        name="window",
        kind=count,
        solve=_sum_after_writing,
        right="b is a window onto a, so writing to b changes a.",
        common_mistakes=(
            (10, "That was the sum before the change. Is b a copy?"),
            (19, "b[0] is not a[0]. Where does the slice start?"),
            (14, "That is the sum of b. What is the sum of a?"),
        ),
        hint="Write down a, mark the part that b covers, and replace the first number in that part with 9.",
    ),
    FunctionExercise(
        name="batches",
        call="batches(x, size)",
        cases=_pieces,
        right="Full batches, a short one if needed, and never an empty one.",
    ),
)
