"""A run of chapter 2: train, round the weights to float16, evaluate, and save everything in a folder.

A run has a single network: the stored one. Its weights are rounded to float16 before anything is measured, so the
weights file reproduces the results in the record.
"""

import hashlib
import io
import json
import platform
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from tensorbook.atomic_write import staging_folder
from tensorbook.data import DataError, Mnist, Split, fingerprint, identify, one_hot, prepare_images
from tensorbook.errors import UsageError
from tensorbook.evaluation import TestResults, evaluate, most_confident_mistakes
from tensorbook.keras_settings import check_keras
from tensorbook.scratch import Network
from tensorbook.weights import (
    WEIGHTS_FILE,
    dump_weights,
    network_from_weights,
    read_weights,
    round_weights,
    weights_in_order,
)

if TYPE_CHECKING:
    import keras

SEED = 0
EPOCHS = 5
BATCH_SIZE = 128
MISTAKES_SHOWN = 10
VERSIONS_OF = ("tensorbook", "tensorflow", "keras", "numpy")

# Called after some batches with the epoch (from 0), the batches done in it, and loss and accuracy so far.
Progress = Callable[[int, int, dict[str, float]], None]
# Trains on images and one-hot labels; returns the network, and the loss and accuracy of each epoch.
Learn = Callable[..., tuple["keras.Sequential", dict[str, list[float]]]]


@dataclass(frozen=True)
class Run:
    """How the network was trained."""

    seed: int
    epochs: int
    batch_size: int
    seconds: float


@dataclass(frozen=True)
class Data:
    """The data it was trained on: ``mnist`` or ``sample``, and the SHA-256 of its arrays."""

    name: str
    sha256: str
    train: int
    test: int


@dataclass(frozen=True)
class History:
    """Loss and accuracy on the training images, one number per epoch, as reported by ``fit``."""

    loss: list[float]
    accuracy: list[float]


@dataclass(frozen=True)
class Weights:
    """The weights file, and the effect of rounding to its dtype.

    ``other_class`` counts the test images whose predicted class changed when the weights were rounded.
    """

    file: str
    dtype: str
    parameters: int
    bytes: int
    other_class: int


@dataclass(frozen=True)
class Trained:
    """A trained network with rounded weights, and its results.

    ``probabilities`` are its predictions on the test images: float32 of shape ``(n, 10)``.
    """

    network: Network
    run: Run
    history: History
    test: TestResults
    probabilities: np.ndarray
    other_class: int

    @property
    def parameters(self) -> int:
        """Return the number of weights of the network."""
        return sum(weight.size for weight in weights_in_order(self.network))


@dataclass(frozen=True)
class RunRecord:
    """The record of a run: settings, data, results, versions, and the SHA-256 of each file beside it."""

    file: ClassVar[str] = "run.json"

    run: Run
    data: Data
    history: History
    test: TestResults
    weights: Weights
    versions: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def again(cls, folder: Path) -> str:
        """Return the command that recreates the files of a folder."""
        return f"tensorbook train --out {folder}"

    @property
    def gap(self) -> float:
        """Return the last epoch's accuracy on the training images minus the accuracy on the test images."""
        return self.history.accuracy[-1] - self.test.accuracy

    @classmethod
    def of(cls, trained: Trained, data: Mnist, weights: bytes) -> Self:
        """Return the record of a run, without any files yet."""
        return cls(
            run=trained.run,
            data=Data(identify(data), fingerprint(data), len(data.train.labels), len(data.test.labels)),
            history=trained.history,
            test=trained.test,
            weights=Weights(WEIGHTS_FILE, "float16", trained.parameters, len(weights), trained.other_class),
            versions=versions("matplotlib"),
        )

    def weights_in(self, folder: Path) -> Path:
        """Return the path of the run's weights file.

        Raises:
            DataError: The file is not the one that the run wrote.
        """
        path = folder / self.weights.file
        again = f"run `{self.again(folder)}` to make both again"
        try:
            known = path.stat().st_size == self.weights.bytes and sha256_of(path.read_bytes())
        except OSError as error:
            raise DataError(f"The weights file {path} can't be read ({error.strerror}): {again}.") from None
        if known != self.files.get(self.weights.file):
            raise DataError(f"{path} is not the weights file of the run in {folder / self.file}: {again}.")
        return path

    def network_in(self, folder: Path) -> Network:
        """Return the run's network from its folder.

        Raises:
            DataError: The weights file is not the one that the run wrote.
        """
        return network_from_weights(read_weights(self.weights_in(folder)))

    def dumps(self) -> str:
        """Return the record as JSON text that is easy to read and to diff."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def loads(cls, text: str) -> Self:
        """Build a record from the text returned by ``dumps``."""
        raw: dict[str, Any] = json.loads(text)
        return cls(
            run=Run(**raw["run"]),
            data=Data(**raw["data"]),
            history=History(**raw["history"]),
            test=TestResults(**{**raw["test"], "calibration": [tuple(row) for row in raw["test"]["calibration"]]}),
            weights=Weights(**raw["weights"]),
            versions=raw["versions"],
            files=raw["files"],
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the record of a folder.

        Raises:
            DataError: The folder has no record, or this version can't read it.
        """
        path = folder / cls.file
        try:
            return cls.loads(path.read_text(encoding="utf-8"))
        except NotADirectoryError:
            raise DataError(f"{folder} is not a folder: a run is a folder written by `tensorbook train`.") from None
        except FileNotFoundError:
            raise DataError(f"There is no run in {folder}: run `{cls.again(folder)}` to make one.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path} is not a record that this version of tensorbook can read ({error!r}): "
                f"run `{cls.again(folder)}` to make a new one."
            ) from None

    def write(self, stage: Path) -> None:
        """Write the record into a folder, with the SHA-256 of each file in it."""
        for path in sorted(path for path in stage.rglob("*") if path.is_file()):
            self.files[path.relative_to(stage).as_posix()] = sha256_of(path.read_bytes())
        (stage / self.file).write_text(self.dumps(), encoding="utf-8")


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def versions(*others: str) -> dict[str, str]:
    """Return the versions of Python and of the packages used in a run, and of others that it drew or timed with."""
    return {"python": platform.python_version(), **{name: version(name) for name in (*VERSIONS_OF, *others)}}


