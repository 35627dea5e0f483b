"""Exercises for chapter 6: cross-entropy, one step, steps that go too far, slopes by nudging, and a walk downhill."""

from collections.abc import Callable, Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import number
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
        (square, lambda x: 2 * x, 3.0, "Divide the change in the result by the size of the nudge."),
        (square, lambda x: 2 * x, 0.0, "The slope is zero here. Does a smaller nudge get you closer to that?"),
        (square, lambda x: 2 * x, -1.0, "The function goes downhill here, and a slope has a sign."),
        (cube, lambda x: 3 * x**2, 2.0, "Try a smaller nudge, or nudge in both directions."),
        (np.exp, np.exp, float(random.uniform(0, 2)), "Try a smaller nudge, or nudge in both directions."),
        (np.sin, np.cos, float(random.uniform(0, 2)), "Did you call the function at x and again at x plus the nudge?"),
    )
    for function, derivative, x, hint in known:
        yield Case((function, x), derivative(x), hint)


def _walks(random: np.random.Generator) -> Iterator[Case]:
    """Yield walks on ``(w - bottom) ** 2``; a formula gives where each ends."""
    bottom = 3.0

    def slope(w: float) -> float:
        return 2 * (w - bottom)

    for start, rate, steps, hint in (
        (5.0, 0.1, 1, "For one step, subtract the rate times the slope from the weight."),
        (5.0, 0.1, 2, "Each step needs the slope at the point where the previous step ended."),
        (0.0, 0.25, 20, "The lowest point is at 3. Does each step go against the slope?"),
        (5.0, 0.1, 0, "With no steps at all, the weight stays where it is."),
        (float(random.normal()), 0.05, 7, "How many steps does the loop take?"),
    ):
        yield Case((slope, start, rate, steps), bottom + _after(steps, rate, start - bottom), hint)


EXERCISES = (
    ValueExercise(
        name="three-losses",
        kind=number,
        solve=lambda: float(-np.log(_GIVEN).mean()),
        right="Halving the probability always adds the same amount to the loss.",
        common_mistakes=(
            (float(-np.log2(_GIVEN).mean()), "That is the base-2 logarithm. Use the natural logarithm, np.log."),
            (float(-np.log10(_GIVEN).mean()), "That is the base-10 logarithm. Use the natural logarithm, np.log."),
            (
                float(np.log(_GIVEN).mean()),
                "A loss should be small when things go well. Did you leave out the minus sign?",
            ),
            (float(-np.log(_GIVEN).sum()), "That is the sum over the batch, not the mean."),
            (float(-np.log(_GIVEN.mean())), "Take the logarithm of each probability first, then the mean."),
        ),
        hint="Take minus the natural logarithm of each probability, then the mean of the three.",
    ),
    ValueExercise(
        name="one-step",
        kind=number,
        solve=lambda: 0.8 - 0.1 * -2.0,
        right="The slope was negative, so a larger weight makes the loss smaller.",
        common_mistakes=(
            (0.8 + 0.1 * -2.0, "That goes uphill, with the slope. Downhill is against the slope."),
            (0.8 - -2.0, "Multiply the slope by the learning rate, which makes the step smaller."),
            (0.1 * 2.0, "That is the step. What is the weight after the step?"),
            (0.8 + 2.0 * -2.0, "That goes uphill, with the slope, and it leaves out the learning rate."),
        ),
        hint="From the weight, subtract the learning rate times the slope. Watch the sign of the slope.",
    ),
    ValueExercise(
        name="too-far",
        kind=number,
        solve=lambda: _after(steps=3, rate=2),
        right="Each step leaps over the bottom and lands higher on the other side.",
        common_mistakes=(
            (_after(2, 2), "That is where w is after two steps."),
            (_after(1, 2), "That is where w is after one step."),
            (-_after(3, 2), "On which side of the bottom does w land? The steps go back and forth."),
            (1 - 3 * 2 * 2.0, "That takes the first step three times, but the slope changes after each step."),
        ),
        hint="Take one step at a time. The new w is w - 2 * 2 * w.",
    ),
    FunctionExercise(
        name="nudged-slope",
        call="nudged_slope(f, x)",
        cases=_slopes,
        right="Every slope is within a hundredth of the exact value.",
        tolerance=0.01,
    ),
    FunctionExercise(
        name="walk",
        call="walk(slope, start, rate, steps)",
        cases=_walks,
        right="That is all there is to training, for a single weight.",
    ),
)
