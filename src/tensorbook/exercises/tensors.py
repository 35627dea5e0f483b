"""Exercises for chapter 3: rank, shape, dtype, bytes, and the order of axes."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import count, dtype, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise, blank


def _photos(random: np.random.Generator) -> Iterator[Case]:
    for axes, hint in (
        ((2, 3, 4, 5), "Follow one number: photos[0, 1, 2, 3] must end up at [0, 2, 3, 1] in the result."),
        ((1, 3, 2, 2), "Height and width keep their order. Only the channels move."),
        ((4, 1, 3, 2), "A single channel still has its own axis."),
    ):
        photos = random.integers(256, size=axes).astype("uint8")
        yield Case((photos,), np.moveaxis(photos, 1, -1), hint)


EXERCISES = (
    ValueExercise(
        name="brackets",
        kind=shape,
        solve=lambda: np.array([[[1], [2]]]).shape,
        right="Each level of brackets is an axis, and the outermost comes first.",
        common_mistakes=(
            (
                (1, 1, 2),
                "Count from the outside in. How many items are in the outermost pair? In the next? In the innermost?",
            ),
            ((2, 1, 1), "Count from the outside in. The outermost pair has a single item."),
            ((2, 1), "There are three opening brackets before the first number."),
            ((2,), "There are two numbers, but each has its own brackets, and there are more brackets around both."),
        ),
        hint="There are as many axes as opening brackets at the start. For each axis, count the items in its brackets.",
    ),
    ValueExercise(
        name="photo-bytes",
        kind=count,
        solve=lambda: blank(10, 100, 200, 3).astype("float32").nbytes,
        right="Four times as many bytes as with uint8, but a network needs floats.",
        common_mistakes=(
            (10 * 100 * 200 * 3, "That would be right for uint8, which takes one byte. A float32 takes more."),
            (10 * 100 * 200 * 4, "A colour image has more than one number per pixel."),
            (100 * 200 * 3 * 4, "That is the size of one photo."),
            (10 * 100 * 200 * 3 * 32, "That is the number of bits. A byte has eight bits."),
        ),
        hint="Multiply the lengths of all four axes, then multiply by the number of bytes in a float32.",
    ),
    ValueExercise(
        name="divided",
        kind=dtype,
        solve=lambda: (blank(2, 28, 28) / 255).dtype.name,
        right="That is why chapter 2 uses astype: float32 needs only half the bytes.",
        common_mistakes=(
            ("uint8", "A uint8 can hold only whole numbers. What is 100 / 255?"),
            ("float32", "No float32 is involved here. How many bits does a Python float have?"),
            ("int64", "A quotient isn't always a whole number."),
        ),
        hint="Try it on a small array: (np.array([100], dtype='uint8') / 255).dtype.",
    ),
    ValueExercise(
        name="heartbeats",
        kind=shape,
        solve=lambda: blank(20, 24 * 60 * 60 * 100, 12).shape,
        right="Patients, times, leads: samples first, time second, features last.",
        common_mistakes=(
            ((20, 12, 8_640_000), "By convention, time is axis 1."),
            ((20, 24, 12), "A timestep is a measurement, not an hour. There are a hundred per second."),
            ((20, 86_400, 12), "That is the number of seconds. There are a hundred measurements in each."),
            ((20, 8_640_000), "Each measurement consists of twelve numbers."),
        ),
        hint="The order is (samples, timesteps, features). What is a sample here? A timestep? A feature?",
    ),
    FunctionExercise(
        name="channels-last",
        call="channels_last(photos)",
        cases=_photos,
        right="Every number moved with its axis, so the images are intact.",
    ),
)
