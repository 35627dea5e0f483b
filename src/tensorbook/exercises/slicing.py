"""The exercises of chapter 4: slices from the end, rows, views, and batches down to the last."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.answers import count, pair, shape
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
        (np.arange(10), 5, "Each batch starts where the one before it ended."),
        (np.arange(10), 3, "What is left over at the end is a batch, too, just a short one."),
        (np.arange(6), 3, "This divides evenly: there is no empty batch at the end."),
        (np.arange(4), 100, "These are fewer than a batch holds: they are the only batch."),
        (random.normal(size=(7, 2, 2)), 4, "Cut along the samples axis only; each sample stays whole."),
    ):
        yield Case((x, size), np.array_split(x, range(size, len(x), size)), hint)


EXERCISES = (
    ValueExercise(
        name="three-slices",
        kind=shape,
        solve=lambda: blank(60_000, 28, 28)[-100:, 4:-4, 10:].shape,
        right="The last hundred, four rows off each side, ten columns at the left.",
        common_mistakes=(
            ((100, 20, 10), "10: is from index 10 to the end, not the first ten."),
            ((100, 24, 18), "4:-4 takes four off at the start and four more at the end."),
            ((59_900, 20, 18), "-100: begins a hundred before the end. :-100 would end there."),
            ((99, 20, 18), "-1 is the last index, so how many are there from -100 on?"),
            ((100, 20, 17), "Index 27 is the last, and 10: includes it."),
        ),
        hint="Take one axis at a time: where does its slice begin and end, and how many is that?",
    ),
    ValueExercise(
        name="one-row",
        kind=shape,
        solve=lambda: blank(60_000, 28, 28)[:32, 14].shape,
        right="A single index removes its axis; a slice keeps it.",
        common_mistakes=(
            ((32, 1, 28), "That would be [:32, 14:15]. What does a number without a colon do to its axis?"),
            ((32, 14, 28), "14 is one index here, not a slice up to 14."),
            ((32, 28, 28), "The second axis was given an index, too."),
            ((32, 14), "14 is where to look, not how many there are. Which axis is left?"),
        ),
        hint="In the last chapter, train_images[4] had one axis fewer than train_images. Here 14 does that to axis 1.",
    ),
    ValueExercise(
        name="last-batch",
        kind=pair,
        solve=_batches_of_the_test_set,
        right="All the others are full; the last one has what is left.",
        common_mistakes=(
            ((104, 16), "That is how many full ones there are. Isn't the short one a batch, too?"),
            ((104, 96), "Do that many full batches hold all 10,000?"),
            ((105, 96), "If the last were full, too, how many images would that be?"),
            ((105, 80), "That is how many the last one lacks. How many does it have?"),
        ),
        hint="First how many batches there are, including the short one; then how many images it has. divmod helps.",
    ),
    ValueExercise(
        name="window",
        kind=count,
        solve=_sum_after_writing,
        right="b is a window onto a: writing through it changes a.",
        common_mistakes=(
            (10, "That is the sum before. Is b a copy?"),
            (19, "b[0] is not a[0]: where does the slice begin?"),
            (14, "9 replaces another number, and it goes to the first place of b."),
        ),
        hint="Write down a, mark the part that b looks at, and put the 9 in the first place of b.",
    ),
    FunctionExercise(
        name="batches",
        call="batches(x, size)",
        cases=_pieces,
        right="Full ones, a short one if need be, and never an empty one.",
    ),
)
