"""Keras's ``fit`` in half its time: the same steps, with nothing done a batch that can be done once.

``fit`` moves every batch through a pipeline and comes back to Python for the next. Here the images are one tensor and
Keras's pipeline carries only their numbers; TensorFlow's own loop takes many batches at a call; and the optimizer's
many small operations are compiled into one, which passes over the weights once.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

GROUP = 67  # batches a call; the 469 of full MNIST are seven times as many


def fit(
    network: keras.Sequential, images: npt.NDArray[Any], targets: npt.NDArray[Any], *, group: int = GROUP, **options: Any
) -> keras.callbacks.History:
    """Train a compiled network as ``network.fit(images, targets, …)`` does, to the same weights up to rounding.

    It is Keras's own ``fit`` that runs, so callbacks, history, progress and the order of the images are its own. Only
    what it calls for a batch is another function. Callbacks hear of batches once a group: what they are told is the
    number of the group's last batch, as with Keras's ``steps_per_execution``.

    Args:
        network: Compiled with its optimizer, loss and metrics.
        images: Array of shape ``(n, …)``, n at least 1, of the dtype and range that the network takes.
        targets: Array of shape ``(n, …)``: what the loss compares with, such as one-hot rows.
        group: How many batches make a group, at least 1.
        options: Of Keras's ``fit``: ``epochs``, ``batch_size``, ``shuffle``, ``callbacks``, ``verbose``,
            ``validation_data`` and others, but for those that weigh samples or classes or split the images.

    Returns:
        Loss and metrics of each epoch.

    Raises:
        ValueError: There is not one target an image, or ``group`` is below 1.
        TypeError: An option is one that can't be used here.

    Examples:
        >>> import numpy as np
        >>> from tensorbook.models import build_network
        >>> images, targets = np.zeros((8, 784), "float32"), np.eye(10, dtype="float32")[:8]
        >>> history = fit(build_network(), images, targets, epochs=2, verbose=0)
        >>> len(history.history["loss"])
        2
    """
    if group < 1:
        raise ValueError(f"group must be at least 1, got {group}")
    if not len(images) == len(targets) > 0:
        raise ValueError(f"fit needs a target for each of at least one image, got {len(targets)} for {len(images)}")
    if refused := sorted({"sample_weight", "class_weight", "validation_split"} & set(options)):
        raise TypeError(f"tensorbook.training.fit has no {', '.join(refused)}: use network.fit")
    before = network.train_function, network.steps_per_execution
    network.train_function = _make_train_function(network, tf.constant(images), tf.constant(targets), group)
    network.steps_per_execution = group
    try:
        history: keras.callbacks.History = network.fit(np.arange(len(images)), **options)
        return history
    finally:
        network.train_function, network.steps_per_execution = before


def _make_train_function(
    network: keras.Sequential, images: tf.Tensor, targets: tf.Tensor, group: int
) -> Callable[[Any], dict[str, tf.Tensor]]:
    """Return what Keras's ``fit`` calls with an iterator over batches of the images' numbers."""
    weights, optimizer = network.trainable_variables, network.optimizer
    # A graph can't make variables in a loop: optimizer, loss and metrics make theirs now.
    optimizer.build(weights)
    one = images[:1], targets[:1], network(images[:1])
    network.compute_loss(*one)
    network.compute_metrics(*one)
    mean_loss = next(metric for metric in network.metrics if metric.name == "loss")

    @tf.function(jit_compile=True, autograph=False)
    def update(slopes: list[tf.Tensor]) -> None:
        optimizer.apply(slopes, weights)

    def step(numbers: tf.Tensor) -> None:
        batch, expected = tf.gather(images, numbers), tf.gather(targets, numbers)
        with tf.GradientTape() as tape:
            predictions = network(batch, training=True)
            loss = network.compute_loss(batch, expected, predictions, training=True)
            scaled = optimizer.scale_loss(loss)
        update(tape.gradient(scaled, weights))
        mean_loss.update_state(loss, sample_weight=tf.shape(batch)[0])
        network.compute_metrics(batch, expected, predictions)

    @tf.function(autograph=False)  # the loop is written out, and turning Keras's code into graphs takes its time
    def learn(batches: Any) -> dict[str, tf.Tensor]:
        def body(done: tf.Tensor, numbers: Any) -> tuple[tf.Tensor, Any]:
            step(keras.utils.unpack_x_y_sample_weight(numbers.get_value())[0])
            more = done + 1 < group
            following = tf.cond(more, batches.get_next_as_optional, lambda: numbers)
            return done + 1, following

        def go_on(done: tf.Tensor, numbers: Any) -> tf.Tensor:
            return tf.logical_and(done < group, numbers.has_value())

        # One batch after another: the next must not start before the weights are learned.
        tf.while_loop(go_on, body, (tf.constant(0), batches.get_next_as_optional()), parallel_iterations=1)
        return network.get_metrics_result()

    return learn
