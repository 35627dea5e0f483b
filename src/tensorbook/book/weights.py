"""The trained weights as a file: plain float16 numbers that Python and a browser read, and nothing that runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tensorbook.data import DataError

if TYPE_CHECKING:
    import keras

WEIGHTS_FILE = "weights.safetensors"
# The order of `network.get_weights()`, with the shapes of chapter 2's network.
SHAPES = {
    "hidden/kernel": (784, 512),
    "hidden/bias": (512,),
    "output/kernel": (512, 10),
    "output/bias": (10,),
}


def dump_weights(network: "keras.Sequential") -> bytes:
    """Return the weights of chapter 2's network as a safetensors file of float16."""
    from safetensors.numpy import save

    arrays = {
        name: np.ascontiguousarray(weights, dtype=np.float16)
        for name, weights in zip(SHAPES, network.get_weights(), strict=True)
    }
    return save(arrays, metadata={"book": "tensorbook"})


def read_weights(path: Path) -> list[np.ndarray]:
    """Read a weights file.

    Args:
        path: A file that ``tensorbook train`` wrote.

    Returns:
        Four float32 arrays: kernel ``(784, 512)`` and bias ``(512,)`` of the hidden layer, kernel ``(512, 10)`` and
        bias ``(10,)`` of the output layer.

    Raises:
        DataError: There is no such file, or it does not hold these four arrays.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    again = "run `tensorbook train` to make it again"
    try:
        arrays = load(path.read_bytes())
    except OSError as error:
        raise DataError(f"The weights file {path} can't be read ({error.strerror}): {again}.") from None
    except SafetensorError as error:
        raise DataError(f"{path} is not a weights file in safetensors format ({error}): {again}.") from None
    came = {name: array.shape for name, array in arrays.items()}
    if came != SHAPES:
        raise DataError(f"{path} needs the arrays {SHAPES}, it holds {came}: {again}.")
    return [arrays[name].astype(np.float32) for name in SHAPES]


def restore_network(path: Path) -> "keras.Sequential":
    """Build the network of chapter 2 with the weights of a file.

    Raises:
        DataError: As ``read_weights``.
    """
    weights = read_weights(path)
    from tensorbook.models import build_network

    network = build_network()
    network.set_weights(weights)
    return network
