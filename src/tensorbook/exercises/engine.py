"""The exercises of chapter 6: cross-entropy, a step, a step too far, slopes by nudging and a walk downhill."""

from collections.abc import Callable, Iterator

import numpy as np

from tensorbook.exercises.answers import number
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise

_GIVEN = np.array([0.5, 0.25, 0.125])


def _after(steps: int, rate: float, start: float = 1.0) -> float:
    """Return where gradient descent on ``w ** 2``, whose slope is ``2 * w``, ends."""
    return float(start * (1 - 2 * rate) ** steps)


def square(x: float) -> float:
    """Return the square of a number; its slope is twice the number."""
    return x**2


def cube(x: float) -> float:
    """Return the third power of a number; its slope is three times the square."""
    return x**3


def _slopes(random: np.random.Generator) -> Iterator[Case]:
    known: tuple[tuple[Callable[[float], float], Callable[[float], float], float, str], ...] = (
        (square, lambda x: 2 * x, 3.0, "Divide how much the result changes by how far you nudged."),
        (square, lambda x: 2 * x, 0.0, "Here the ground is level. Does a smaller nudge bring you closer to that?"),
        (square, lambda x: 2 * x, -1.0, "On this side it goes downhill: a slope has a sign."),
        (cube, lambda x: 3 * x**2, 2.0, "Try a smaller nudge, or nudge in both directions."),
        (np.exp, np.exp, float(random.uniform(0, 2)), "Try a smaller nudge, or nudge in both directions."),
        (np.sin, np.cos, float(random.uniform(0, 2)), "Did you call the function at x, and again at x plus the nudge?"),
    )
    for function, derivative, x, hint in known:
        yield Case((function, x), derivative(x), hint)


def _walks(random: np.random.Generator) -> Iterator[Case]:
    """Yield walks on ``(w - bottom) ** 2``; a formula gives where each ends."""
    bottom = 3.0

    def slope(w: float) -> float:
        return 2 * (w - bottom)

    for start, rate, steps, hint in (
        (5.0, 0.1, 1, "One step: the weight minus the rate times the slope there."),
        (5.0, 0.1, 2, "Each step needs the slope at the place where the step before it ended."),
        (0.0, 0.25, 20, "The lowest place is at 3. Does each step go against the slope?"),
        (5.0, 0.1, 0, "No step at all: the weight stays where it is."),
        (float(random.normal()), 0.05, 7, "How many steps does the loop take?"),
    ):
        yield Case((slope, start, rate, steps), bottom + _after(steps, rate, start - bottom), hint)


EXERCISES = (
    ValueExercise(
        name="three-losses",
        kind=number,
        solve=lambda: float(-np.log(_GIVEN).mean()),
        right="Each halving of the probability costs the same.",
        common_mistakes=(
            (float(-np.log2(_GIVEN).mean()), "That is the logarithm to base 2. Use the natural one, np.log."),
            (float(-np.log10(_GIVEN).mean()), "That is the logarithm to base 10. Use the natural one, np.log."),
            (float(np.log(_GIVEN).mean()), "A loss is small when things go well. What about the minus?"),
            (float(-np.log(_GIVEN).sum()), "That is the sum over the batch."),
            (float(-np.log(_GIVEN.mean())), "First the logarithm of each, then the mean."),
        ),
        hint="Minus the natural logarithm of each probability, then the mean of the three.",
    ),
    ValueExercise(
        name="one-step",
        kind=number,
        solve=lambda: 0.8 - 0.1 * -2.0,
        right="The slope was negative, so a larger weight makes the loss smaller.",
        common_mistakes=(
            (0.8 + 0.1 * -2.0, "That goes with the slope, uphill. Against it is downhill."),
            (0.8 - -2.0, "The learning rate makes the step smaller."),
            (0.1 * 2.0, "That is the step. What is the weight after it?"),
            (0.8 + 2.0 * -2.0, "That goes with the slope, and without the learning rate."),
        ),
        hint="The weight minus the learning rate times the slope. Mind the sign of the slope.",
    ),
    ValueExercise(
        name="too-far",
        kind=number,
        solve=lambda: _after(steps=3, rate=2),
        right="Each step leaps over the bottom and lands higher on the other side.",
        common_mistakes=(
            (_after(2, 2), "That is after two steps."),
            (_after(1, 2), "That is after one step."),
            (-_after(3, 2), "On which side of the bottom does it land? The steps go back and forth."),
            (1 - 3 * 2 * 2.0, "That is three times the first step. But the slope is different after each."),
        ),
        hint="One step at a time: the new w is w - 2 * 2 * w.",
    ),
    FunctionExercise(
        name="nudged-slope",
        call="nudged_slope(f, x)",
        cases=_slopes,
        right="Within a hundredth of what mathematics says, for each function.",
        tolerance=0.01,
    ),
    FunctionExercise(
        name="walk",
        call="walk(slope, start, rate, steps)",
        cases=_walks,
        right="That is all of training, for a single weight.",
    ),
)
