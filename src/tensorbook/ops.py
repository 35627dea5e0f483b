"""Chapter 5's tensor operations as plain loops: the same results as NumPy's, but slower.

Each function takes arrays or lists, leaves them unchanged and returns a new array. Below, a "floating dtype" is NumPy's
result type if that is a floating type, and float64 otherwise, so dot products of uint8 pixels don't overflow.
"""

import math
from collections.abc import Sequence
from operator import index

import numpy as np
from numpy.typing import ArrayLike


def naive_relu(x: ArrayLike) -> np.ndarray:
    """Keep numbers above zero and set the rest to zero.

    Args:
        x: Real numbers of any shape, including infinity and NaN.

    Returns:
        A new array of the same shape and dtype, with no entry below 0.

    Examples:
        >>> naive_relu([1.0, -2.0, 3.0])
        array([1., 0., 3.])
    """
    x = np.asarray(x)
    result = x.copy()
    for position in np.ndindex(x.shape):  # of a matrix: (0, 0), (0, 1), … (1, 0), (1, 1), …
        result[position] = max(x[position], 0)
    return result


def naive_add(x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Add two tensors entry by entry.

    Args:
        x: Numbers of any shape.
        y: Numbers of the same shape.

    Returns:
        A new array of that shape and of the dtype ``np.result_type(x, y)``.

    Raises:
        ValueError: The shapes differ; nothing is broadcast.

    Examples:
        >>> naive_add([1, 2], [10, 20])
        array([11, 22])
        >>> naive_add([1, 2], [10])
        Traceback (most recent call last):
            ...
        ValueError: naive_add needs two tensors of the same shape, got shapes (2,) and (1,)
    """
    x, y = np.asarray(x), np.asarray(y)
    _check(x.shape == y.shape, "naive_add needs two tensors of the same shape", x.shape, y.shape)
    result = x.astype(np.result_type(x, y))
    for position in np.ndindex(x.shape):
        result[position] += y[position]
    return result


def naive_add_matrix_and_vector(x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Add a vector to each row of a matrix; the vector is broadcast.

    Args:
        x: Numbers of shape ``(n, m)``.
        y: Numbers of shape ``(m,)``.

    Returns:
        A new array of shape ``(n, m)`` and of the dtype ``np.result_type(x, y)``.

    Raises:
        ValueError: The shapes do not match.

    Examples:
        >>> naive_add_matrix_and_vector([[1, 2], [3, 4]], [10, 20])
        array([[11, 22],
               [13, 24]])
    """
    x, y = np.asarray(x), np.asarray(y)
    _check_rows("naive_add_matrix_and_vector", x.shape, y.shape)
    result = x.astype(np.result_type(x, y))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            result[i, j] += y[j]
    return result


def naive_vector_dot(x: ArrayLike, y: ArrayLike) -> float:
    """Multiply two vectors entry by entry and add up the products.

    Args:
        x: Real numbers of shape ``(n,)``; n may be 0.
        y: Real numbers of the same shape.

    Returns:
        A Python float, regardless of the dtypes; 0.0 for empty vectors.

    Raises:
        ValueError: The arguments are not vectors of equal length.

    Examples:
        >>> naive_vector_dot([0.0, 0.5, 1.0], [2.0, -1.0, 3.0])
        2.5
    """
    x, y = np.asarray(x), np.asarray(y)
    fits = x.ndim == 1 and x.shape == y.shape
    _check(fits, "naive_vector_dot needs two vectors of equal length", x.shape, y.shape)
    total = 0.0
    for i in range(len(x)):
        total += float(x[i]) * float(y[i])
    return total


def naive_matrix_vector_dot(x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Take the dot product of each row of a matrix with a vector.

    Args:
        x: Real numbers of shape ``(n, m)``.
        y: Real numbers of shape ``(m,)``.

    Returns:
        A new array of shape ``(n,)``, of a floating dtype (see the top of this module).

    Raises:
        ValueError: The shapes do not match.

    Examples:
        >>> naive_matrix_vector_dot([[1.0, 2.0], [3.0, 4.0]], [10.0, 1.0])
        array([12., 34.])
    """
    x, y = np.asarray(x), np.asarray(y)
    _check_rows("naive_matrix_vector_dot", x.shape, y.shape)
    result = np.zeros(x.shape[0], _float_type(x, y))
    for i in range(x.shape[0]):
        result[i] = naive_vector_dot(x[i], y)
    return result


def naive_matrix_dot(x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Take the dot product of each row on the left with each column on the right.

    Args:
        x: Real numbers of shape ``(a, b)``.
        y: Real numbers of shape ``(b, c)``.

    Returns:
        A new array of shape ``(a, c)``, of a floating dtype (see the top of this module).

    Raises:
        ValueError: The shapes do not match.

    Examples:
        >>> naive_matrix_dot([[1.0, 2.0], [3.0, 4.0]], [[10.0, 0.0], [1.0, 1.0]])
        array([[12.,  2.],
               [34.,  4.]])
    """
    x, y = np.asarray(x), np.asarray(y)
    _check(x.ndim == y.ndim == 2, "naive_matrix_dot needs two matrices", x.shape, y.shape)
    needed = "naive_matrix_dot needs as many columns on the left as rows on the right"
    _check(x.shape[1] == y.shape[0], needed, x.shape, y.shape)
    result = np.zeros((x.shape[0], y.shape[1]), _float_type(x, y))
    for i in range(x.shape[0]):
        for j in range(y.shape[1]):
            result[i, j] = naive_vector_dot(x[i, :], y[:, j])
    return result


def naive_reshape(x: ArrayLike, shape: Sequence[int]) -> np.ndarray:
    """Arrange the same entries, in the same order, in a different shape.

    Args:
        x: An array of any shape and dtype.
        shape: The length of every axis (-1 is not supported); the total number of entries must equal that of ``x``.

    Returns:
        A new array of that shape, of the same dtype.

    Raises:
        ValueError: A length is below 0, or the number of entries differs.
        TypeError: A length is not an integer.

    Examples:
        >>> naive_reshape([[0, 1], [2, 3], [4, 5]], (1, 6))
        array([[0, 1, 2, 3, 4, 5]])
    """
    x, shape = np.asarray(x), tuple(map(index, shape))
    _check(min(shape, default=0) >= 0, "naive_reshape needs the length of every axis", x.shape, shape)
    needed = "naive_reshape needs as many entries in the new shape as in the old"
    _check(math.prod(shape) == x.size, needed, x.shape, shape)
    result = np.empty(shape, x.dtype)
    for old, new in zip(np.ndindex(x.shape), np.ndindex(shape), strict=True):  # both row by row
        result[new] = x[old]
    return result


def naive_transpose(x: ArrayLike) -> np.ndarray:
    """Swap the rows and the columns of a matrix.

    Args:
        x: An array of shape ``(n, m)`` and any dtype.

    Returns:
        A new array of shape ``(m, n)``, of the same dtype.

    Raises:
        ValueError: ``x`` is not a matrix.

    Examples:
        >>> naive_transpose([[0, 1, 2], [3, 4, 5]])
        array([[0, 3],
               [1, 4],
               [2, 5]])
    """
    x = np.asarray(x)
    _check(x.ndim == 2, "naive_transpose needs a matrix", x.shape)
    result = np.empty((x.shape[1], x.shape[0]), x.dtype)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            result[j, i] = x[i, j]
    return result


def naive_softmax(x: ArrayLike) -> np.ndarray:
    """Turn numbers into probabilities, which are 0 or more and sum to 1; a matrix is handled row by row.

    Args:
        x: Finite real numbers of shape ``(n,)`` or ``(m, n)``, n at least 1.

    Returns:
        A new array of the same shape, of a floating dtype (see the top of this module), with values from 0 to 1.

    Raises:
        ValueError: The array has a different shape.

    Examples:
        >>> naive_softmax([0.0, 0.0, 1000.0])
        array([0., 0., 1.])
    """
    x = np.asarray(x)
    needed = "naive_softmax needs a vector, or a matrix, with at least one entry in a row"
    _check(x.ndim in (1, 2) and x.shape[-1] > 0, needed, x.shape)
    result = np.empty(x.shape, _float_type(x))
    if x.ndim == 2:
        for i in range(x.shape[0]):
            result[i] = naive_softmax(x[i])
        return result
    largest = float(max(x))  # subtracted first: exp(1000) is too large for a float
    total = 0.0
    for i in range(len(x)):
        total += math.exp(float(x[i]) - largest)
    for i in range(len(x)):
        result[i] = math.exp(float(x[i]) - largest) / total
    return result


def _check(fits: bool, needed: str, *shapes: tuple[int, ...]) -> None:
    if not fits:
        raise ValueError(f"{needed}, got shape{'s' * (len(shapes) > 1)} {' and '.join(map(str, shapes))}")


def _check_rows(name: str, x: tuple[int, ...], y: tuple[int, ...]) -> None:
    _check(len(x) == 2 and x[1:] == y, f"{name} needs a matrix and a vector as long as its rows", x, y)


def _float_type(*arrays: np.ndarray) -> np.dtype:
    dtype = np.result_type(*arrays)
    return dtype if np.issubdtype(dtype, np.floating) else np.dtype(np.float64)
