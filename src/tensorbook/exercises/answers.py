"""The kinds of answers: each reads what a reader gave, or says what is wanted instead."""

from collections.abc import Sequence

import numpy as np


class Misread(ValueError):  # noqa: N818  # it is no error of the program
    """An answer is not of the kind that its exercise wants; the message says which kind that is."""


def shape(answer: object) -> tuple[int, ...]:
    """Read a shape: a tuple of whole numbers, or a list of them."""
    if isinstance(answer, int | float | np.number):
        raise Misread(f"a shape is wanted, and {show(answer)} is one number; with one axis it is written (5,)")
    return _whole_numbers(answer, "a shape is wanted, a tuple of whole numbers such as (2, 3)")


def pair(answer: object) -> tuple[int, ...]:
    """Read two whole numbers."""
    wanted = "two whole numbers are wanted, in brackets, such as (2, 3)"
    numbers = _whole_numbers(answer, wanted)
    if len(numbers) != 2:
        raise Misread(f"{wanted}, and {show(answer)} came")
    return numbers


def count(answer: object) -> int:
    """Read a whole number."""
    value = number(answer, "a whole number is wanted")
    if not value.is_integer():
        raise Misread(f"a whole number is wanted, and {show(answer)} came")
    return int(value)


def number(answer: object, wanted: str = "a number is wanted") -> float:
    """Read a number, also one in an array or a tensor without axes."""
    array = _array(answer)
    if array is None or array.ndim:
        raise Misread(f"{wanted}, and {show(answer)} came")
    return float(array)


def numbers(answer: object) -> np.ndarray:
    """Read several numbers in a row: a list, a tuple, an array or a tensor of rank 1."""
    array = _array(answer)
    if array is None or array.ndim != 1:
        raise Misread(f"numbers in a row are wanted, such as [0.5, 1.0], and {show(answer)} came")
    return array.astype(float)


def dtype(answer: object) -> str:
    """Read the name of a dtype, or the dtype itself."""
    try:
        if answer is not None:  # which NumPy takes for float64
            return np.dtype(answer).name  # type: ignore[call-overload,no-any-return]  # TypeError tells
    except TypeError:
        pass
    raise Misread(f"a dtype is wanted, such as 'uint8', and {show(answer)} came")


def letter(answer: object) -> str:
    """Read a letter, small or capital."""
    if not isinstance(answer, str) or len(answer.strip()) != 1:
        raise Misread(f"one letter is wanted, such as 'a', and {show(answer)} came")
    return answer.strip().lower()


def show(value: object) -> str:
    """Write a value as a message shows it: on one line, and a large array by its shape."""
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
    """Return an answer as an array of numbers, or None where it is none; what is true or false is no number."""
    try:
        array = np.asarray(answer)
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "iuf" else None


def _whole_numbers(answer: object, wanted: str) -> tuple[int, ...]:
    if isinstance(answer, Sequence | np.ndarray) and not isinstance(answer, str):
        array = _array(answer)
        if array is not None and array.ndim == 1 and np.array_equal(array, array.round()):
            return tuple(int(entry) for entry in array)
    raise Misread(f"{wanted}, and {show(answer)} came")