def train_and_evaluate(
    data: Mnist,
    *,
    epochs: int = EPOCHS,
    batch_size: int = BATCH_SIZE,
    seed: int = SEED,
    progress: Progress | None = None,
    learn: Learn | None = None,
) -> Trained:
    """Train the network of chapter 2 as chapter 2 does, round its weights, and evaluate it on the test images.

    Args:
        data: The digits to train and test on.
        epochs: Number of passes over the training images, at least 1.
        batch_size: Images per batch, at least 1.
        seed: Seed of the weights and the order of the images, 0 or more.
        progress: Called after each group of batches (see ``tensorbook.fast_fit``).
        learn: Trains the network instead of ``tensorbook.fast_fit.fit``, as one of several workers.

    Raises:
        ValueError: ``epochs`` or ``batch_size`` is below 1, ``seed`` is below 0, or the data is not images with labels.
    """
    for name, value, least in (("epochs", epochs, 1), ("batch_size", batch_size, 1), ("seed", seed, 0)):
        if value < least:
            raise UsageError(f"{name} must be at least {least}, got {value}")
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


def save_run(trained: Trained, data: Mnist, folder: Path) -> RunRecord:
    """Write a run into a staging folder: weights, three pictures, and the record that names them."""
    weights = dump_weights(trained.network)
    (folder / WEIGHTS_FILE).write_bytes(weights)
    for name, content in _pictures(trained, data.test):
        (folder / name).write_bytes(content)
    record = RunRecord.of(trained, data, weights)
    record.write(folder)
    return record


def load_run(folder: Path) -> tuple[RunRecord, Network]:
    """Return the record and the network of a run.

    Raises:
        DataError: The folder has no run, or its files are not those that the run wrote.
    """
    record = RunRecord.read(folder)
    return record, record.network_in(folder)


def train(data: Mnist, out: Path, **settings: Any) -> RunRecord:
    """Train, evaluate and save a run.

    New files replace those of an earlier run only at the end: a run that is interrupted or
    killed leaves the earlier one intact (see ``tensorbook.atomic_write``).

    Args:
        data: The digits to train and test on.
        out: The folder, created if it is missing.
        settings: Keyword arguments of ``train_and_evaluate``.

    Raises:
        DataError: The folder contains the book's own record.
        ValueError: As ``train_and_evaluate``.
        OutputError: The folder can't be written to; this is checked before the training.
    """
    check_folder(out)
    with staging_folder(out) as stage:
        return save_run(train_and_evaluate(data, **settings), data, stage)


def check_folder(out: Path) -> None:
    """Refuse a folder whose files must not be replaced by a run.

    Raises:
        DataError: The folder contains the book's own record.
    """
    if (out / "record.json").exists():
        raise DataError(
            f"{out} contains the book's own record, written by `python -m tensorbook.book record`: "
            "name another folder with --out."
        )


def _pictures(trained: Trained, test: Split) -> Iterable[tuple[str, bytes]]:
    """Yield the name and the content of each picture of a run."""
    import matplotlib.pyplot as plt

    from tensorbook.plotting import default_style, plot_confusion, plot_digits, plot_history

    drawn = {"history": plot_history(trained.history), "confusion": plot_confusion(trained.test.confusion)}
    worst = most_confident_mistakes(trained.probabilities, test.labels)[:MISTAKES_SHOWN]
    if len(worst):
        predictions = trained.probabilities[worst].argmax(axis=1)
        drawn["mistakes"] = plot_digits(test.images[worst], test.labels[worst], predictions=predictions)
    for name, ax in drawn.items():
        buffer = io.BytesIO()
        figure = ax.figure.figure  # of an axes, then of a subfigure: always the whole one
        with default_style():
            figure.savefig(buffer, format="png", dpi=150, facecolor="white", bbox_inches="tight")
        plt.close(figure)
        yield f"{name}.png", buffer.getvalue()


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
