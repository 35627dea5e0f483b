"""What fuzzing a file reader needs: a target, small stand-ins for MNIST and the weights, and which results are good."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tensorbook import drawings, weights
from tensorbook.data import DataError, checksums

LONGEST = 1000  # characters in a message: a file must not fill the terminal
MOST_PIXELS = 100_000  # a drawing's limit during fuzzing; with the real limit, each large picture would take a second

# Three images that are not real digits: fuzzing reaches deep into small files, and the inputs it keeps contain no
# MNIST.
ARRAYS = {
    "x_train": (np.arange(2 * 784) % 251).astype(np.uint8).reshape(2, 28, 28),
    "y_train": np.array([3, 9], dtype=np.uint8),
    "x_test": (np.arange(784) % 83).astype(np.uint8).reshape(1, 28, 28),
    "y_test": np.array([0], dtype=np.uint8),
}
WEIGHTS = {"hidden/kernel": (4, 3), "hidden/bias": (3,), "output/kernel": (3, 2), "output/bias": (2,)}


class Target(NamedTuple):
    """A reader, and what is needed to fuzz it.

    Attributes:
        read: Reads a file made of an input, which has at least one byte; what it returns must be good.
        seeds: Good inputs to start from.
    """

    read: Callable[[bytes, Path], object]
    seeds: Callable[[], list[bytes]]


def make_small() -> None:
    """Let small arrays pass for MNIST and for the weights, in this process."""
    checksums.MNIST = tuple(  # type: ignore[assignment]  # as many as there were
        array._replace(shape=ARRAYS[array.key].shape, sha256=checksums._sha256(ARRAYS[array.key]))
        for array in checksums.MNIST
    )
    weights.SHAPES = WEIGHTS
    drawings.MAX_PIXELS = MOST_PIXELS


def attempt(target: Target, data: bytes, folder: Path) -> None:
    """Give a reader an input; a `DataError` with one line of reasonable length is as good as a result.

    Raises:
        Exception: Whatever else the reader raised.
        AssertionError: Its result is not allowed, or its message is not suitable for a user.
    """
    try:
        target.read(data or b"\0", folder)
    except DataError as error:
        message = str(error)
        must("\n" not in message and 0 < len(message) <= LONGEST, f"this is not one line for a person: {message!r}")


def must(held: bool, what: str) -> None:
    """Raise an AssertionError unless something held."""
    if not held:
        raise AssertionError(what)


def write(path: Path, content: bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(content)
    return path
