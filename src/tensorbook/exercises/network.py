"""The exercises of chapter 2: weights counted, softmax, pixels in a row, and what ten probabilities say."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tensorbook.exercises.answers import count, numbers
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
        (one_hot, "One label for each row: where in the row is its one?"),
        (probabilities, "One label for each row: where in the row is its largest number?"),
        (probabilities[:1], "One row in, one label out, still in an array."),
        (random.dirichlet(np.ones(3), size=5), "These rows have three classes."),
    ):
        yield Case((rows,), rows.argmax(axis=1), hint)


def _answers(random: np.random.Generator) -> Iterator[Case]:
    sure = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    unsure = np.array([[0.4, 0.3, 0.3], [0.3, 0.3, 0.4]])
    many = random.dirichlet(np.ones(10), size=50)
    for probabilities, labels, hint in (
        (sure, np.array([1, 0, 1, 1]), "The share that is right: three of these four rows are highest at their label."),
        (unsure, np.array([0, 1]), "The largest number of a row is its answer, however small it is."),
        (sure, np.array([0, 1, 0, 1]), "None of these is right."),
        (many, random.integers(10, size=50), "In how many rows is the largest number at the index of the label?"),
    ):
        yield Case((probabilities, labels), (probabilities.argmax(axis=1) == labels).mean(), hint)


EXERCISES = (
    ValueExercise(
        name="weights",
        kind=count,
        solve=lambda: _weights(784, 256, 10),
        right="Half the units, about half the weights: most are in the first kernel.",
        common_mistakes=(
            (784 * 256 + 256 * 10, "Each unit has one number more than it has inputs."),
            (784 * 256 + 256 + 256 * 10, "Nearly: the ten units of the output layer have biases, too."),
            (784 * 256 + 256, "The second layer has weights of its own."),
            (407_050 // 2, "Close. But do the ten biases of the output layer halve, too?"),
            (407_050, "That is the network with 512 hidden units."),
        ),
        hint="For each layer: inputs times units, and a bias for each unit. What are the second layer's inputs?",
    ),
    ValueExercise(
        name="shifted",
        kind=numbers,
        solve=lambda: naive_softmax(np.array([11.0, 12.0, 14.0])),
        right="Softmax sees only the differences between the numbers.",
        common_mistakes=(
            (
                np.array([11, 12, 14]) / 37,
                "Those are their shares of the sum. Softmax looks at how far apart they are.",
            ),
            (
                np.array([0.0, 0.0, 1.0]),
                "They are as far apart as before: has the largest gained on the others?",
            ),
            (np.array([1 / 3, 1 / 3, 1 / 3]), "They are not equal: the last is ahead by as much as before."),
        ),
        hint="Three shares that sum to 1. Try naive_softmax with 1, 2 and 4, then add 1 to each.",
        rounding=0.006,  # two decimals
    ),
    ValueExercise(
        name="place",
        kind=count,
        solve=_place,
        right="The rows follow one another: the place is row * 28 + column.",
        common_mistakes=(
            (5 * 28 + 3, "That goes down the columns. A picture is read row by row."),
            (3 * 28 + 5 + 1, "Almost: is the very first pixel at place 1?"),
            (3 * 5, "How many pixels are in the three rows above it?"),
            (2 * 28 + 5, "Rows are counted from 0, so how many are above row 3?"),
        ),
        hint="Count what comes before it: whole rows first, then the pixels to its left.",
    ),
    FunctionExercise(
        name="decode",
        call="decode(rows)",
        cases=_rows,
        right="It undoes one_hot, and reads a network's answers as well.",
    ),
    FunctionExercise(
        name="accuracy",
        call="accuracy(probabilities, labels)",
        cases=_answers,
        right="This is what evaluate calls the accuracy.",
    ),
)
