"""Keras's ``fit`` in half its time: the same steps, with nothing done a batch that can be done once.

``fit`` moves every batch through a pipeline and comes back to Python for the next. Here the images are one tensor and
Keras's pipeline carries only their numbers. Many batches are one loop that XLA compiles as a whole: between two steps
nothing is started or handed over.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy.typing as npt

from tensorbook.errors import check_training
from tensorbook.settings import check_keras

check_keras()  # before Keras is imported, which would fail in words of its own

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

GROUP = 67  # batches a call: a seventh of the 469 of full MNIST
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
    """Train a compiled network as ``network.fit(images, targets, …)`` does: the same steps, only rounded differently.

    It is Keras's own ``fit`` that runs: history, callbacks and progress are its own, and the images come in the order
    it would take. But what it takes for one batch is a group of them: callbacks are called once a group, with its
    number.

    Args:
        network: Compiled with its optimizer, loss and metrics, and of layers that XLA can compile, as nearly all can.
        images: Array of shape ``(n, …)``, n at least 1, of the dtype and range that the network takes.
        targets: Array of shape ``(n, …)``: what the loss compares with, such as one-hot rows.
        batch_size: How many images make a batch, at least 1; the last one of an epoch may have fewer.
        group: How many batches make a group, at least 1.
        shuffle: Whether the order of the images is drawn at random; as in Keras, once for all epochs if a seed is set.
        options: Of Keras's ``fit``: ``epochs``, ``callbacks``, ``verbose`` and others, but for those that weigh samples
            or classes or set images apart for validation.

    Returns:
        Loss and metrics of each epoch.

    Raises:
        ValueError: There is not one target an image, or a number is below 1.
        TypeError: An option is one that can't be used here.

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
        raise TypeError(f"tensorbook.training.fit takes no {', '.join(refused)}: network.fit does")
    before = network.train_function
    group = min(group, -(-len(images) // batch_size))
    network.train_function = _make_train_function(network, tf.constant(images), tf.constant(targets), batch_size, group)
    try:
        groups = _groups(len(images), batch_size * group, shuffle)
        history: keras.callbacks.History = network.fit(groups, shuffle=False, **options)  # they are in order already
        return history
    finally:
        network.train_function = before


def _groups(images: int, group: int, shuffle: bool) -> tf.data.Dataset:
    """Return a pipeline of the numbers of the images, a group at a time, in the order in which Keras's own has them."""

    def order(_: tf.Tensor) -> tf.Tensor:
        numbers = tf.range(images, dtype=tf.int64)
        return tf.random.shuffle(numbers) if shuffle else numbers

    def cut(numbers: tf.Tensor) -> tf.data.Dataset:
        return tf.data.Dataset.range(groups).map(lambda one: numbers[one * group : (one + 1) * group])

    groups = -(-images // group)
    dataset = tf.data.Dataset.range(1).map(order).flat_map(cut).apply(tf.data.experimental.assert_cardinality(groups))
    # Tuning itself takes a core for half a second at the end of an epoch: there is nothing here to be tuned.
    settings = tf.data.Options()
    settings.autotune.enabled = False
    return dataset.with_options(settings)


def _make_train_function(
    network: keras.Sequential, images: tf.Tensor, targets: tf.Tensor, batch_size: int, group: int
) -> Callable[..., Any]:
    """Return what Keras's ``fit`` calls with an iterator over the numbers of the images, a group at a time."""
    weights, optimizer = network.trainable_variables, network.optimizer
    # A graph can't make variables in a loop: optimizer, loss and metrics make theirs now.
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
        """Learn from the first of the batches; the shapes are fixed, as XLA compiles for one shape."""

        def body(done: tf.Tensor, said: tf.TensorArray, losses: tf.TensorArray) -> tuple[Any, ...]:
            predictions, loss = step(numbers[done])
            return done + 1, said.write(done, predictions), losses.write(done, loss)

        said = tf.TensorArray(one[2].dtype, group, element_shape=(batch_size, *network.output_shape[1:]))
        # One batch after another: the next must not start before the weights are learned.
        _, said, losses = tf.while_loop(
            lambda done, *_: done < batches,
            body,
            (tf.constant(0), said, tf.TensorArray(tf.float32, group, element_shape=())),
            parallel_iterations=1,
        )
        return said.concat(), losses.stack()

    compiled_steps = tf.function(steps, jit_compile=True, autograph=False)

    def learn(groups: Any) -> Any:
        numbers, _, _ = keras.utils.unpack_x_y_sample_weight(groups.get_next())
        images_in_group = tf.size(numbers)
        batches = images_in_group // batch_size
        whole = batches * batch_size  # the images of the batches that are not cut short
        padded = tf.pad(numbers[:whole], [[0, group * batch_size - whole]])
        said, losses = compiled_steps(tf.reshape(padded, (group, batch_size)), batches)
        said, losses = said[:whole], losses[:batches]

        def with_rest() -> tuple[tf.Tensor, tf.Tensor]:
            predictions, loss = step(numbers[whole:])
            return tf.concat([said, predictions], 0), tf.concat([losses, [loss]], 0)

        said, losses = tf.cond(whole < images_in_group, with_rest, lambda: (said, losses))
        sizes = tf.minimum(batch_size, images_in_group - batch_size * tf.range(tf.size(losses)))
        mean_loss.update_state(losses, sample_weight=sizes)
        network.compute_metrics(None, tf.gather(targets, numbers), said)
        return network.get_metrics_result()

    # No autograph: the loop is written out, and turning Keras's code into graphs takes its time. A partial is another
    # function each time: of one whose code it has traced five times TensorFlow warns, and each network has its own.
    compiled: Callable[..., Any] = tf.function(partial(learn), autograph=False)
    return compiled
