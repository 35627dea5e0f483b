"""A run of chapter 2: train, round the weights as they are stored, evaluate, and keep it all in a folder.

There is one network in a run: the stored one. Its weights are rounded to float16 before anything is measured, so what
the record says of the test images is what the weights file gives.
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

from tensorbook.atomic_write import staged
from tensorbook.data import DataError, Mnist, Split, fingerprint, identify, one_hot, prepare_images
from tensorbook.errors import UsageError
from tensorbook.evaluation import Test, evaluate, most_wrongly_sure
from tensorbook.scratch import Network
from tensorbook.weights import (
    WEIGHTS_FILE,
    dump_weights,
    network_of,
    read_weights,
    round_weights,
    weights_of,
)

if TYPE_CHECKING:
    import keras

SEED = 0
EPOCHS = 5
BATCH_SIZE = 128
MISTAKES_SHOWN = 10
VERSIONS_OF = ("tensorbook", "tensorflow", "keras", "numpy", "matplotlib")

# Called after some batches: the epoch (from 0), the batches done in it, loss and accuracy so far.
Progress = Callable[[int, int, dict[str, float]], None]
# Trains on images and one-hot labels; returns the network, and loss and accuracy of each epoch.
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
    """Which data it was trained on: ``mnist`` or ``sample``, and the SHA-256 over its arrays."""

    name: str
    sha256: str
    train: int
    test: int


@dataclass(frozen=True)
class History:
    """Loss and accuracy over the training images, one figure an epoch, as ``fit`` showed them."""

    loss: list[float]
    accuracy: list[float]


@dataclass(frozen=True)
class Weights:
    """The weights file, and what rounding to its dtype changed.

    ``other_class`` counts the test images to which the network gave another class before its weights were rounded.
    """

    file: str
    dtype: str
    parameters: int
    bytes: int
    other_class: int


@dataclass(frozen=True)
class Trained:
    """A trained network, rounded as it is stored, and what was measured of it.

    ``probabilities`` is what it gives for the test images: float32 of shape ``(n, 10)``.
    """

    network: Network
    run: Run
    history: History
    test: Test
    probabilities: np.ndarray
    other_class: int

    @property
    def parameters(self) -> int:
        """Return how many weights the network has."""
        return sum(weight.size for weight in weights_of(self.network))


@dataclass(frozen=True)
class RunRecord:
    """What is kept of a run: settings, data, figures, versions, and the SHA-256 of each file beside it."""

    file: ClassVar[str] = "run.json"

    run: Run
    data: Data
    history: History
    test: Test
    weights: Weights
    versions: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def again(cls, folder: Path) -> str:
        """Return the command that makes the files of a folder again."""
        return f"tensorbook train --out {folder}"

    @property
    def gap(self) -> float:
        """Return the accuracy of the last epoch on the training images, less the accuracy on the test images."""
        return self.history.accuracy[-1] - self.test.accuracy

    @classmethod
    def of(cls, trained: Trained, data: Mnist, weights: bytes) -> Self:
        """Return the record of a run, which names no files yet."""
        return cls(
            run=trained.run,
            data=Data(identify(data), fingerprint(data), len(data.train.labels), len(data.test.labels)),
            history=trained.history,
            test=trained.test,
            weights=Weights(WEIGHTS_FILE, "float16", trained.parameters, len(weights), trained.other_class),
            versions={"python": platform.python_version(), **{name: version(name) for name in VERSIONS_OF}},
        )

    def weights_in(self, folder: Path) -> Path:
        """Return the path of the run's weights in its folder.

        Raises:
            DataError: The file there is not the one that the run wrote.
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
        return network_of(read_weights(self.weights_in(folder)))

    def dumps(self) -> str:
        """Return the record as JSON text that a person can read and a diff can show."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def loads(cls, text: str) -> Self:
        """Build a record from the text that ``dumps`` returned."""
        raw: dict[str, Any] = json.loads(text)
        return cls(
            run=Run(**raw["run"]),
            data=Data(**raw["data"]),
            history=History(**raw["history"]),
            test=Test(**{**raw["test"], "calibration": [tuple(row) for row in raw["test"]["calibration"]]}),
            weights=Weights(**raw["weights"]),
            versions=raw["versions"],
            files=raw["files"],
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the record of a folder.

        Raises:
            DataError: There is no record in the folder, or it is not one that this version can read.
        """
        path = folder / cls.file
        try:
            return cls.loads(path.read_text(encoding="utf-8"))
        except NotADirectoryError:
            raise DataError(
                f"{folder} is not a folder: a run is a folder that `tensorbook train` has written."
            ) from None
        except FileNotFoundError:
            raise DataError(f"There is no run in {folder}: run `{cls.again(folder)}` to make one.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path} is not a record that this version of tensorbook reads ({error!r}): "
                f"run `{cls.again(folder)}` to make a new one."
            ) from None

    def write(self, stage: Path) -> None:
        """Write the record into a folder, with the SHA-256 of each file that is there."""
        for path in sorted(path for path in stage.rglob("*") if path.is_file()):
            self.files[path.relative_to(stage).as_posix()] = sha256_of(path.read_bytes())
        (stage / self.file).write_text(self.dumps(), encoding="utf-8")


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


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
        data: The digits to train and to test on.
        epochs: How often the training images are gone through, at least 1.
        batch_size: How many images make a batch, at least 1.
        seed: What the weights and the order of the images are drawn from, 0 or more.
        progress: Called after each group of batches (see ``tensorbook.training``).
        learn: Trains the network in place of ``tensorbook.training.fit``, as one of several workers.

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
    import keras

    from tensorbook.models import build_network
    from tensorbook.training import GROUP, fit

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
            callbacks=[report(progress, GROUP, -(-len(images) // batch_size))] if progress else [],
        ).history
    seconds = time.perf_counter() - start
    exact = network.get_weights()
    stored = network_of(round_weights(exact))
    test, probabilities = evaluate(stored, data.test)
    before = network_of(exact).predict(test_images)
    return Trained(
        stored,
        Run(seed, epochs, batch_size, seconds),
        History(history["loss"], history["accuracy"]),
        test,
        probabilities,
        other_class=int((before.argmax(axis=1) != probabilities.argmax(axis=1)).sum()),
    )


def save_run(trained: Trained, data: Mnist, folder: Path) -> RunRecord:
    """Write a run into a folder that ``staged`` handed out: weights, three pictures, and the record that names them."""
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
        DataError: There is no run in the folder, or its files are not those that the run wrote.
    """
    record = RunRecord.read(folder)
    return record, record.network_in(folder)


def train(data: Mnist, out: Path, **settings: Any) -> RunRecord:
    """Train, evaluate and save a run.

    All files are written beside those of an earlier run and take their places at the end: a run that is interrupted or
    killed leaves the earlier one whole (see ``tensorbook.atomic_write``).

    Args:
        data: The digits to train and to test on.
        out: The folder; it is made if it is not there.
        settings: Those of ``train_and_evaluate``.

    Raises:
        DataError: The folder holds the book's own record.
        ValueError: As ``train_and_evaluate``.
        OutputError: The folder can't be written to; this is found out before the training.
    """
    check_folder(out)
    with staged(out) as stage:
        return save_run(train_and_evaluate(data, **settings), data, stage)


def check_folder(out: Path) -> None:
    """Refuse a folder whose files a run must not replace.

    Raises:
        DataError: The folder holds the book's own record.
    """
    if (out / "record.json").exists():
        raise DataError(
            f"{out} holds the book's own record, which `python -m tensorbook.book record` makes: "
            "name another folder with --out."
        )


def _pictures(trained: Trained, test: Split) -> Iterable[tuple[str, bytes]]:
    """Yield the name and the content of each picture of a run."""
    import matplotlib.pyplot as plt

    from tensorbook.plotting import default_style, plot_confusion, plot_digits, plot_history

    drawn = {"history": plot_history(trained.history), "confusion": plot_confusion(trained.test.confusion)}
    worst = most_wrongly_sure(trained.probabilities, test.labels)[:MISTAKES_SHOWN]
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


def report(progress: Progress, group: int = 1, batches: int = sys.maxsize) -> "keras.callbacks.Callback":
    """Return the callback that calls ``progress`` with how many of an epoch's batches are done, group by group."""
    import keras

    class Report(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002  # Keras's signature
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
            progress(self.epoch, min((batch + 1) * group, batches), logs or {})

    return Report()
