"""Train chapter 2's network as ``tensorbook train`` does: fit, round the weights to float16, evaluate, save."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tensorbook.atomic_write import staging_folder
from tensorbook.check_keras import check_keras
from tensorbook.data import Mnist, one_hot, prepare_images
from tensorbook.errors import UsageError
from tensorbook.evaluation import evaluate
from tensorbook.run_record import History, Run, RunRecord, Trained
from tensorbook.save_run import check_folder, save_run
from tensorbook.training_settings import BATCH_SIZE, EPOCHS, SEED, check_settings
from tensorbook.weights import network_from_weights, round_weights

if TYPE_CHECKING:
    import keras

# Called after some batches with the epoch (from 0), the batches done in it, and loss and accuracy so far.
Progress = Callable[[int, int, dict[str, float]], None]
# Trains on images and one-hot labels; returns the network, and the loss and accuracy of each epoch.
Learn = Callable[..., tuple["keras.Sequential", dict[str, list[float]]]]


def make_repeatable() -> None:
    """Make TensorFlow deterministic in this process: the same seed gives the same weights."""
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()


def train_and_evaluate(
    data: Mnist,
    *,
    epochs: int = EPOCHS,
    batch_size: int = BATCH_SIZE,
    seed: int = SEED,
    progress: Progress | None = None,
    learn: Learn | None = None,
) -> Trained:
    """Train chapter 2's network as the chapter does, round its weights, and evaluate it on the test images.

    Args:
        data: The digits to train and test on.
        epochs: Number of passes over the training images, at least 1.
        batch_size: Images per batch, at least 1.
        seed: Seed for the weights and the order of the images, 0 or more.
        progress: Called after each group of batches (see ``tensorbook.fast_fit``).
        learn: A replacement for ``tensorbook.fast_fit.fit``, for training as one of several workers.

    Raises:
        ValueError: ``epochs`` or ``batch_size`` is below 1, ``seed`` is below 0, or the data is not images with labels.
    """
    check_settings(epochs=epochs, batch_size=batch_size, seed=seed)
    for name, split in zip(("training", "test"), data, strict=True):
        if not len(split.images) == len(split.labels) > 0:
            raise UsageError(
                f"the {name} set needs at least one image and a label for each, "
                f"got {len(split.images)} images and {len(split.labels)} labels"
            )
    check_keras()
    import keras

    from tensorbook.fast_fit import GROUP, fit
    from tensorbook.models import build_network

    images, targets = prepare_images(data.train.images), one_hot(data.train.labels)
    test_images, _ = prepare_images(data.test.images), one_hot(data.test.labels)  # refused now, not after the training
    keras.utils.set_random_seed(seed)
    start = time.perf_counter()
    if learn:
        network, history = learn(images, targets, progress=progress)
    else:
        network = build_network()
        history = fit(
            network,
            images,
            targets,
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
            callbacks=[progress_callback(progress, GROUP, -(-len(images) // batch_size))] if progress else [],
        ).history
    seconds = time.perf_counter() - start
    exact = network.get_weights()
    stored = network_from_weights(round_weights(exact))
    test, probabilities = evaluate(stored, data.test)
    before = network_from_weights(exact).predict(test_images)
    return Trained(
        stored,
        Run(seed, epochs, batch_size, seconds),
        History(history["loss"], history["accuracy"]),
        test,
        probabilities,
        other_class=int((before.argmax(axis=1) != probabilities.argmax(axis=1)).sum()),
    )


def train(data: Mnist, out: Path, **settings: Any) -> RunRecord:
    """Train, evaluate and save a run.

    New files replace those of an earlier run only at the end, so an interrupted or killed run leaves the earlier one
    intact (see ``tensorbook.atomic_write``).

    Args:
        data: The digits to train and test on.
        out: The folder, created if it is missing.
        settings: Keyword arguments of ``train_and_evaluate``.

    Raises:
        DataError: The folder contains the book's own record.
        ValueError: As in ``train_and_evaluate``.
        OutputError: The folder can't be written to; this is checked before training.
    """
    check_folder(out)
    with staging_folder(out) as stage:
        return save_run(train_and_evaluate(data, **settings), data, stage)


def progress_callback(progress: Progress, group: int = 1, batches: int = sys.maxsize) -> "keras.callbacks.Callback":
    """Return a Keras callback that reports the number of finished batches to ``progress``, group by group."""
    import keras

    class Report(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002  # Keras's signature
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
            progress(self.epoch, min((batch + 1) * group, batches), logs or {})

    return Report()
