"""How an answer is marked: a prediction against what is so, a function by calling it with numbers of ours."""

import copy
import inspect
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import GeneratorType
from typing import Any, NamedTuple, Protocol

import numpy as np

from tensorbook.exercises.answers import Misread, show


def blank(*shape: int) -> np.ndarray:
    """Return zeros of dtype uint8 in a shape of any size; they take no memory, since all are the same byte."""
    return np.broadcast_to(np.uint8(0), shape)


class Verdict(NamedTuple):
    """Whether an answer is right, and a sentence about it."""

    right: bool
    text: str


class Exercise(Protocol):
    """What both kinds of exercise are."""

    @property
    def name(self) -> str:
        """What the reader calls it in ``check(name, answer)``."""

    def mark(self, answer: object) -> Verdict:
        """Say whether an answer is right; never raises for what a reader may give."""


@dataclass(frozen=True)
class Prediction:
    """An exercise whose answer is a value: a shape, a number, a letter."""

    name: str
    read: Callable[[object], Any]  # one of tensorbook.exercises.answers
    solve: Callable[[], Any]
    right: str
    slips: Sequence[tuple[Any, str]]  # wrong answers that are often given, and what each has overlooked
    look: str  # for every other wrong answer
    tolerance: float = 0.02  # of numbers that a person rounds: a share of the number
    rounding: float = 1e-9  # the same, as a number

    def mark(self, answer: object) -> Verdict:
        """Compare an answer with the solution, and if it is wrong with the usual slips."""
        try:
            value = self.read(answer)
        except Misread as misread:
            return Verdict(False, f"{str(misread)[0].upper()}{str(misread)[1:]}.")
        if self._same(value, self.solve()):
            return Verdict(True, self.right)
        advice = next((text for slip, text in self.slips if self._same(value, slip)), self.look)
        return Verdict(False, f"You gave {show(answer)}. {advice}")

    def _same(self, value: Any, other: Any) -> bool:
        if isinstance(value, float | np.ndarray):
            return np.shape(value) == np.shape(other) and np.allclose(value, other, self.tolerance, self.rounding)
        return bool(value == other)


class Case(NamedTuple):
    """One call of a reader's function: what it is given, what it should return, and what to look at if it does not."""

    arguments: tuple[Any, ...]
    expected: Any
    look: str


@dataclass(frozen=True)
class Written:
    """An exercise whose answer is a function of the reader's."""

    name: str
    call: str  # how it is called, as the page says: "largest(x)"
    cases: Callable[[np.random.Generator], Iterable[Case]]
    right: str
    tolerance: float = 1e-6

    def mark(self, answer: object) -> Verdict:
        """Call the function with numbers of ours; the first case that goes wrong is what is told."""
        function = self.call.split("(", maxsplit=1)[0]
        if not callable(answer):
            reason = f"Hand over the function itself, without calling it: check({self.name!r}, {function})"
            return Verdict(False, f"{reason}. {show(answer)} came.")
        for case in self.cases(np.random.default_rng(0)):
            fault = self._fault(answer, case)
            if fault:
                return Verdict(False, fault)
        return Verdict(True, self.right)

    def _fault(self, answer: Callable[..., Any], case: Case) -> str | None:
        """Return what is wrong with one call, or None."""
        called = f"{self.call.split('(', maxsplit=1)[0]}({', '.join(map(show, case.arguments))})"
        given = copy.deepcopy(case.arguments)
        try:
            inspect.signature(answer).bind(*given)
        except TypeError as error:
            return f"It is called as {self.call}, and yours does not take that: {error}."
        except ValueError:  # some functions written in C do not say what they take
            pass
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                got = answer(*given)
                got = list(got) if isinstance(got, GeneratorType) else got
        except Exception as error:
            return f"{called} raised {type(error).__name__}: {show(str(error))[1:-1]}. {case.look}"
        if got is None:
            return f"{called} returned None. Is there a `return` at the end?"
        if not all(map(_equal, given, case.arguments)):
            return f"{called} wrote into the array that it was given. Make a new one, or a copy, and return that."
        fault = _difference(got, case.expected, self.tolerance)
        return None if fault is None else f"{called} returned {show(got)}{fault}. {case.look}"


def _equal(value: Any, other: Any) -> bool:
    return not isinstance(value, np.ndarray) or np.array_equal(value, other)


def _difference(got: Any, expected: Any, tolerance: float) -> str | None:
    """Return how a result differs, as the rest of a sentence, empty if only in its numbers; None if it does not."""
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple | np.ndarray) or len(got) != len(expected):
            return f", and {len(expected)} results in a row are wanted"
        faults = [_difference(*both, tolerance) for both in zip(got, expected, strict=True)]
        return next((fault for fault in faults if fault is not None), None)
    try:
        array = np.asarray(got)
    except (TypeError, ValueError):
        return ", which is no array of numbers"
    if array.dtype.kind not in "iuf":
        return ", and numbers are wanted"
    if array.shape != np.shape(expected):
        wanted = f"an array of shape {np.shape(expected)}" if np.shape(expected) else "one number"
        return f"{f', of shape {array.shape}' if array.size <= 12 and array.ndim else ''}, and {wanted} is wanted"
    return None if np.allclose(array, expected, tolerance, tolerance) else ""
