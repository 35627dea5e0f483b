"""The exercises of chapter 3: rank, shape, dtype, bytes, and the order of axes."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.answers import count, dtype, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise, blank


def _photos(random: np.random.Generator) -> Iterator[Case]:
    for axes, hint in (
        ((2, 3, 4, 5), "Follow one pixel: photos[0, 1, 2, 3] must be at [0, 2, 3, 1] of the result."),
        ((1, 3, 2, 2), "Height and width keep their order; only the channels move."),
        ((4, 1, 3, 2), "One channel is still an axis."),
    ):
        photos = random.integers(256, size=axes).astype("uint8")
        yield Case((photos,), np.moveaxis(photos, 1, -1), hint)


EXERCISES = (
    ValueExercise(
        name="brackets",
        kind=shape,
        solve=lambda: np.array([[[1], [2]]]).shape,
        right="Each pair of brackets is an axis, the outermost first.",
        common_mistakes=(
            (
                (1, 1, 2),
                "Count from the outside in: how many things are in the outermost pair, the next, the innermost?",
            ),
            ((2, 1, 1), "Count from the outside in: the outermost pair holds a single thing."),
            ((2, 1), "Three brackets open before the first number."),
            ((2,), "Two numbers, but each has brackets of its own, and there are more around them."),
        ),
        hint="There are as many axes as brackets at the start. For each, count the things between its commas.",
    ),
    ValueExercise(
        name="photo-bytes",
        kind=count,
        solve=lambda: blank(10, 100, 200, 3).astype("float32").nbytes,
        right="Four times as much as in uint8: that is what a network needs.",
        common_mistakes=(
            (10 * 100 * 200 * 3, "A uint8 takes one byte. A float32 takes more."),
            (10 * 100 * 200 * 4, "A colour picture has more than one number for each pixel."),
            (100 * 200 * 3 * 4, "That is one photo."),
            (10 * 100 * 200 * 3 * 32, "Those are bits. Eight bits are one byte."),
        ),
        hint="Multiply the lengths of all four axes, and then by the bytes of one float32.",
    ),
    ValueExercise(
        name="divided",
        kind=dtype,
        solve=lambda: (blank(2, 28, 28) / 255).dtype.name,
        right="Hence astype in chapter 2: half the bytes are enough for a network.",
        common_mistakes=(
            ("uint8", "A uint8 holds whole numbers. What is 100 / 255?"),
            ("float32", "Nobody asked for 32 bits here. How many bits does a float have in Python?"),
            ("int64", "A quotient need not be a whole number."),
        ),
        hint="Try it on a small array: (np.array([100], dtype='uint8') / 255).dtype.",
    ),
    ValueExercise(
        name="heartbeats",
        kind=shape,
        solve=lambda: blank(20, 24 * 60 * 60 * 100, 12).shape,
        right="Patients, moments, leads: samples first, time second, features last.",
        common_mistakes=(
            ((20, 12, 8_640_000), "By convention, time is axis 1."),
            ((20, 24, 12), "A timestep is a measurement, not an hour: there are a hundred per second."),
            ((20, 86_400, 12), "Those are the seconds. Each has a hundred measurements."),
            ((20, 8_640_000), "Each measurement is twelve numbers."),
        ),
        hint="(samples, timesteps, features): what is one sample here, one timestep, one feature?",
    ),
    FunctionExercise(
        name="channels-last",
        call="channels_last(photos)",
        cases=_photos,
        right="Each number has moved with its axis, and the pictures are intact.",
    ),
)
