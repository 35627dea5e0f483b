"""One run of chapter 2, in memory: prepare, train, measure."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tensorbook.runs import History, Run, Test
from tensorbook.data import Mnist, one_hot, prepare_images

if TYPE_CHECKING:
    import keras

SEED = 0
EPOCHS = 5
BATCH_SIZE = 128
CALIBRATION_BINS = 10

# Called after some batches: the epoch (from 0), the batches done in it, loss and accuracy so far.
Progress = Callable[[int, int, dict[str, float]], None]
# Trains on images and one-hot labels; returns the network, and loss and accuracy of each epoch.
Learn = Callable[..., tuple["keras.Sequential", dict[str, list[float]]]]


@dataclass(frozen=True)
class Trained:
    """A trained network and what was measured of it.

    ``probabilities`` is what it says of the test images: float32 of shape ``(n, 10)``.
    """

    network: "keras.Sequential"
    run: Run
    history: History
    test: Test
    probabilities: np.ndarray


def train_and_test(
    data: Mnist,
    *,
    epochs: int = EPOCHS,
    batch_size: int = BATCH_SIZE,
    seed: int = SEED,
    progress: Progress | None = None,
    learn: Learn | None = None,
) -> Trained:
    """Train the network of chapter 2 as chapter 2 does, and measure it on the test images.

    Args:
        data: The digits to train and to test on.
        epochs: How often the training images are gone through, at least 1.
        batch_size: How many images make a batch, at least 1.
        seed: What the weights and the order of the images are drawn from, 0 or more.
        progress: Called after each group of batches (see ``tensorbook.training``).
        learn: What trains the network in place of ``tensorbook.training.fit``, as one of several workers.

    Raises:
        ValueError: ``epochs`` or ``batch_size`` is below 1, ``seed`` is below 0, or the data is not images with labels.
    """
    for name, value, least in (("epochs", epochs, 1), ("batch_size", batch_size, 1), ("seed", seed, 0)):
        if value < least:
            raise ValueError(f"{name} must be at least {least}, got {value}")
    for name, split in zip(("training", "test"), data, strict=True):
        if not len(split.images) == len(split.labels) > 0:
            raise ValueError(
                f"the {name} set needs at least one image and a label for each, "
                f"got {len(split.images)} images and {len(split.labels)} labels"
            )
    import keras

    from tensorbook.models import build_network
    from tensorbook.training import GROUP, fit

    train_images, train_labels = prepare_images(data.train.images), one_hot(data.train.labels)
    test_images, test_labels = prepare_images(data.test.images), one_hot(data.test.labels)
    keras.utils.set_random_seed(seed)
    start = time.perf_counter()
    if learn:
        network, history = learn(train_images, train_labels, progress=progress)
    else:
        network = build_network()
        history = fit(
            network,
            train_images,
            train_labels,
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
            callbacks=[report(progress, GROUP, -(-len(train_images) // batch_size))] if progress else [],
        ).history
    seconds = time.perf_counter() - start
    loss, accuracy = network.evaluate(test_images, test_labels, verbose=0)
    probabilities = network.predict(test_images, verbose=0)
    return Trained(
        network,
        Run(seed, epochs, batch_size, seconds),
        History(history["loss"], history["accuracy"]),
        Test(
            loss,
            accuracy,
            confusion_matrix(data.test.labels, probabilities.argmax(axis=1)).tolist(),
            calibration(probabilities, data.test.labels),
        ),
        probabilities,
    )


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int = 10) -> np.ndarray:
    """Count how often each true class was given each predicted class.

    Args:
        labels: True classes, integers of shape ``(n,)``, 0 to ``classes - 1``.
        predicted: Predicted classes, of the same shape and range.
        classes: How many classes there are.

    Returns:
        int64 array of shape ``(classes, classes)``: rows are true classes, columns predicted ones.

    Examples:
        >>> import numpy as np
        >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 1, 0]), classes=2)
        array([[1, 0],
               [1, 1]])
    """
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def calibration(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = CALIBRATION_BINS
) -> list[tuple[int, float, float]]:
    """Compare how sure a network was with how often it was right.

    Args:
        probabilities: float array of shape ``(n, classes)``.
        labels: True classes, integers of shape ``(n,)``.
        bins: Into how many ranges of equal width the confidences, 0 to 1, are sorted.

    Returns:
        For each range that has images in it, from the least to the most sure: how many images, their mean
        confidence, and the share of them that was right.

    Examples:
        >>> import numpy as np
        >>> calibration(np.array([[0.9, 0.1], [0.95, 0.05], [0.4, 0.6]]), np.array([0, 1, 1]))
        [(1, 0.6, 1.0), (2, 0.925, 0.5)]
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (int(inside.sum()), round(float(confidence[inside].mean()), 6), float(right[inside].mean()))
        for inside in (place == n for n in range(bins))
        if inside.any()
    ]


def report(progress: Progress, group: int = 1, batches: int = sys.maxsize) -> "keras.callbacks.Callback":
    """Return the callback that tells ``progress`` how many of an epoch's batches are done, group by group."""
    import keras

    class Report(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002  # Keras's signature
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
            progress(self.epoch, min((batch + 1) * group, batches), logs or {})

    return Report()
