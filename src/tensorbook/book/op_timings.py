"""Chapter 5's operations timed three ways side by side: as a loop, in NumPy and in Keras."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorbook import ops
from tensorbook.runs import Speed

ROUNDS = 5
# NumPy and Keras are too quick to time once: a round runs them this often and takes the mean.
REPEATS = 200


def measure_speeds() -> list[Speed]:
    """Time each operation as a loop, in NumPy and in Keras, in turn, five rounds; keep the medians.

    Returns:
        One ``Speed`` an operation, with seconds for one call.
    """
    import keras

    random = np.random.default_rng(0)
    matrix = random.standard_normal((128, 512), dtype=np.float32)
    square = random.standard_normal((100, 100), dtype=np.float32)
    vector = random.standard_normal(512, dtype=np.float32)
    numpy_and_keras: list[tuple[str, tuple[Any, ...], Callable[..., Any], Callable[..., Any]]] = [
        ("naive_relu", (matrix,), lambda x: np.maximum(x, 0), keras.ops.relu),
        ("naive_add", (matrix, matrix), np.add, keras.ops.add),
        ("naive_add_matrix_and_vector", (matrix, vector), np.add, keras.ops.add),
        ("naive_vector_dot", (vector, vector), np.dot, keras.ops.dot),
        ("naive_matrix_vector_dot", (matrix, vector), np.dot, keras.ops.dot),
        ("naive_matrix_dot", (square, square), np.dot, keras.ops.dot),
    ]
    return [_measure(name, arrays, in_numpy, in_keras) for name, arrays, in_numpy, in_keras in numpy_and_keras]


def _measure(name: str, arrays: tuple[Any, ...], in_numpy: Callable[..., Any], in_keras: Callable[..., Any]) -> Speed:
    from keras import ops as keras_ops

    tensors = [keras_ops.convert_to_tensor(array) for array in arrays]
    in_loop = getattr(ops, name)
    rounds = [
        (
            _seconds(in_loop, arrays, 1),
            _seconds(in_numpy, arrays, REPEATS),
            _seconds(in_keras, tensors, REPEATS),
        )
        for _ in range(ROUNDS + 1)
    ][1:]  # the first round warms the caches up
    loop, numpy, keras = (statistics.median(times) for times in zip(*rounds, strict=True))
    return Speed(name, " and ".join(str(array.shape) for array in arrays), loop, numpy, keras)


def _seconds(function: Callable[..., Any], arguments: Any, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        function(*arguments)
    return (time.perf_counter() - start) / repeats
