"""Grade answers: compare a value with the solution, or call a function with test cases."""

import copy
import inspect
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import GeneratorType
from typing import Any, NamedTuple, Protocol

import numpy as np

from tensorbook.exercises import feedback_wording as feedback
from tensorbook.exercises.expected_kinds import Kind, UnreadableAnswer, show
from tensorbook.exercises.parse_answer import MalformedAnswer, parse_answer


def blank(*shape: int) -> np.ndarray:
    """Return uint8 zeros of any shape; they take no memory, since they all share one byte."""
    return np.broadcast_to(np.uint8(0), shape)


class Verdict(NamedTuple):
    """Whether an answer is right, and feedback."""

    right: bool
    text: str

    def __str__(self) -> str:
        """Return the verdict as ``check`` prints it."""
        return (feedback.RIGHT if self.right else feedback.WRONG).format(self.text)


class Exercise(Protocol):
    """What both kinds of exercise have in common."""

    @property
    def name(self) -> str:
        """The name in ``check(name, answer)``."""

    def grade(self, answer: object) -> Verdict:
        """Grade an answer of any type; a wrong answer never raises an error."""


@dataclass(frozen=True)
class ValueExercise:
    """An exercise whose answer is a value: a shape, a number, a letter."""

    name: str
    kind: Kind  # one of those in tensorbook.exercises.expected_kinds
    solve: Callable[[], Any]
    right: str
    common_mistakes: Sequence[tuple[Any, str]]  # common wrong answers, each with advice
    hint: str  # for all other wrong answers
    tolerance: float = 0.02  # relative tolerance, since people round numbers
    rounding: float = 1e-9  # absolute tolerance

    def grade(self, answer: object) -> Verdict:
        """Compare an answer with the solution, then with the common mistakes."""
        try:
            value = self.kind.read(answer)
        except UnreadableAnswer as misread:
            return Verdict(False, str(misread))
        if self._same(value, self.solve()):
            return Verdict(True, self.right)
        advice = next((text for mistake, text in self.common_mistakes if self._same(value, mistake)), self.hint)
        return Verdict(False, feedback.GAVE.format(show(answer), advice))

    def grade_typed(self, text: str) -> Verdict:
        """Grade a typed answer; docs/javascripts/exercises/ does the same in the page."""
        try:
            answer = parse_answer(text)
        except MalformedAnswer as malformed:
            return Verdict(False, feedback.MALFORMED.format(malformed, self.kind.expected))
        return self.grade(answer)

    def _same(self, value: Any, other: Any) -> bool:
        if isinstance(value, float | np.ndarray):
            return np.shape(value) == np.shape(other) and np.allclose(value, other, self.tolerance, self.rounding)
        return bool(value == other)


class Case(NamedTuple):
    """One call of a reader's function: its arguments, the expected result, and a hint if the result is wrong."""

    arguments: tuple[Any, ...]
    expected: Any
    hint: str


@dataclass(frozen=True)
class FunctionExercise:
    """An exercise whose answer is a function written by the reader."""

    name: str
    call: str  # the call as shown on the page: "largest(x)"
    cases: Callable[[np.random.Generator], Iterable[Case]]
    right: str
    tolerance: float = 1e-6

    def grade(self, answer: object) -> Verdict:
        """Call the function with each test case, and report the first failure."""
        function = self.call.split("(", maxsplit=1)[0]
        if not callable(answer):
            return Verdict(False, feedback.NOT_A_FUNCTION.format(self.name, function, show(answer)))
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
            return feedback.OTHER_ARGUMENTS.format(self.call, error)
        except ValueError:  # some functions written in C have no signature
            pass
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                got = answer(*given)
                got = list(got) if isinstance(got, GeneratorType) else got
        except Exception as error:
            message = f"{type(error).__name__}: {show(str(error))[1:-1]}"
            return feedback.RAISED.format(called, message, _line_of(error), case.hint)
        if got is None:
            return feedback.RETURNED_NONE.format(called)
        if not all(map(_equal, given, case.arguments)):
            return feedback.CHANGED_ARGUMENT.format(called)
        fault = _difference(got, case.expected, self.tolerance)
        return None if fault is None else feedback.RETURNED.format(called, show(got), fault, case.hint)


def _line_of(error: Exception) -> str:
    """Return the line at which a reader's function failed, as the end of a sentence; empty if there is none."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # without our own call
    if not frames:  # a function written in C
        return ""
    # The error may come from a library that the function calls, but the reader looks at the function.
    frame = [frame for frame in frames if frame.filename == frames[0].filename][-1]
    return feedback.ON_LINE.format(frame.lineno) + (f": {' '.join(frame.line.split())}" if frame.line else "")


def _equal(value: Any, other: Any) -> bool:
    return not isinstance(value, np.ndarray) or np.array_equal(value, other)


def _difference(got: Any, expected: Any, tolerance: float) -> str | None:
    """Return how a result differs, as the end of a sentence (empty if only numbers differ), or None if it is right."""
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple | np.ndarray) or len(got) != len(expected):
            return feedback.NUMBER_OF_RESULTS.format(len(expected))
        faults = [_difference(*both, tolerance) for both in zip(got, expected, strict=True)]
        return next((fault for fault in faults if fault is not None), None)
    try:
        array = np.asarray(got)
    except (TypeError, ValueError):
        return feedback.NOT_AN_ARRAY
    if array.dtype.kind not in "iuf":
        return feedback.NOT_NUMBERS
    if array.shape != np.shape(expected):
        needed = feedback.AN_ARRAY.format(np.shape(expected)) if np.shape(expected) else feedback.ONE_NUMBER
        given = feedback.OF_SHAPE.format(array.shape) if array.size <= 12 and array.ndim else ""
        return feedback.OTHER_SHAPE.format(given, needed)
    return None if np.allclose(array, expected, tolerance, tolerance) else ""
