"""Exercises for chapter 7: a slope that is cut off, softmax's slopes, RMSprop's first step, and two functions."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import magnitude, number, numbers
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise
from tensorbook.scratch import RMSprop, softmax


def _loss(w: float) -> float:
    """Return the loss of the chapter's smallest network."""
    return float((3.0 * max(w * 2.0, 0.0) - 1.0) ** 2)


def _slope(w: float) -> float:
    """Return how fast that loss grows with w, by nudging it."""
    return round((_loss(w + 1e-6) - _loss(w - 1e-6)) / 2e-6, 6)


def _first_step() -> float:
    """Return how far RMSprop moves a weight whose slope is 100, by running it."""
    weight = np.zeros(1)
    RMSprop().update([weight], [np.array([100.0])])
    return float(-weight[0])


def _leaky(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, 0.1 * x)


def _leaky_gradients(random: np.random.Generator) -> Iterator[Case]:
    """Yield inputs and gradients; the expected result is measured by nudging."""
    nudge = 1e-4
    for inputs, gradients, hint in (
        (np.array([3.0, 2.0]), np.array([1.0, 1.0]), "Above zero, the layer lets a number through unchanged."),
        (
            np.array([3.0, 2.0]),
            np.array([5.0, -1.0]),
            "Remember the chain rule, and multiply by the gradient that comes back, too.",
        ),
        (np.array([-4.0, 2.0]), np.array([1.0, 1.0]), "Below zero, a tenth of a nudge still gets through."),
        (
            np.array([-4.0, 0.5]),
            np.array([2.0, -3.0]),
            "Does the sign of the input decide the factor, and is the gradient multiplied by that?",
        ),
        (random.normal(size=(3, 4)), random.normal(size=(3, 4)), "Decide for each entry separately."),
    ):
        yield Case(
            (inputs, gradients), gradients * (_leaky(inputs + nudge) - _leaky(inputs - nudge)) / (2 * nudge), hint
        )


def _speed(past: np.ndarray) -> np.ndarray:
    """Return the speed after the given slopes, shape ``(steps, n)``, by a formula."""
    ages = np.arange(len(past))[::-1]
    return np.asarray(-0.1 * (0.9**ages) @ past)


def _momentum(random: np.random.Generator) -> Iterator[Case]:
    weights = random.normal(size=3)
    for past, hint in (
        (np.array([[2.0, 0.0, -1.0]]), "From a standstill, the new speed is minus a tenth of the slope."),
        (
            np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]),
            "The ground is level now, but nine tenths of the speed remain, so the ball rolls on.",
        ),
        (random.normal(size=(4, 3)), "Compute the new speed first, then move the weights by that new speed."),
    ):
        speed = _speed(past)
        yield Case((weights, past[-1], _speed(past[:-1])), (weights + speed, speed), hint)


EXERCISES = (
    ValueExercise(
        name="cut-off",
        kind=number,
        solve=lambda: _slope(-0.5),
        right="No nudge to w gets past relu, so the weight learns nothing here.",
        common_mistakes=(
            (-48.0, "That is the slope without relu. What does relu turn w * x into here?"),
            (-12.0, "The network's output is right, but what is relu's factor in the product?"),
            (_slope(0.5), "That is the slope at w = 0.5. Here, w * x is below zero."),
        ),
        hint="Go through the network with w = -0.5. At each operation, write down what a nudge is multiplied by.",
    ),
    ValueExercise(
        name="score-gradients",
        kind=numbers,
        solve=lambda: softmax(np.log(np.array([[0.7, 0.2, 0.1]])))[0] - np.array([0.0, 1.0, 0.0]),
        right="Two scores are pushed down, and the right class's score is pulled up.",
        common_mistakes=(
            (
                np.array([-0.7, 0.8, -0.1]),
                "It is the other way round: what the network said minus what it should have said.",
            ),
            (np.array([0.7, 0.2, 0.1]), "That is what the network said. What should it have said?"),
            (np.array([-0.3, 0.2, 0.1]), "Which class is the right one? Classes are counted from 0."),
            (
                np.array([0.7, 0.8, 0.1]),
                "One number has the wrong sign. Take what the network said minus what it should have said.",
            ),
        ),
        hint="Write down the one-hot target y for class 1, then compute p - y entry by entry.",
    ),
    ValueExercise(
        name="first-step",
        kind=magnitude,
        solve=_first_step,
        right="A slope of 1 would move it just as far, because the slope cancels.",
        common_mistakes=(
            (0.001, "The running mean starts at 0 and takes only a tenth of the new square."),
            (0.1, "That is the learning rate times the slope. What is it divided by?"),
            (0.0001, "Divide the slope by the root of the mean square, not by the mean square itself."),
            (0.01, "The factor of a tenth is under the root, too."),
        ),
        hint="s becomes a tenth of the slope squared. The step is 0.001 times the slope, divided by the root of s.",
    ),
    FunctionExercise(
        name="leaky-backward",
        call="leaky_backward(inputs, gradients)",
        cases=_leaky_gradients,
        right="It agrees with nudging, and no unit is ever completely cut off.",
    ),
    FunctionExercise(
        name="momentum",
        call="momentum_step(weights, gradients, speed)",
        cases=_momentum,
        right="Slopes that keep their sign add up; those that change sign cancel.",
    ),
)
