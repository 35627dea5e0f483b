"""The handwriting network from chapter 9: chapter 8's convolutional network in NumPy, with 8-bit weights."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tensorbook.data import DataError, prepare_images
from tensorbook.scratch import softmax
from tensorbook.weights import load_arrays, places_of

HANDWRITING_FILE = "handwriting-network.safetensors"
# The layers with weights, and the shape of each one's kernel: the last axis has the outputs. They are in the order of
# `get_weights()` in Keras.
KERNELS = {
    "first": (3, 3, 1, 32),
    "second": (3, 3, 32, 64),
    "hidden": (1600, 128),
    "output": (128, 10),
}
LARGEST = 127  # of the whole numbers that a byte holds, from -127 to 127
AT_ONCE = 250  # images: their windows take 35 MB
PLACES = places_of(HANDWRITING_FILE)

Layers = dict[str, tuple[np.ndarray, np.ndarray]]


class HandwritingNetwork:
    """Two convolutions, each with relu and pooling, and two dense layers, as in ``tensorbook.models.build_convnet``."""

    def __init__(self, layers: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> None:
        """Take the kernel and bias of each layer.

        Args:
            layers: For each name in ``KERNELS``, a float32 kernel of that shape and a float32 bias as long as the
                kernel's last axis.
        """
        self.layers = dict(layers)

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Return the probability of each class for some images.

        Args:
            images: uint8 array of shape ``(n, 28, 28)``, 0 (background) to 255 (ink).

        Returns:
            float32 array of shape ``(n, 10)``, in which each row sums to 1.

        Raises:
            ValueError: The images have a different shape or dtype.
        """
        pixels = prepare_images(images).reshape(-1, 28, 28, 1)
        parts = [self._predict(pixels[start : start + AT_ONCE]) for start in range(0, len(pixels), AT_ONCE)]
        return np.concatenate([np.zeros((0, 10), np.float32), *parts])

    def _predict(self, pixels: np.ndarray) -> np.ndarray:
        maps = pixels
        for name in ("first", "second"):
            maps = pool(np.maximum(convolve(maps, *self.layers[name]), 0))
        (hidden, hidden_bias), (output, output_bias) = self.layers["hidden"], self.layers["output"]
        units = np.maximum(maps.reshape(len(maps), -1) @ hidden + hidden_bias, 0)
        return softmax(units @ output + output_bias)


def convolve(images: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Slide a kernel over images; each entry of a map is the dot product of the kernel with the window at that place.

    Args:
        images: float32 array of shape ``(n, height, width, channels)``.
        kernel: float32 array of shape ``(rows, columns, channels, maps)``.
        bias: float32 array of shape ``(maps,)``.

    Returns:
        float32 array of shape ``(n, height - rows + 1, width - columns + 1, maps)``.

    Examples:
        >>> row = np.array([0, 0, 1, 1, 0], np.float32).reshape(1, 1, 5, 1)
        >>> edge = np.array([-1, 1], np.float32).reshape(1, 2, 1, 1)
        >>> convolve(row, edge, np.zeros(1, np.float32)).ravel()
        array([ 0.,  1.,  0., -1.], dtype=float32)
    """
    windows = np.lib.stride_tricks.sliding_window_view(images, kernel.shape[:2], axis=(1, 2))
    return np.asarray(np.tensordot(windows, kernel, axes=([4, 5, 3], [0, 1, 2])) + bias)


def pool(maps: np.ndarray) -> np.ndarray:
    """Keep the largest entry of each 2 × 2 block; a row or column left over at the end is ignored.

    Args:
        maps: Array of shape ``(n, height, width, maps)``.

    Returns:
        An array of shape ``(n, height // 2, width // 2, maps)``.

    Examples:
        >>> pool(np.arange(15).reshape(1, 3, 5, 1)).ravel()
        array([6, 8])
    """
    height, width = maps.shape[1] // 2, maps.shape[2] // 2
    whole = maps[:, : 2 * height, : 2 * width]
    return np.asarray(whole.reshape(len(maps), height, 2, width, 2, -1).max(axis=(2, 4)))


def round_to_bytes(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round weights to integers from -127 to 127, with a scale for each output.

    Args:
        kernel: float32 array; its last axis has the outputs.

    Returns:
        The integers, int8 of the same shape, and the scales to multiply them by, float32 and as long as the last axis.

    Examples:
        >>> whole, scale = round_to_bytes(np.array([[0.5, 10.0], [-1.0, 3.0]], np.float32))
        >>> whole
        array([[  64,  127],
               [-127,   38]], dtype=int8)
        >>> (whole * scale).round(2)
        array([[ 0.5 , 10.  ],
               [-1.  ,  2.99]], dtype=float32)
    """
    largest = np.abs(kernel).max(axis=tuple(range(kernel.ndim - 1)))
    scale = np.where(largest > 0, largest / LARGEST, 1).astype(np.float32)
    return np.rint(kernel / scale).astype(np.int8), scale


def dump_handwriting_network(layers: Layers) -> bytes:
    """Return layers as a safetensors file: kernels as int8 with float32 scales, biases as float32.

    Args:
        layers: As for ``HandwritingNetwork``.
    """
    from safetensors.numpy import save

    arrays = {}
    for name in KERNELS:
        kernel, bias = layers[name]
        arrays[f"{name}/kernel"], arrays[f"{name}/scale"] = round_to_bytes(kernel)
        arrays[f"{name}/bias"] = np.ascontiguousarray(bias, dtype=np.float32)
    return save(arrays, metadata={"book": "tensorbook"})


def read_handwriting_network(path: Path) -> HandwritingNetwork:
    """Read a weights file of the handwriting network.

    Args:
        path: A file with the bytes that ``dump_handwriting_network`` returned.

    Raises:
        DataError: The file is missing, or does not contain these arrays.
    """
    shapes: dict[str, tuple[tuple[int, ...], str]] = {}
    for name, shape in KERNELS.items():
        shapes[f"{name}/kernel"] = shape, "int8"
        shapes[f"{name}/scale"] = shapes[f"{name}/bias"] = shape[-1:], "float32"
    arrays = load_arrays(path, shapes, again="run `python -m tensorbook.book handwriting` to recreate it")
    return HandwritingNetwork(
        {
            name: (arrays[f"{name}/kernel"] * arrays[f"{name}/scale"], arrays[f"{name}/bias"].astype(np.float32))
            for name in KERNELS
        }
    )


def trained_handwriting_network() -> HandwritingNetwork:
    """Return the trained handwriting network, with the weights from the package.

    Examples:
        >>> network = trained_handwriting_network()
        >>> sum(kernel.size + bias.size for kernel, bias in network.layers.values())
        225034

    Raises:
        DataError: The weights file is missing or damaged, so the installation is broken.
    """
    path = next((path for path in PLACES if path.exists()), PLACES[0])
    try:
        return read_handwriting_network(path)
    except DataError as error:
        message = f"The handwriting network's weights are missing or damaged: reinstall tensorbook. ({error})"
        raise DataError(message) from None
