"""A faster ``fit``: the same steps as Keras's, in half the time.

Keras's ``fit`` sends every batch through a pipeline and returns to Python after each one. Here, all images are in one
tensor, and only their indices go through the pipeline. XLA compiles a loop over many batches, so there is no overhead
between steps.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy.typing as npt

from tensorbook.check_keras import check_keras
from tensorbook.training_settings import check_training

check_keras()  # before the import of Keras, whose own message would be less helpful

import keras  # noqa: E402  # after the check
import tensorflow as tf  # noqa: E402  # after the check

GROUP = 67  # batches per call: a seventh of the 469 batches of full MNIST
REFUSED = {"sample_weight", "class_weight", "validation_data", "validation_split"}


def fit(
    network: keras.Sequential,
    images: npt.NDArray[Any],
    targets: npt.NDArray[Any],
    *,
    batch_size: int = 32,
    group: int = GROUP,
    shuffle: bool = True,
    **options: Any,
) -> keras.callbacks.History:
    """Train a compiled network with the same steps as ``network.fit(images, targets, …)``, up to rounding.

    This calls Keras's own ``fit``, so the history, callbacks, progress bar and order of the images are the same. But
    Keras sees each group of batches as a single batch: batch callbacks are called once per group, with the group's
    index.

    Args:
        network: A compiled network whose layers XLA can compile (nearly all can).
        images: Array of shape ``(n, …)``, n at least 1, with the dtype and range that the network expects.
        targets: Array of shape ``(n, …)``: the targets for the loss, such as one-hot rows.
        batch_size: Images per batch, at least 1; the last batch of an epoch may be smaller.
        group: Batches per group, at least 1.
        shuffle: Whether to shuffle the images. As in Keras, all epochs use the same order if a seed is set.
        options: Other options of Keras's ``fit``, such as ``epochs`` and ``callbacks``. Sample weights, class weights
            and validation data are not supported.

    Returns:
        The loss and metrics of each epoch.

    Raises:
        ValueError: The numbers of images and targets differ, or a setting is below 1.
        TypeError: An option is not supported.

    Examples:
        >>> import numpy as np
        >>> from tensorbook.models import build_network
        >>> images, targets = np.zeros((8, 784), "float32"), np.eye(10, dtype="float32")[:8]
        >>> history = fit(build_network(), images, targets, epochs=2, verbose=0)
        >>> len(history.history["loss"])
        2
    """
    check_training(images, targets, batch_size=batch_size, group=group)
    if refused := sorted(REFUSED & set(options)):
        raise TypeError(f"tensorbook.fast_fit.fit does not support {', '.join(refused)}: use network.fit")
    before = network.train_function
    group = min(group, -(-len(images) // batch_size))
    network.train_function = _make_train_function(network, tf.constant(images), tf.constant(targets), batch_size, group)
    try:
        groups = _groups(len(images), batch_size * group, shuffle)
        history: keras.callbacks.History = network.fit(groups, shuffle=False, **options)  # already in order
        return history
    finally:
        network.train_function = before


def _groups(images: int, group: int, shuffle: bool) -> tf.data.Dataset:
    """Return a pipeline that yields groups of image indices in the same order as Keras's own."""

    def order(_: tf.Tensor) -> tf.Tensor:
        numbers = tf.range(images, dtype=tf.int64)
        return tf.random.shuffle(numbers) if shuffle else numbers

    def cut(numbers: tf.Tensor) -> tf.data.Dataset:
        return tf.data.Dataset.range(groups).map(lambda one: numbers[one * group : (one + 1) * group])

    groups = -(-images // group)
    dataset = tf.data.Dataset.range(1).map(order).flat_map(cut).apply(tf.data.experimental.assert_cardinality(groups))
    # Autotuning keeps a core busy for half a second at the end of each epoch, with nothing to tune here.
    settings = tf.data.Options()
    settings.autotune.enabled = False
    return dataset.with_options(settings)


def _make_train_function(
    network: keras.Sequential, images: tf.Tensor, targets: tf.Tensor, batch_size: int, group: int
) -> Callable[..., Any]:
    """Return the function that Keras's ``fit`` calls with an iterator over groups of image indices."""
    weights, optimizer = network.trainable_variables, network.optimizer
    # A graph can't create variables in a loop, so the optimizer, loss and metrics create theirs here.
    optimizer.build(weights)
    one = images[:1], targets[:1], network(images[:1])
    network.compute_loss(*one)
    network.compute_metrics(*one)
    mean_loss = next(metric for metric in network.metrics if metric.name == "loss")

    def step(numbers: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        batch, expected = tf.gather(images, numbers), tf.gather(targets, numbers)
        with tf.GradientTape() as tape:
            predictions = network(batch, training=True)
            loss = network.compute_loss(batch, expected, predictions, training=True)
            scaled = optimizer.scale_loss(loss)
        optimizer.apply(tape.gradient(scaled, weights), weights)
        return predictions, tf.cast(loss, tf.float32)

    def steps(numbers: tf.Tensor, batches: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Train on the first ``batches`` batches; the shapes are fixed because XLA compiles for one shape."""

        def body(done: tf.Tensor, predicted: tf.TensorArray, losses: tf.TensorArray) -> tuple[Any, ...]:
            predictions, loss = step(numbers[done])
            return done + 1, predicted.write(done, predictions), losses.write(done, loss)

        predicted = tf.TensorArray(one[2].dtype, group, element_shape=(batch_size, *network.output_shape[1:]))
        # One batch at a time: the next must not start before the weights are updated.
        _, predicted, losses = tf.while_loop(
            lambda done, *_: done < batches,
            body,
            (tf.constant(0), predicted, tf.TensorArray(tf.float32, group, element_shape=())),
            parallel_iterations=1,
        )
        return predicted.concat(), losses.stack()

    compiled_steps = tf.function(steps, jit_compile=True, autograph=False)

    def learn(groups: Any) -> Any:
        numbers, _, _ = keras.utils.unpack_x_y_sample_weight(groups.get_next())
        images_in_group = tf.size(numbers)
        batches = images_in_group // batch_size
        whole = batches * batch_size  # the number of images in full batches
        padded = tf.pad(numbers[:whole], [[0, group * batch_size - whole]])
        predicted, losses = compiled_steps(tf.reshape(padded, (group, batch_size)), batches)
        predicted, losses = predicted[:whole], losses[:batches]

        def with_rest() -> tuple[tf.Tensor, tf.Tensor]:
            predictions, loss = step(numbers[whole:])
            return tf.concat([predicted, predictions], 0), tf.concat([losses, [loss]], 0)

        predicted, losses = tf.cond(whole < images_in_group, with_rest, lambda: (predicted, losses))
        sizes = tf.minimum(batch_size, images_in_group - batch_size * tf.range(tf.size(losses)))
        mean_loss.update_state(losses, sample_weight=sizes)
        network.compute_metrics(None, tf.gather(targets, numbers), predicted)
        return network.get_metrics_result()

    # No autograph: the loop needs no conversion, and converting Keras's code is slow. A partial is a new
    # function each time: TensorFlow warns if it traces the same function five times, and each network needs its own.
    compiled: Callable[..., Any] = tf.function(partial(learn), autograph=False)
    return compiled
