"""The network of the book: two dense layers, built and compiled as chapter 2 does it."""

import keras

IMAGE_PIXELS = 28 * 28
HIDDEN_UNITS = 512
CLASSES = 10


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
            keras.Input(shape=(IMAGE_PIXELS,)),
            keras.layers.Dense(HIDDEN_UNITS, activation="relu"),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    network.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    return network
