"""Training in half the time of Keras's ``fit``: the same four steps, with nothing done a batch that can be done once.

Keras's ``fit`` returns to Python after every batch and fetches the next one through a pipeline. Here the images are
one tensor, the batches are taken from it inside TensorFlow's own loop, and the optimizer's many small operations are
compiled into one that passes over the weights once.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy.typing as npt
import tensorflow as tf

GROUP = 67  # batches between two calls of the callbacks; the 469 of full MNIST are seven times as many


def fit(
    network: keras.Sequential,
    images: npt.NDArray[Any],
    targets: npt.NDArray[Any],
    *,
    epochs: int = 1,
    batch_size: int = 128,
    shuffle: bool = True,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    group: int = GROUP,
) -> keras.callbacks.History:
    """Train a compiled network as ``network.fit`` does: given the same batches, to the same weights up to rounding.

    Args:
        network: Compiled with its optimizer, loss and metrics.
        images: Array of shape ``(n, …)``, n at least 1, of the dtype and range that the network takes.
        targets: Array of shape ``(n, …)``: what the loss compares with, such as one-hot rows.
        epochs: How often the images are gone through, at least 1.
        batch_size: How many images make a batch, at least 1; the last batch of an epoch may have fewer.
        shuffle: Whether each epoch takes the images in an order of its own, drawn from the seed that
            ``keras.utils.set_random_seed`` sets.
        callbacks: As ``network.fit`` takes them. Epochs are told one by one, batches once a group: the index in
            ``on_train_batch_end`` is that of the group's last batch, as with Keras's ``steps_per_execution``.
        group: How many batches make a group, at least 1.

    Returns:
        Loss and metrics of each epoch, as ``network.fit`` returns them.

    Raises:
        ValueError: There is not one target an image, or a number is below 1.

    Examples:
        >>> import numpy as np
        >>> from tensorbook.models import build_network
        >>> history = fit(build_network(), np.zeros((8, 784), "float32"), np.eye(10, dtype="float32")[:8], epochs=2)
        >>> len(history.history["loss"])
        2
    """
    for name, value in (("epochs", epochs), ("batch_size", batch_size), ("group", group)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    if not len(images) == len(targets) > 0:
        raise ValueError(f"fit needs a target for each of at least one image, got {len(images)} and {len(targets)}")
    learn = _make_loop(network, tf.constant(images), tf.constant(targets), batch_size)
    batches = -(-len(images) // batch_size)
    # The list tells the callbacks of everything and sets the history, in `fit` as here.
    told = keras.callbacks.CallbackList(
        list(callbacks), add_history=True, model=network, epochs=epochs, steps=batches, verbose=0
    )
    network.stop_training = False
    told.on_train_begin()
    logs: dict[str, float] = {}
    for epoch in range(epochs):
        network.reset_metrics()
        told.on_epoch_begin(epoch)
        order = tf.range(len(images))
        if shuffle:
            order = keras.random.shuffle(order)
        for first in range(0, batches, group):
            end = min(first + group, batches)
            told.on_train_batch_begin(first)
            logs = {name: float(value) for name, value in learn(order, tf.constant(first), tf.constant(end)).items()}
            told.on_train_batch_end(end - 1, logs)
            if network.stop_training:
                break
        told.on_epoch_end(epoch, dict(logs))
        if network.stop_training:
            break
    network.optimizer.finalize_variable_values(network.trainable_variables)  # an optimizer may keep averages
    told.on_train_end(logs)
    history: keras.callbacks.History = network.history
    return history


def _make_loop(network: keras.Sequential, images: tf.Tensor, targets: tf.Tensor, batch_size: int) -> Callable[..., Any]:
    """Return the function that learns from the batches ``first`` to ``end`` of an order, and gives the metrics."""
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

    def step(batch: tf.Tensor, expected: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            predictions = network(batch, training=True)
            loss = network.compute_loss(batch, expected, predictions, training=True)
            scaled = optimizer.scale_loss(loss)
        update(tape.gradient(scaled, weights))
        mean_loss.update_state(loss, sample_weight=tf.shape(batch)[0])
        network.compute_metrics(batch, expected, predictions)

    @tf.function(autograph=False)  # the loop is written out, and turning Keras's code into graphs takes its time
    def learn(order: tf.Tensor, first: tf.Tensor, end: tf.Tensor) -> dict[str, tf.Tensor]:
        def body(number: tf.Tensor) -> tuple[tf.Tensor]:
            chosen = order[number * batch_size : (number + 1) * batch_size]
            step(tf.gather(images, chosen), tf.gather(targets, chosen))
            return (number + 1,)

        # One batch after another: the loop would start the next before the weights are learned.
        tf.while_loop(lambda number: number < end, body, (first,), parallel_iterations=1)
        return network.get_metrics_result()

    return learn
