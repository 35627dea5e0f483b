"""The command ``handwriting``: train the handwriting network of chapter 9 on MNIST and on synthetic digits."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from tensorbook.atomic_write import staging_folder
from tensorbook.book.results.book_record import check_same_data
from tensorbook.book.results.other_records import FurtherRecord
from tensorbook.book.results.train_convnet import fit_convnet
from tensorbook.check_keras import check_keras
from tensorbook.data import DataError, Mnist, Split
from tensorbook.handwriting_network import (
    HANDWRITING_FILE,
    KERNELS,
    HandwritingNetwork,
    Layers,
    dump_handwriting_network,
    read_handwriting_network,
)
from tensorbook.run_record import sha256_of
from tensorbook.synthetic_handwriting import write_digits
from tensorbook.training import Progress
from tensorbook.training_settings import BATCH_SIZE, SEED

EPOCHS = 8
SYNTHETIC = 24_000
HELD_BACK = 5_000  # MNIST training digits that are not used for training but to choose the temperature
TESTED = 2_000  # different synthetic digits, from the next seed
DROPOUT = 0.15, 0.3  # less than in chapter 8: with this many ways of writing, the network memorises nothing
TEMPERATURES = np.geomspace(0.5, 2, 57)


@dataclass(frozen=True)
class HandwritingRecord(FurtherRecord):
    """The training of the handwriting network, and what its stored weights read.

    Attributes:
        epochs: Number of passes over all training digits.
        batch_size: Digits per batch.
        mnist: How many of MNIST's training digits it was trained on.
        synthetic: How many synthetic digits it was trained on as well.
        held_back: How many of MNIST's training digits were kept to choose the temperature.
        temperature: The number by which the scores are divided before softmax; the stored weights include it.
        seconds: Seconds of ``fit``.
        parameters: Number of weights.
        bytes: Bytes of the weights file.
        sha256: SHA-256 of the weights file.
        other_class: How many test digits changed class when the weights were rounded to bytes.
        history: Loss and accuracy on the training digits, one number per epoch.
        accuracy: Accuracy on MNIST's test digits.
        errors: How many of these it got wrong.
        tested_synthetic: How many different synthetic digits it was tested on.
        synthetic_accuracy: Its accuracy on these.
    """

    file: ClassVar[str] = "handwriting-network.json"
    command: ClassVar[str] = "python -m tensorbook.book handwriting"

    epochs: int
    batch_size: int
    mnist: int
    synthetic: int
    held_back: int
    temperature: float
    seconds: float
    parameters: int
    bytes: int
    sha256: str
    other_class: int
    history: dict[str, list[float]]
    accuracy: float
    errors: int
    tested_synthetic: int
    synthetic_accuracy: float

    def network_in(self, results: Path) -> HandwritingNetwork:
        """Return the network from its weights file in a results folder.

        Raises:
            DataError: The file is missing, or is not the one that the record names.
        """
        path = results / HANDWRITING_FILE
        network = read_handwriting_network(path)
        if sha256_of(path.read_bytes()) != self.sha256:
            raise DataError(f"{path} is not the file that {results / self.file} names: run `{self.command}`.")
        return network


def measure_handwriting(
    data: Mnist,
    out: Path,
    *,
    epochs: int = EPOCHS,
    synthetic: int = SYNTHETIC,
    held_back: int = HELD_BACK,
    tested: int = TESTED,
    seed: int = SEED,
    progress: Progress | None = None,
) -> HandwritingRecord:
    """Train the handwriting network, round its weights to bytes, measure it, and write weights and record.

    Args:
        data: MNIST, the same as in the record in ``out``.
        out: The results folder.
        epochs: Number of passes over the training digits, at least 1.
        synthetic: How many synthetic digits to train on.
        held_back: How many of MNIST's training digits to keep for the temperature, at least 1.
        tested: How many other synthetic digits to test on.
        seed: Seed for weights, order, dropout and synthetic digits.
        progress: Called after each batch.

    Raises:
        DataError: The folder has a record of different data.
    """
    check_same_data(data, out)
    with staging_folder(out) as stage:  # fails before training, not after it
        train, kept = (Split(*(part[some] for part in data.train)) for some in (np.s_[:-held_back], np.s_[-held_back:]))
        start = time.perf_counter()
        layers, history = train_handwriting_network(join(train, write_digits(synthetic, seed)), epochs, seed, progress)
        seconds = time.perf_counter() - start
        temperature = find_temperature(HandwritingNetwork(layers).predict(kept.images), kept.labels)
        layers = cooled(layers, temperature)
        (stage / HANDWRITING_FILE).write_bytes(dump_handwriting_network(layers))
        stored = read_handwriting_network(stage / HANDWRITING_FILE)
        answers = stored.predict(data.test.images).argmax(axis=1)
        others = write_digits(tested, seed + 1)
        record = HandwritingRecord(
            **HandwritingRecord.origin(data, seed),
            epochs=epochs,
            batch_size=BATCH_SIZE,
            mnist=len(train.labels),
            synthetic=synthetic,
            held_back=held_back,
            temperature=temperature,
            seconds=seconds,
            parameters=sum(kernel.size + bias.size for kernel, bias in layers.values()),
            bytes=(stage / HANDWRITING_FILE).stat().st_size,
            sha256=sha256_of((stage / HANDWRITING_FILE).read_bytes()),
            other_class=int((HandwritingNetwork(layers).predict(data.test.images).argmax(axis=1) != answers).sum()),
            history=history,
            accuracy=float((answers == data.test.labels).mean()),
            errors=int((answers != data.test.labels).sum()),
            tested_synthetic=len(others.labels),
            synthetic_accuracy=float((stored.predict(others.images).argmax(axis=1) == others.labels).mean()),
        )
        record.write(stage)
    return record


def join(one: Split, other: Split) -> Split:
    """Combine the digits of both."""
    return Split(*(np.concatenate(parts) for parts in zip(one, other, strict=True)))


def train_handwriting_network(
    digits: Split, epochs: int, seed: int, progress: Progress | None = None
) -> tuple[Layers, dict[str, list[float]]]:
    """Train chapter 8's convolutional network.

    Args:
        digits: What to train on.
        epochs: Number of passes, at least 1.
        seed: Seed for weights, order and dropout.
        progress: Called after each batch.

    Returns:
        Kernel and bias of each layer, and loss and accuracy of each epoch.
    """
    check_keras()
    import keras

    from tensorbook.models import build_convnet

    keras.utils.set_random_seed(seed)
    network = build_convnet(epochs * -(-len(digits.labels) // BATCH_SIZE), DROPOUT)
    history, _ = fit_convnet(network, digits, epochs, progress)
    weights = network.get_weights()
    layers = dict(zip(KERNELS, zip(weights[::2], weights[1::2], strict=True), strict=True))
    return layers, history


def find_temperature(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature at which the probabilities agree best with how often the network is right.

    Dividing the scores by a temperature above 1 makes the probabilities more even, and below 1 more extreme; their
    order stays the same.

    Args:
        probabilities: Float array of shape ``(n, 10)`` for digits that were not trained on.
        labels: Their true classes, integers of shape ``(n,)``.

    Examples:
        >>> sure = np.array([[0.9, 0.1]] * 10)  # and right in seven cases of ten
        >>> temperature = find_temperature(sure, np.array([0] * 7 + [1] * 3))
        >>> shares = sure[0] ** (1 / temperature)
        >>> float((shares / shares.sum())[0].round(1))
        0.8
    """
    scores = np.log(np.maximum(probabilities, 1e-30))

    def loss(temperature: float) -> float:
        shares = np.exp(scores / temperature)
        return float(-np.log(shares[np.arange(len(labels)), labels] / shares.sum(axis=1)).mean())

    return float(min(TEMPERATURES, key=loss))


def cooled(layers: Layers, temperature: float) -> Layers:
    """Return layers that divide the scores by a temperature."""
    kernel, bias = layers["output"]
    return {**layers, "output": (kernel / np.float32(temperature), bias / np.float32(temperature))}
