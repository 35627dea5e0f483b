"""Exercises for chapter 5: compatible shapes, the amount of work in a dot product, and loops."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import count, letter, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise

_SUMS = {"a": ((3, 4), (4,)), "b": ((3, 4), (3,)), "c": ((5, 3, 4), (3, 1)), "d": ((3, 4), ())}


def _does_not_add() -> str:
    def adds(*shapes: tuple[int, ...]) -> bool:
        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            return False
        return True

    [answer] = [name for name, shapes in _SUMS.items() if not adds(*shapes)]
    return answer


def _multiplications() -> int:
    """Return how many multiplications a dot product of these matrices takes, by the size of all its products."""
    left, right = (128, 784, 1), (1, 784, 512)
    return int(np.prod(np.broadcast_shapes(left, right)))


def _vectors(random: np.random.Generator) -> Iterator[Case]:
    for x, hint in (
        (np.array([2.0, 7.0, 1.0]), "Return the largest entry itself, not its index."),
        (np.array([1.0, 2.0, 9.0]), "Does the loop reach the last entry?"),
        (np.array([8.0, 2.0, 3.0]), "Does the loop look at the first entry?"),
        (np.array([-3.0, -1.0, -2.0]), "All of these are below zero. What does your search start with?"),
        (np.array([-5.0]), "If there is only one entry, it is the largest."),
        (random.normal(size=100), "Return the largest entry itself."),
    ):
        yield Case((x,), x.max(), hint)


def _matrices(random: np.random.Generator) -> Iterator[Case]:
    for x, hint in (
        (np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 8.0]]), "For each column, return the mean over all rows."),
        (random.normal(size=(5, 3)), "For each column, divide the sum over all rows by the number of rows."),
        (np.full((3, 2), 200, "uint8"), "These are uint8 pixels. Does the sum fit in eight bits?"),
        (np.array([[1, 2], [2, 4]]), "The mean of whole numbers isn't always a whole number."),
        (np.array([[4.0, 5.0]]), "The mean of a single row is the row itself."),
    ):
        yield Case((x,), x.mean(axis=0), hint)


EXERCISES = (
    ValueExercise(
        name="does-not-add",
        kind=letter,
        solve=_does_not_add,
        right="When the shapes are aligned, 4 is paired with 3, and neither is 1.",
        common_mistakes=(
            ("a", "That works like a bias: one number per column, the same in every row."),
            ("c", "The 1 is repeated to make 4, and the missing first axis counts as 1."),
            ("d", "A scalar can be added to anything: every axis that it lacks counts as 1."),
        ),
        hint="Answer with one of the letters a to d.",
    ),
    ValueExercise(
        name="transposed-dot",
        kind=shape,
        solve=lambda: (np.zeros((784, 512)).T @ np.zeros((128, 784)).T).shape,
        right="It is the transpose of images @ kernel: the factors trade places.",
        common_mistakes=(
            (
                (128, 512),
                "That is the shape of images @ kernel. Write down the transposed shapes, then apply the shape rule.",
            ),
            ((784, 784), "784 is the length of the two axes that meet in the middle, and those disappear in the sum."),
            ((784, 128), "Where do the two 784s meet? Write down the shape of kernel.T first."),
        ),
        hint="Transpose both shapes, write them side by side, and apply (a, b) · (b, c) → (a, c).",
    ),
    ValueExercise(
        name="multiplications",
        kind=count,
        solve=_multiplications,
        right="51 million for one batch in one layer. Processors have a lot to do.",
        common_mistakes=(
            (784 * 512, "That is the number for one picture."),
            (128 * 512, "That is the number of results. How many products are added up for each one?"),
            (128 * 784, "That is the number of pixels. How many units look at each one?"),
            (2 * 128 * 784 * 512, "That includes the additions. Count only the multiplications."),
        ),
        hint="How many entries does the result have, and how many products are added up for each one?",
    ),
    FunctionExercise(
        name="largest",
        call="largest(x)",
        cases=_vectors,
        right="It works even if all entries are negative. Many loops don't.",
    ),
    FunctionExercise(
        name="column-means",
        call="column_means(x)",
        cases=_matrices,
        right="It equals x.mean(axis=0), and floats don't overflow as uint8 would.",
    ),
)
