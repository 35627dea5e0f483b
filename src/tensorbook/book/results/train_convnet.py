"""The command ``convnet``: train chapter 8's network, and compare it with chapter 2's on the same test images."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tensorbook.atomic_write import staging_folder
from tensorbook.book.results.book_record import Record, check_same_data
from tensorbook.book.results.light_and_dark_figures import draw_pair, picture_path
from tensorbook.book.results.other_records import ConvnetRecord
from tensorbook.check_keras import check_keras
from tensorbook.data import Mnist, Split, one_hot, prepare_images
from tensorbook.evaluation import evaluate, most_confident_mistakes
from tensorbook.plotting import plot_digits
from tensorbook.training import Progress, progress_callback
from tensorbook.training_settings import BATCH_SIZE, CONVNET_EPOCHS, SEED

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure

SHOWN = 10  # digits in each of the two figures


def measure_convnet(
    data: Mnist, out: Path, *, epochs: int = CONVNET_EPOCHS, seed: int = SEED, progress: Progress | None = None
) -> ConvnetRecord:
    """Train chapter 8's network, compare it with chapter 2's stored network, and write the record and two figures.

    Args:
        data: The digits to train and test on, the same as in the record in ``out``.
        out: The book's results folder, with the record of chapter 2's network.
        epochs: Number of passes over the training images, at least 1.
        seed: Seed for weights, order and dropout.
        progress: Called after each batch.

    Raises:
        DataError: The folder has no record or weights, or they were made from different data.
        ValueError: ``epochs`` is below 1.
    """
    record, first, this = train_convnet(data, out, epochs=epochs, seed=seed, progress=progress)
    with staging_folder(out) as stage:
        (stage / "figures").mkdir()
        for name, figure in draw_comparison(data.test, first, this).items():
            for scheme, svg in draw_pair(figure).items():
                picture_path(stage, name, scheme).write_text(svg, encoding="utf-8")
        record.write(stage)
    return record


def train_convnet(
    data: Mnist, results: Path, *, epochs: int = CONVNET_EPOCHS, seed: int = SEED, progress: Progress | None = None
) -> tuple[ConvnetRecord, np.ndarray, np.ndarray]:
    """Train chapter 8's network and compare it with chapter 2's stored network, without writing anything.

    Args:
        data: As ``measure_convnet``.
        results: As ``measure_convnet``.
        epochs: As ``measure_convnet``.
        seed: As ``measure_convnet``.
        progress: As ``measure_convnet``.

    Returns:
        The record, and the probabilities of chapter 2's network and of this one on the test images: both float32
        of shape ``(n, 10)``.

    Raises:
        DataError: As ``measure_convnet``.
        ValueError: As ``measure_convnet``.
    """
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    record = Record.load(results)
    check_same_data(data, results)
    _, first = evaluate(record.network_in(results), data.test)
    check_keras()
    import keras

    from tensorbook.models import build_convnet

    keras.utils.set_random_seed(seed)
    network = build_convnet(steps=epochs * -(-len(data.train.labels) // BATCH_SIZE))
    history, seconds = fit_convnet(network, data.train, epochs, progress)
    this = network.predict(with_channel_axis(data.test.images), verbose=0)
    wrong, wrong_first = (p.argmax(axis=1) != data.test.labels for p in (this, first))
    made = ConvnetRecord(
        **ConvnetRecord.origin(data, seed),
        epochs=epochs,
        batch_size=BATCH_SIZE,
        seconds=seconds,
        parameters=network.count_params(),
        history=history,
        accuracy=float(1 - wrong.mean()),
        errors=int(wrong.sum()),
        first_errors=int(wrong_first.sum()),
        both_wrong=int((wrong & wrong_first).sum()),
        only_first_wrong=int((wrong_first & ~wrong).sum()),
        only_this_wrong=int((wrong & ~wrong_first).sum()),
    )
    return made, first, this


def fit_convnet(
    network: "keras.Sequential", digits: Split, epochs: int, progress: Progress | None = None
) -> tuple[dict[str, list[float]], float]:
    """Train a convolutional network with Keras's ``fit``.

    Args:
        network: The compiled network.
        digits: What to train on.
        epochs: Number of passes, at least 1.
        progress: Called after each batch.

    Returns:
        Loss and accuracy of each epoch, and the seconds of ``fit``.
    """
    images, targets = with_channel_axis(digits.images), one_hot(digits.labels)
    start = time.perf_counter()
    history: dict[str, Any] = network.fit(
        images,
        targets,
        epochs=epochs,
        batch_size=BATCH_SIZE,
        verbose=0,
        callbacks=[progress_callback(progress)] if progress else [],
    ).history
    return {name: list(map(float, values)) for name, values in history.items()}, time.perf_counter() - start


def with_channel_axis(images: np.ndarray) -> np.ndarray:
    """Return images in the form that a convolution needs: float32 of shape ``(n, 28, 28, 1)``, from 0.0 to 1.0."""
    return prepare_images(images).reshape(-1, 28, 28, 1)


def draw_comparison(test: Split, first: np.ndarray, this: np.ndarray) -> dict[str, "Figure"]:
    """Draw the first network's most confident mistakes: ``mended``, now right, and ``still-wrong``.

    Args:
        test: The test images and their labels.
        first: Chapter 2's predictions for them, float32 of shape ``(n, 10)``.
        this: Chapter 8's predictions.
    """
    import matplotlib.pyplot as plt

    order = most_confident_mistakes(first, test.labels)
    right_now = this[order].argmax(axis=1) == test.labels[order]
    figures: dict[str, Figure] = {}
    for name, chosen, probabilities in (("mended", order[right_now], first), ("still-wrong", order[~right_now], this)):
        chosen = chosen[:SHOWN]
        if len(chosen):
            ax = plot_digits(test.images[chosen], test.labels[chosen], predictions=probabilities[chosen].argmax(axis=1))
            figures[name] = ax.figure.figure  # a subfigure's parent: the whole figure
    plt.close("all")
    return figures
