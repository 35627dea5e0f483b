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
MOST = 2**24  # bytes: twenty times what the four arrays have; a larger file is not even read


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
    from safetensors.numpy import load

    again = "run `tensorbook train` to make it again"
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"The weights file {path} is not a file: {again}.")
        size = path.stat().st_size
        if size > MOST:
            raise DataError(f"The weights file {path} has {size:,} bytes, more than weights have: {again}.")
        arrays = load(path.read_bytes())
    except OSError as error:
        raise DataError(f"The weights file {path} can't be read ({error.strerror}): {again}.") from None
    except DataError:
        raise
    except Exception as error:
        # The library's own error where the file is no safetensors file, Python's where it holds types NumPy lacks.
        raise DataError(f"{path} is not a weights file in safetensors format ({repr(error)[:300]}): {again}.") from None
    came = {name: (*array.shape, str(array.dtype)) for name, array in arrays.items()}
    if came != {name: (*shape, "float16") for name, shape in SHAPES.items()}:
        raise DataError(f"{path} needs float16 arrays {SHAPES}, it holds {str(came)[:300]}: {again}.")
    for name in SHAPES:
        if not np.isfinite(arrays[name]).all():
            raise DataError(f"{name} in {path} holds numbers that are not finite: {again}.")
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
