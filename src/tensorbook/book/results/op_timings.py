"""Timings of chapter 5's operations, measured in turn as a loop, in NumPy and in Keras."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tensorbook import ops
from tensorbook.book.results.other_records import StoredRecord
from tensorbook.check_keras import check_keras
from tensorbook.run_record import versions

ROUNDS = 5
# NumPy and Keras are too fast for a single call to be timed, so a round takes the mean of this many calls.
REPEATS = 200


@dataclass(frozen=True)
class Timing:
    """One operation: median seconds of a call as a loop, in NumPy and in Keras."""

    operation: str
    shapes: str
    loop: float
    numpy: float
    keras: float

    @property
    def ratio(self) -> float:
        """Return how many times longer the loop takes than NumPy."""
        return self.loop / self.numpy


@dataclass(frozen=True)
class OpTimings(StoredRecord):
    """The timings of all operations, and the versions that they were measured with."""

    file: ClassVar[str] = "op_timings.json"
    command: ClassVar[str] = "python -m tensorbook.book op-timings"

    versions: dict[str, str]
    timings: Sequence[Timing]

    def of(self, operation: str) -> Timing:
        """Return the timing of one operation by its name in ``tensorbook.ops``."""
        return next(timing for timing in self.timings if timing.operation == operation)

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        return cls(versions=dict(raw["versions"]), timings=[Timing(**timing) for timing in raw["timings"]])


def measure_op_timings(out: Path) -> OpTimings:
    """Time each operation as a loop, in NumPy and in Keras, in turn, five rounds; write the medians.

    Args:
        out: The results folder.
    """
    check_keras()
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
    timings = [_measure(name, arrays, in_numpy, in_keras) for name, arrays, in_numpy, in_keras in numpy_and_keras]
    record = OpTimings(versions(), timings)
    record.write(out)
    return record


def _measure(name: str, arrays: tuple[Any, ...], in_numpy: Callable[..., Any], in_keras: Callable[..., Any]) -> Timing:
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
    ][1:]  # the first round warms up the caches
    loop, numpy, keras = (statistics.median(times) for times in zip(*rounds, strict=True))
    return Timing(name, " and ".join(str(array.shape) for array in arrays), loop, numpy, keras)


def _seconds(function: Callable[..., Any], arguments: Any, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        function(*arguments)
    return (time.perf_counter() - start) / repeats
