"""The record of the run: the only place where a figure that a run produced is kept."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from tensorbook.atomic_write import settle
from tensorbook.data import DataError

RECORD_FILE = "record.json"
RESULTS = Path("docs/results")


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
class Test:
    """What the trained network does on the test images; ``confusion[true][predicted]`` counts them.

    ``calibration`` has a row a range of confidence: images, mean confidence, share of them that was right.
    """

    loss: float
    accuracy: float
    confusion: list[list[int]]
    calibration: list[tuple[int, float, float]]

    @property
    def images(self) -> int:
        """Return how many test images there are."""
        return sum(map(sum, self.confusion))

    @property
    def correct(self) -> int:
        """Return how many of them were classified correctly."""
        return sum(row[true] for true, row in enumerate(self.confusion))

    @property
    def errors(self) -> int:
        """Return how many of them were not."""
        return self.images - self.correct

    @property
    def recall(self) -> list[float]:
        """Return for each class what share of its images was found."""
        return [row[true] / max(sum(row), 1) for true, row in enumerate(self.confusion)]

    @property
    def precision(self) -> list[float]:
        """Return for each class what share of the images called so are of it."""
        columns = zip(*self.confusion, strict=True)
        return [column[said] / max(sum(column), 1) for said, column in enumerate(columns)]


@dataclass(frozen=True)
class Weights:
    """The weights file: what it holds, and on how many test images it gives another class than float32."""

    file: str
    dtype: str
    parameters: int
    bytes: int
    other_class: int


@dataclass(frozen=True)
class Speed:
    """One operation timed three ways side by side: median seconds of the loop, of NumPy and of Keras."""

    operation: str
    shapes: str
    loop: float
    numpy: float
    keras: float

    @property
    def ratio(self) -> float:
        """Return how many times as long as NumPy the loop takes."""
        return self.loop / self.numpy


@dataclass(frozen=True)
class Record:
    """One run of ``tensorbook train``, whole: everything that a page says of it is read from here."""

    run: Run
    data: Data
    history: History
    test: Test
    weights: Weights
    speeds: list[Speed]
    versions: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """Return the accuracy of the last epoch on the training images, less the accuracy on the test images."""
        return self.history.accuracy[-1] - self.test.accuracy

    def speed(self, operation: str) -> Speed:
        """Return the timing of one operation by its name in ``tensorbook.ops``."""
        return next(speed for speed in self.speeds if speed.operation == operation)

    def weights_in(self, results: Path) -> Path:
        """Return the path of the run's weights in its results folder.

        Raises:
            DataError: The file there is not the one that the run wrote.
        """
        path = results / self.weights.file
        again = f"run `tensorbook train --out {results}` to make both again"
        try:
            known = path.stat().st_size == self.weights.bytes and sha256_of(path.read_bytes())
        except OSError as error:
            raise DataError(f"The weights file {path} can't be read ({error.strerror}): {again}.") from None
        if known != self.files.get(self.weights.file):
            raise DataError(f"{path} is not the weights file of the run in {results / RECORD_FILE}: {again}.")
        return path

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
            speeds=[Speed(**speed) for speed in raw["speeds"]],
            versions=raw["versions"],
            files=raw["files"],
        )

    @classmethod
    def load(cls, results: Path = RESULTS) -> Self:
        """Read the record of a results folder.

        Args:
            results: The folder that ``tensorbook train --out`` wrote.

        Raises:
            DataError: There is no record in the folder, or it is not one that this version can read.
        """
        path = results / RECORD_FILE
        try:
            settle(results)
            return cls.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(
                f"No results record at {path}: run `tensorbook train --out {results}` to make one."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path} is not a results record that this version of tensorbook reads ({error!r}): "
                f"run `tensorbook train --out {results}` to make a new one."
            ) from None


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
