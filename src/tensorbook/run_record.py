"""The record of a run and the files beside it: how the network was trained, and how well it does.

A run has only one network, the stored one. Its weights are rounded to float16 before anything is measured, so the
weights file reproduces the results in the record.
"""

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tensorbook.data import DataError, Mnist, fingerprint, identify
from tensorbook.evaluation import TestResults
from tensorbook.scratch import Network
from tensorbook.weights import WEIGHTS_FILE, network_from_weights, read_weights, weights_in_order

VERSIONS_OF = ("tensorbook", "tensorflow", "keras", "numpy")


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
    """The weights file and the effect of rounding to its dtype.

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
        """Return the command that recreates the files in a folder."""
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
            DataError: The file differs from the one that the run wrote.
        """
        path = folder / self.weights.file
        again = f"run `{self.again(folder)}` to recreate both"
        try:
            known = path.stat().st_size == self.weights.bytes and sha256_of(path.read_bytes())
        except OSError as error:
            raise DataError(f"The weights file {path} can't be read ({error.strerror}): {again}.") from None
        if known != self.files.get(self.weights.file):
            raise DataError(f"{path} is not the weights file from the run in {folder / self.file}: {again}.")
        return path

    def network_in(self, folder: Path) -> Network:
        """Return the run's network from its folder.

        Raises:
            DataError: The weights file differs from the one that the run wrote.
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
        """Read the record in a folder.

        Raises:
            DataError: The folder has no record, or this version can't read it.
        """
        path = folder / cls.file
        try:
            return cls.loads(path.read_text(encoding="utf-8"))
        except NotADirectoryError:
            raise DataError(f"{folder} is not a folder: a run is a folder written by `tensorbook train`.") from None
        except FileNotFoundError:
            raise DataError(f"There is no run in {folder}: run `{cls.again(folder)}` to create one.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path} is not a record that this version of tensorbook can read ({error!r}): "
                f"run `{cls.again(folder)}` to create a new one."
            ) from None

    def write(self, stage: Path) -> None:
        """Write the record to a folder, with the SHA-256 of each file in it."""
        for path in sorted(path for path in stage.rglob("*") if path.is_file()):
            self.files[path.relative_to(stage).as_posix()] = sha256_of(path.read_bytes())
        (stage / self.file).write_text(self.dumps(), encoding="utf-8")


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def versions(*others: str) -> dict[str, str]:
    """Return the versions of Python, of the packages used in every run, and of others used for drawing or timing."""
    return {"python": platform.python_version(), **{name: version(name) for name in (*VERSIONS_OF, *others)}}


def load_run(folder: Path) -> tuple[RunRecord, Network]:
    """Return the record and the network of a run.

    Raises:
        DataError: The folder has no run, or its files differ from those that the run wrote.
    """
    record = RunRecord.read(folder)
    return record, record.network_in(folder)
