"""Exercises for chapter 2: counting weights, softmax, flattening an image, and reading ten probabilities."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tensorbook.exercises.expected_kinds import count, numbers
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise
from tensorbook.ops import naive_softmax


def _weights(*units: int) -> int:
    """Return the number of weights of dense layers: a kernel between each two layers, and a bias for each unit."""
    kernels = [np.zeros(shape) for shape in pairwise(units)]
    return sum(kernel.size for kernel in kernels) + sum(units[1:])


def _place() -> int:
    """Return where the pixel at row 3, column 5 lands, by following it."""
    picture = np.zeros((28, 28))
    picture[3, 5] = 1
    return int(picture.reshape(784).argmax())


def _rows(random: np.random.Generator) -> Iterator[Case]:
    one_hot = np.eye(10, dtype="float32")[[5, 0, 4]]
    probabilities = random.dirichlet(np.ones(10), size=8)
    for rows, hint in (
        (one_hot, "Return one label for each row. Where in the row is the 1?"),
        (probabilities, "Return one label for each row. Where in the row is the largest number?"),
        (probabilities[:1], "With one row in, one label comes out, still in an array."),
        (random.dirichlet(np.ones(3), size=5), "There are three classes here, not ten."),
    ):
        yield Case((rows,), rows.argmax(axis=1), hint)


def _answers(random: np.random.Generator) -> Iterator[Case]:
    sure = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    unsure = np.array([[0.4, 0.3, 0.3], [0.3, 0.3, 0.4]])
    many = random.dirichlet(np.ones(10), size=50)
    for probabilities, labels, hint in (
        (
            sure,
            np.array([1, 0, 1, 1]),
            "Return the share of right answers. In three of these rows, the largest number is at the label's index.",
        ),
        (unsure, np.array([0, 1]), "The largest number in a row is its answer, however small it is."),
        (sure, np.array([0, 1, 0, 1]), "None of these answers is right."),
        (
            many,
            random.integers(10, size=50),
            "In what share of the rows is the largest number at the index of the label?",
        ),
    ):
        yield Case((probabilities, labels), (probabilities.argmax(axis=1) == labels).mean(), hint)


EXERCISES = (
    ValueExercise(
        name="weights",
        kind=count,
        solve=lambda: _weights(784, 256, 10),
        right="Half the units, half the weights, except for the ten output biases.",
        common_mistakes=(
            (784 * 256 + 256 * 10, "Each unit has one more number than it has inputs."),
            (784 * 256 + 256 + 256 * 10, "Almost. The ten units in the output layer have biases, too."),
            (784 * 256 + 256, "The second layer has its own weights."),
            (407_050 // 2, "Close. But is the number of output biases, which is ten, halved as well?"),
            (407_050, "That is the number for 512 hidden units."),
        ),
        hint="For each layer, multiply inputs by units and add a bias per unit. What are the second layer's inputs?",
    ),
    ValueExercise(
        name="shifted",
        kind=numbers,
        solve=lambda: naive_softmax(np.array([11.0, 12.0, 14.0])),
        right="Softmax depends only on the differences between the numbers.",
        common_mistakes=(
            (
                np.array([11, 12, 14]) / 37,
                "Those are the numbers divided by their sum. Softmax depends on how far apart they are.",
            ),
            (
                np.array([0.0, 0.0, 1.0]),
                "The numbers are as far apart as before. Has the largest one gained on the others?",
            ),
            (
                np.array([1 / 3, 1 / 3, 1 / 3]),
                "The numbers aren't equal. The last one is still as far ahead as before.",
            ),
        ),
        hint="The three shares add up to 1. Call naive_softmax with 1, 2 and 4, then add 1 to each and call it again.",
        rounding=0.006,  # two decimals
    ),
    ValueExercise(
        name="place",
        kind=count,
        solve=_place,
        right="The rows follow one another, so the index is row * 28 + column.",
        common_mistakes=(
            (5 * 28 + 3, "That counts down the columns. An image is flattened row by row."),
            (3 * 28 + 5 + 1, "Almost. Is the very first pixel at index 1?"),
            (3 * 5, "How many pixels are in the three rows above it?"),
            (2 * 28 + 5, "Rows are counted from 0, so how many rows are above row 3?"),
        ),
        hint="Count the pixels that come before it: first the whole rows above it, then the pixels to its left.",
    ),
    FunctionExercise(
        name="decode",
        call="decode(rows)",
        cases=_rows,
        right="It undoes one_hot, and it can read a network's answers, too.",
    ),
    FunctionExercise(
        name="accuracy",
        call="accuracy(probabilities, labels)",
        cases=_answers,
        right="This is the accuracy that evaluate reports.",
    ),
)
