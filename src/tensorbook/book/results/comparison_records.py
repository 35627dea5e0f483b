"""The records of the runs beside that of chapter 2, each in a file of its own in the results folder."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Self

from tensorbook.atomic_write import write_whole
from tensorbook.book.results.book_record import RESULTS
from tensorbook.data import DataError

CONVNET_FIGURES = ("mended", "still-wrong")
BENCH_FIGURES = ("speeds", "growth")
VERSIONS_OF = ("tensorbook", "tensorflow", "keras", "numpy")


def versions() -> dict[str, str]:
    """Return the versions that a run is made with."""
    return {"python": platform.python_version(), **{name: version(name) for name in VERSIONS_OF}}


@dataclass(frozen=True)
class StoredRecord:
    """What all of these records have in common: a file, and the command that makes it."""

    file: ClassVar[str]
    command: ClassVar[str]

    def write(self, results: Path) -> None:
        """Write the record into a results folder, in one move."""
        write_whole(results / self.file, json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, results: Path = RESULTS) -> Self:
        """Read the record from a results folder.

        Raises:
            DataError: It is not there, or it is not one that this version can read.
        """
        path = results / cls.file
        again = f"run `{cls.command} --out {results}` to make it"
        try:
            return cls._from(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise DataError(f"No record at {path}: {again}.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path} is not a record that can be read ({error!r}): {again} anew.") from None

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        return cls(**raw)


@dataclass(frozen=True)
class FurtherRecord(StoredRecord):
    """What the records of trainings have in common: the seed, the data and the versions."""

    seed: int
    data: str
    data_sha256: str
    versions: dict[str, str]


@dataclass(frozen=True)
class ScratchRecord(FurtherRecord):
    """Chapter 7's engine and Keras, trained in turn from the same weights; seconds are those of ``fit``.

    ``grouped_seconds`` are Keras's with ``steps_per_execution`` set to ``grouped_batches``.
    """

    file: ClassVar[str] = "scratch.json"
    command: ClassVar[str] = "python -m tensorbook.book scratch"

    epochs: int
    batch_size: int
    accuracy: float
    keras_accuracy: float
    seconds: Sequence[float]
    keras_seconds: Sequence[float]
    grouped_seconds: Sequence[float]
    grouped_batches: int

    @property
    def rounds(self) -> int:
        """Return how often both were trained."""
        return len(self.seconds)

    @property
    def ours(self) -> float:
        """Return the engine's seconds in its fastest round: what else the computer does can only slow a round down."""
        return min(self.seconds)

    @property
    def keras(self) -> float:
        """Return Keras's seconds in its fastest round."""
        return min(self.keras_seconds)

    @property
    def grouped(self) -> float:
        """Return Keras's seconds in its fastest round with many batches a call."""
        return min(self.grouped_seconds)

    @property
    def ratio(self) -> float:
        """Return how many times as long Keras takes."""
        return self.keras / self.ours


@dataclass(frozen=True)
class ConvnetRecord(FurtherRecord):
    """Chapter 8's network on the test images, beside chapter 2's whose weights stand in the results folder.

    ``first_*`` is chapter 2's network. The three counts say how many images both got wrong, and how many only one.
    """

    file: ClassVar[str] = "convnet.json"
    command: ClassVar[str] = "python -m tensorbook.book convnet"

    epochs: int
    batch_size: int
    seconds: float
    parameters: int
    history: dict[str, list[float]]
    accuracy: float
    errors: int
    first_errors: int
    both_wrong: int
    only_first_wrong: int
    only_this_wrong: int
