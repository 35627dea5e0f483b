"""The book's networks: chapter 2's two dense layers and chapter 8's convolutional network.

Your ``keras.json`` has no effect on them: dtypes and the order of image axes are set here.
"""

from typing import Any

from tensorbook.check_keras import check_keras
from tensorbook.training_settings import BATCH_SIZE, CONVNET_EPOCHS, HIDDEN_UNITS

check_keras()  # before the import of Keras, whose own message would be less helpful

import keras  # noqa: E402  # after the check

IMAGE_PIXELS = 28 * 28
CLASSES = 10
CONVNET_STEPS = CONVNET_EPOCHS * -(-60_000 // BATCH_SIZE)  # on full MNIST, whose last batch is a smaller one
_DTYPE: dict[str, Any] = {"dtype": "float32"}
_PICTURES: dict[str, Any] = {"dtype": "float32", "data_format": "channels_last"}


def build_network() -> keras.Sequential:
    """Build and compile chapter 2's network.

    It has a dense layer of 512 units with relu, then a dense layer of 10 units with softmax. The optimizer is rmsprop,
    the loss is categorical cross-entropy, and the metric is accuracy. The 407,050 weights are drawn at random in each
    call. For repeatable weights, call ``keras.utils.set_random_seed`` first.

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


def build_convnet(steps: int = CONVNET_STEPS, dropout: tuple[float, float] = (0.25, 0.5)) -> keras.Sequential:
    """Build and compile chapter 8's convolutional network.

    It has two blocks, each with a 3 × 3 convolution, relu and 2 × 2 pooling, then dense layers of 128 and 10 units,
    each preceded by dropout. There are 225,034 weights. The optimizer is Adam, with a learning rate that falls from
    0.002 to zero along half a cosine; the loss and metric are the same as in ``build_network``.

    Args:
        steps: Number of batches until the learning rate reaches zero; by default, as many as the book's own training
            has (``CONVNET_EPOCHS`` epochs of full MNIST).
        dropout: The shares of the dense layers' inputs that are set to zero during training, one for each layer.

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
            layers.Dropout(dropout[0], **_DTYPE),
            layers.Dense(128, activation="relu", **_DTYPE),
            layers.Dropout(dropout[1], **_DTYPE),
            layers.Dense(CLASSES, activation="softmax", **_DTYPE),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(0.002, steps)
    _compile(network, keras.optimizers.Adam(rate))
    return network


def _compile(network: keras.Sequential, optimizer: Any) -> None:
    """Compile with cross-entropy and accuracy; given only by name, these would use the reader's dtype."""
    loss = keras.losses.CategoricalCrossentropy(**_DTYPE)
    metric = keras.metrics.CategoricalAccuracy("accuracy", **_DTYPE)
    network.compile(optimizer=optimizer, loss=loss, metrics=[metric])
