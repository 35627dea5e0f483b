"""The networks of the book: two dense layers as in chapter 2, and the convolutional one of chapter 8.

They are the same whatever the reader's ``keras.json`` says: types and the order of a picture's axes are set here.
"""

from typing import Any

from tensorbook.settings import check_keras

check_keras()  # before Keras is imported, which would fail in words of its own

import keras  # noqa: E402

IMAGE_PIXELS = 28 * 28
HIDDEN_UNITS = 512
CLASSES = 10
CONVNET_STEPS = 8 * 469  # 8 epochs of 469 batches
_DTYPE: dict[str, Any] = {"dtype": "float32"}
_PICTURES: dict[str, Any] = {"dtype": "float32", "data_format": "channels_last"}


def build_network() -> keras.Sequential:
    """Build the network of chapter 2 and compile it.

    A dense layer of 512 units with relu, then a dense layer of 10 units with softmax; the optimizer is rmsprop,
    the loss categorical cross-entropy, the metric accuracy. It has 407,050 weights, drawn anew at each call:
    call ``keras.utils.set_random_seed`` first to draw the same ones again.

    Returns:
        The compiled network. It takes float32 images of shape ``(n, 784)`` in [0, 1] and returns float32
        probabilities of shape ``(n, 10)``; each row sums to 1.

    Examples:
        >>> from tensorbook.models import build_network
        >>> network = build_network()
        >>> network.count_params()
        407050
        >>> network.output_shape
        (None, 10)
    """
    network = keras.Sequential(
        [
            keras.Input(shape=(IMAGE_PIXELS,), **_DTYPE),
            keras.layers.Dense(HIDDEN_UNITS, activation="relu", **_DTYPE),
            keras.layers.Dense(CLASSES, activation="softmax", **_DTYPE),
        ]
    )
    _compile(network, "rmsprop")
    return network


def build_convnet(steps: int = CONVNET_STEPS) -> keras.Sequential:
    """Build the convolutional network of chapter 8 and compile it.

    Twice a convolution of 3 × 3 with relu and a pooling of 2 × 2, then dense layers of 128 and of 10 units, each
    behind dropout. It has 225,034 weights. The optimizer is Adam, whose learning rate falls from 0.002 to zero along
    half a cosine; loss and metric are those of ``build_network``.

    Args:
        steps: In how many batches the learning rate gets to zero; as given, those of 8 epochs of full MNIST.

    Returns:
        The compiled network. It takes float32 images of shape ``(n, 28, 28, 1)`` in [0, 1] and returns float32
        probabilities of shape ``(n, 10)``; each row sums to 1.

    Examples:
        >>> from tensorbook.models import build_convnet
        >>> build_convnet().count_params()
        225034
    """
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1), **_DTYPE),
            layers.Conv2D(32, 3, activation="relu", **_PICTURES),
            layers.MaxPooling2D(2, **_PICTURES),
            layers.Conv2D(64, 3, activation="relu", **_PICTURES),
            layers.MaxPooling2D(2, **_PICTURES),
            layers.Flatten(**_PICTURES),
            layers.Dropout(0.25, **_DTYPE),
            layers.Dense(128, activation="relu", **_DTYPE),
            layers.Dropout(0.5, **_DTYPE),
            layers.Dense(CLASSES, activation="softmax", **_DTYPE),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(0.002, steps)
    _compile(network, keras.optimizers.Adam(rate))
    return network


def _compile(network: keras.Sequential, optimizer: Any) -> None:
    """Compile with cross-entropy and accuracy; by their names alone they would be of the reader's type."""
    loss = keras.losses.CategoricalCrossentropy(**_DTYPE)
    metric = keras.metrics.CategoricalAccuracy("accuracy", **_DTYPE)
    network.compile(optimizer=optimizer, loss=loss, metrics=[metric])
