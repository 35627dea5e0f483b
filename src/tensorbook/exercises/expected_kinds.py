"""The kinds of answers: each parses an answer, or says what was expected instead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tensorbook.exercises import feedback_wording as feedback
from tensorbook.exercises.parse_answer import MalformedAnswer, parse_answer


class UnreadableAnswer(ValueError):  # noqa: N818  # not an error of the program
    """An answer is of the wrong kind; the message says which kind its exercise expects."""


@dataclass(frozen=True)
class Kind:
    """A kind of answer."""

    name: str
    expected: str  # what messages call it, with an example
    parse: Callable[[Any], Any]  # returns None for an answer of a different kind

    def read(self, answer: object) -> Any:
        """Parse an answer.

        Raises:
            UnreadableAnswer: It is of a different kind.
        """
        value = self.parse(answer)
        if value is None:
            raise UnreadableAnswer(feedback.UNREADABLE.format(self.expected, show(answer), self._advice(answer)))
        return value

    def _advice(self, answer: object) -> str:
        if isinstance(answer, str) and self.parse(_unquoted(answer)) is not None:
            return feedback.QUOTED
        if self.name == "shape" and isinstance(answer, int | float | np.number):
            return feedback.ONE_AXIS
        if self.parse in (_number, _magnitude, _count) and isinstance(answer, tuple) and len(answer) > 1:
            return feedback.COMMAS
        return ""


def show(value: object) -> str:
    """Format a value for a message: on one line, and a large array by its shape."""
    if isinstance(value, np.ndarray):
        if value.size > 12:
            return f"an array of shape {value.shape}"
        text = np.array_repr(value, precision=4, suppress_small=True)
        return " ".join(text.split()).replace("[ ", "[")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return repr(float(f"{value:.6g}"))
    if isinstance(value, list | tuple):
        inner = ", ".join(map(show, value))
        brackets = "[]" if isinstance(value, list) else "()"
        text = f"{brackets[0]}{inner}{',' * (len(value) == 1 and brackets == '()')}{brackets[1]}"
    else:
        text = getattr(value, "__name__", None) or repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:97]}..."


def _array(answer: object) -> np.ndarray | None:
    """Return an answer as an array of numbers, or None if it isn't one; booleans do not count as numbers."""
    try:
        array = np.asarray(answer)
    except Exception:  # some objects raise errors of their own
        return None
    return array if array.dtype.kind in "iuf" else None


def _shape(answer: object) -> tuple[int, ...] | None:
    array = _array(answer)
    if array is None or array.ndim != 1 or not np.isfinite(array).all() or (array != array.round()).any():
        return None
    return tuple(int(entry) for entry in array)


def _pair(answer: object) -> tuple[int, ...] | None:
    numbers = _shape(answer)
    return numbers if numbers is not None and len(numbers) == 2 else None


def _number(answer: object) -> float | None:
    array = _array(answer)
    return None if array is None or array.size != 1 else float(array.reshape(()))


def _magnitude(answer: object) -> float | None:
    value = _number(answer)
    return None if value is None else abs(value)


def _count(answer: object) -> int | None:
    value = _number(answer)
    return None if value is None or not value.is_integer() else int(value)


def _numbers(answer: object) -> np.ndarray | None:
    array = _array(answer)
    return None if array is None or array.ndim != 1 else array.astype(float)


def _dtype(answer: object) -> str | None:
    if isinstance(answer, str):
        return DTYPES.get(answer.strip().removeprefix("np."))
    if answer is None or isinstance(answer, bool | int | float | list | tuple | dict):  # NumPy reads some of these
        return None
    try:
        return np.dtype(answer).name  # type: ignore[call-overload,no-any-return]  # raises TypeError
    except (TypeError, ValueError):
        return None


def _letter(answer: object) -> str | None:
    return answer.strip().lower() if isinstance(answer, str) and len(answer.strip()) == 1 else None


def _unquoted(text: str) -> object:
    """Return the value that a text would be without its quotation marks, or None."""
    try:
        value = parse_answer(text)
    except MalformedAnswer:
        return None
    return None if isinstance(value, str) else value


_NAMES = """
bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float float16 float32 float64 half single double
i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 str object
"""
DTYPES = {name: np.dtype(name).name for name in _NAMES.split()}  # "float", "double" and "f8" are "float64"

shape = Kind("shape", "a shape such as (2, 3)", _shape)
pair = Kind("pair", "two whole numbers in brackets, such as (2, 3)", _pair)
count = Kind("count", "a whole number", _count)
number = Kind("number", "a number", _number)
magnitude = Kind("magnitude", "a number", _magnitude)  # its sign does not matter
numbers = Kind("numbers", "a list of numbers such as [0.5, 1.0]", _numbers)
dtype = Kind("dtype", "a dtype such as 'uint8'", _dtype)
letter = Kind("letter", "one letter such as 'a'", _letter)
