"""The kinds of answers: each function parses an answer, or says what was expected instead."""

from collections.abc import Sequence

import numpy as np


class UnreadableAnswer(ValueError):  # noqa: N818  # not an error of the program
    """An answer is of the wrong kind; the message says which kind its exercise expects."""


def shape(answer: object) -> tuple[int, ...]:
    """Read a shape: a tuple of whole numbers, or a list of them."""
    if isinstance(answer, int | float | np.number):
        raise UnreadableAnswer(
            f"expected a shape such as (2, 3), got {show(answer)}; a shape with one axis is written (5,)"
        )
    return _whole_numbers(answer, "expected a shape, a tuple of whole numbers such as (2, 3)")


def pair(answer: object) -> tuple[int, ...]:
    """Read two whole numbers."""
    expected = "expected two whole numbers in brackets, such as (2, 3)"
    numbers = _whole_numbers(answer, expected)
    if len(numbers) != 2:
        raise UnreadableAnswer(f"{expected}, got {show(answer)}")
    return numbers


def count(answer: object) -> int:
    """Read a whole number."""
    value = number(answer, "expected a whole number")
    if not value.is_integer():
        raise UnreadableAnswer(f"expected a whole number, got {show(answer)}")
    return int(value)


def number(answer: object, expected: str = "expected a number") -> float:
    """Read a number, which may be an array or a tensor without axes."""
    array = _array(answer)
    if array is None or array.ndim:
        raise UnreadableAnswer(f"{expected}, got {show(answer)}")
    return float(array)


def numbers(answer: object) -> np.ndarray:
    """Read several numbers: a list, a tuple, an array or a tensor of rank 1."""
    array = _array(answer)
    if array is None or array.ndim != 1:
        raise UnreadableAnswer(f"expected several numbers such as [0.5, 1.0], got {show(answer)}")
    return array.astype(float)


def dtype(answer: object) -> str:
    """Read the name of a dtype, or the dtype itself."""
    try:
        if answer is not None:  # NumPy reads None as float64
            return np.dtype(answer).name  # type: ignore[call-overload,no-any-return]  # raises TypeError
    except TypeError:
        pass
    raise UnreadableAnswer(f"expected a dtype such as 'uint8', got {show(answer)}")


def letter(answer: object) -> str:
    """Read a letter, lower or upper case."""
    if not isinstance(answer, str) or len(answer.strip()) != 1:
        raise UnreadableAnswer(f"expected one letter such as 'a', got {show(answer)}")
    return answer.strip().lower()


def show(value: object) -> str:
    """Format a value for a message: on one line, and a large array by its shape."""
    if isinstance(value, np.ndarray):
        if value.size > 12:
            return f"an array of shape {value.shape}"
        text = np.array2string(value, precision=4, separator=", ", suppress_small=True)
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
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "iuf" else None


def _whole_numbers(answer: object, expected: str) -> tuple[int, ...]:
    if isinstance(answer, Sequence | np.ndarray) and not isinstance(answer, str):
        array = _array(answer)
        if array is not None and array.ndim == 1 and np.array_equal(array, array.round()):
            return tuple(int(entry) for entry in array)
    raise UnreadableAnswer(f"{expected}, got {show(answer)}")
