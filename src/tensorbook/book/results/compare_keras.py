"""The command ``scratch``: chapter 7's engine and Keras's ``fit``, trained in turn from the same weights."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tensorbook.book.results.book_record import check_same_data
from tensorbook.book.results.other_records import ScratchRecord
from tensorbook.check_keras import check_keras
from tensorbook.data import Mnist, one_hot, prepare_images
from tensorbook.training_settings import BATCH_SIZE, EPOCHS, SEED
from tensorbook.weights import network_from_weights

ROUNDS = 3
GROUPED_BATCHES = 67  # an epoch has seven times as many: 469 batches


def measure_scratch(data: Mnist, out: Path, **settings: Any) -> ScratchRecord:
    """Train the networks in turn and write the record.

    Args:
        data: The digits to train and test on.
        out: The results folder.
        settings: Keyword arguments of ``train_side_by_side``.

    Raises:
        DataError: The folder has a record of different data.
        ValueError: ``epochs`` or ``rounds`` is below 1.
    """
    check_same_data(data, out)
    record = train_side_by_side(data, **settings)
    record.write(out)
    return record


def train_side_by_side(
    data: Mnist,
    *,
    epochs: int = EPOCHS,
    rounds: int = ROUNDS,
    seed: int = SEED,
    done: Callable[[str, float], object] = lambda _name, _seconds: None,
) -> ScratchRecord:
    """Train the networks in turn, and time each ``fit``, called as in chapter 2.

    All of them start from the same weights, drawn by Keras, but each shuffles the images in its own way.

    Args:
        data: The digits to train and test on.
        epochs: Number of passes over the training images, at least 1.
        rounds: How often to train each, at least 1; the record keeps the seconds of every round.
        seed: Seed for weights and orders in every round.
        done: Called after each training with its name and seconds.

    Raises:
        ValueError: ``epochs`` or ``rounds`` is below 1.
    """
    for name, value in (("epochs", epochs), ("rounds", rounds)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    check_keras()
    import keras

    from tensorbook.models import build_network

    images, targets = prepare_images(data.train.images), one_hot(data.train.labels)
    seconds: dict[str, list[float]] = {"NumPy": [], "Keras": [], "Keras, grouped": []}
    for _ in range(rounds):
        keras.utils.set_random_seed(seed)
        keras_network, grouped = build_network(), build_network()
        numpy_network = network_from_weights(keras_network.get_weights())
        grouped.set_weights(keras_network.get_weights())
        grouped.compile(
            optimizer="rmsprop",
            loss="categorical_crossentropy",
            metrics=["accuracy"],
            steps_per_execution=GROUPED_BATCHES,
        )
        for name, fit in {
            "NumPy": partial(numpy_network.fit, images, targets, epochs, BATCH_SIZE, seed),
            "Keras": partial(keras_network.fit, images, targets, BATCH_SIZE, epochs, verbose=0),
            "Keras, grouped": partial(grouped.fit, images, targets, BATCH_SIZE, epochs, verbose=0),
        }.items():
            start = time.perf_counter()
            fit()
            seconds[name].append(time.perf_counter() - start)
            done(name, seconds[name][-1])
    test_images = prepare_images(data.test.images)
    right = [
        probabilities.argmax(axis=1) == data.test.labels
        for probabilities in (numpy_network.predict(test_images), keras_network.predict(test_images, verbose=0))
    ]
    return ScratchRecord(
        **ScratchRecord.origin(data, seed),
        epochs=epochs,
        batch_size=BATCH_SIZE,
        accuracy=float(right[0].mean()),
        keras_accuracy=float(right[1].mean()),
        seconds=seconds["NumPy"],
        keras_seconds=seconds["Keras"],
        grouped_seconds=seconds["Keras, grouped"],
        grouped_batches=GROUPED_BATCHES,
    )
