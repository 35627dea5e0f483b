"""The trained weights as a file: plain float16 numbers that Python and a browser can read, with no executable code."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tensorbook.data import DataError
from tensorbook.scratch import Dense, Network, Relu

WEIGHTS_FILE = "weights.safetensors"
# The order of `get_weights()` in Keras, with the shapes of chapter 2's network.
SHAPES = {
    "hidden/kernel": (784, 512),
    "hidden/bias": (512,),
    "output/kernel": (512, 10),
    "output/bias": (10,),
}
MOST = 2**24  # bytes: twenty times the size of the four arrays; a larger file is not read


def places_of(file: str) -> tuple[Path, Path]:
    """Return where a weights file may be: beside this module if installed, or in the results of a checkout."""
    return Path(__file__).with_name(file), Path(__file__).parents[2] / "docs" / "results" / file


PLACES = places_of(WEIGHTS_FILE)


def round_weights(weights: list[np.ndarray]) -> list[np.ndarray]:
    """Return float32 copies of weights, rounded to float16 as they are in a weights file."""
    return [weight.astype(np.float16).astype(np.float32) for weight in weights]


def network_from_weights(weights: list[np.ndarray]) -> Network:
    """Build chapter 7's network from copies of a Keras network's weights.

    Args:
        weights: The kernel and bias of the hidden layer, then those of the output layer, as Keras's ``get_weights``
            returns them: float32 of shapes ``(inputs, units)``, ``(units,)``, ``(units, classes)``, ``(classes,)``.

    Examples:
        >>> shapes = (784, 512), (512,), (512, 10), (10,)
        >>> network = network_from_weights([np.zeros(shape, "float32") for shape in shapes])
        >>> network.predict(np.zeros((1, 784), "float32"))
        array([[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]], dtype=float32)
    """
    random = np.random.default_rng(0)  # a new layer draws weights; they are replaced immediately
    hidden, output = (Dense(kernel.shape[0], kernel.shape[1], random) for kernel in weights[::2])
    hidden.weights, output.weights = ([weight.copy() for weight in pair] for pair in (weights[:2], weights[2:]))
    return Network([hidden, Relu(), output])


def weights_in_order(network: Network) -> list[np.ndarray]:
    """Return the four weight arrays of a network, in the order of ``SHAPES``."""
    return [weight for layer in network.layers for weight in layer.weights]


def dump_weights(network: Network) -> bytes:
    """Return the weights of chapter 2's network as a safetensors file of float16."""
    from safetensors.numpy import save

    arrays = {
        name: np.ascontiguousarray(weights, dtype=np.float16)
        for name, weights in zip(SHAPES, weights_in_order(network), strict=True)
    }
    return save(arrays, metadata={"book": "tensorbook"})


def read_weights(path: Path) -> list[np.ndarray]:
    """Read a weights file.

    Args:
        path: A file written by ``tensorbook train``.

    Returns:
        Four float32 arrays: kernel ``(784, 512)`` and bias ``(512,)`` of the hidden layer, kernel ``(512, 10)`` and
        bias ``(10,)`` of the output layer.

    Raises:
        DataError: The file is missing, or does not contain these four arrays.
    """
    arrays = load_arrays(
        path,
        {name: (shape, "float16") for name, shape in SHAPES.items()},
        again="run `tensorbook train` to recreate it",
    )
    return [arrays[name].astype(np.float32) for name in SHAPES]


def load_arrays(path: Path, needed: Mapping[str, tuple[tuple[int, ...], str]], again: str) -> dict[str, np.ndarray]:
    """Read arrays from a safetensors file that contains these arrays and nothing else.

    Args:
        path: The file.
        needed: For each name, the shape and the dtype.
        again: How to recreate the file; every error message ends with this.

    Returns:
        The arrays by name; all their numbers are finite.

    Raises:
        DataError: The file is missing, or does not contain exactly these arrays.
    """
    from safetensors.numpy import load

    try:
        if path.exists() and not path.is_file():
            raise DataError(f"The weights file {path} is not a file: {again}.")
        size = path.stat().st_size
        if size > MOST:
            raise DataError(
                f"The weights file {path} has {size:,} bytes, which is too large for these weights: {again}."
            )
        arrays = load(path.read_bytes())
    except OSError as error:
        raise DataError(f"The weights file {path} can't be read ({error.strerror}): {again}.") from None
    except DataError:
        raise
    except Exception as error:
        # safetensors raises its own error for other files; types that NumPy lacks raise one of Python's.
        raise DataError(f"{path} is not a weights file in safetensors format ({repr(error)[:300]}): {again}.") from None
    came = {name: (array.shape, str(array.dtype)) for name, array in arrays.items()}
    if came != needed:
        # What is wrong comes first, as the list is cut off.
        found = dict(sorted(came.items(), key=lambda item: (needed.get(item[0]) == item[1], item[0])))
        raise DataError(f"{path} must contain {_listed(needed)}, but contains {_listed(found)[:300]}: {again}.")
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise DataError(f"{name} in {path} contains numbers that are not finite: {again}.")
    return arrays


def _listed(arrays: Mapping[str, tuple[tuple[int, ...], str]]) -> str:
    """Format names, dtypes and shapes: ``output/bias float16 (10,)``."""
    return ", ".join(f"{name} {dtype} {shape}" for name, (shape, dtype) in arrays.items()) or "nothing"


def trained_network() -> Network:
    """Return the book's trained network, with the weights from the package.

    Examples:
        >>> network = trained_network()
        >>> sum(weight.size for weight in weights_in_order(network))
        407050

    Raises:
        DataError: The weights file is missing or damaged, so the installation is broken.
    """
    path = next((path for path in PLACES if path.exists()), PLACES[0])
    try:
        return network_from_weights(read_weights(path))
    except DataError as error:
        raise DataError(f"The book's trained weights are missing or damaged: reinstall tensorbook. ({error})") from None
