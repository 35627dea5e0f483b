"""The records of all runs other than chapter 2's, each in its own file in the results folder."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from tensorbook.atomic_write import write_atomically
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.recorded_run_figures import RUN_FIGURES
from tensorbook.data import DataError, Mnist, fingerprint, identify
from tensorbook.run_record import versions

CONVNET_FIGURES = ("mended", "still-wrong")
EXPERIMENT_FIGURES = ("learning-rates", "learning")
BENCH_FIGURES = ("speeds", "growth")
# The figures of all records. Every other figure is drawn by the page that shows it.
RECORDED_FIGURES = RUN_FIGURES + CONVNET_FIGURES + EXPERIMENT_FIGURES + BENCH_FIGURES


@dataclass(frozen=True)
class StoredRecord:
    """Base class of the records: a file, and the command that creates it."""

    file: ClassVar[str]
    command: ClassVar[str]

    def write(self, results: Path) -> None:
        """Write the record into a results folder, atomically."""
        write_atomically(results / self.file, json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, results: Path = RESULTS) -> Self:
        """Read the record from a results folder.

        Raises:
            DataError: The record is missing, or this version can't read it.
        """
        path = results / cls.file
        again = f"run `{cls.command} --out {results}` to create it"
        try:
            return cls._from(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise DataError(f"No record at {path}: {again}.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path} is not a record that can be read ({error!r}): {again} again.") from None

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        return cls(**raw)


@dataclass(frozen=True)
class FurtherRecord(StoredRecord):
    """Base class of the records of training runs: seed, data and versions."""

    seed: int
    data: str
    data_sha256: str
    versions: dict[str, str]

    @staticmethod
    def origin(data: Mnist, seed: int) -> dict[str, Any]:
        """Return these four fields for a run that takes place now."""
        return {"seed": seed, "data": identify(data), "data_sha256": fingerprint(data), "versions": versions()}


@dataclass(frozen=True)
class ScratchRecord(FurtherRecord):
    """Chapter 7's engine and Keras, trained in turn from the same initial weights; the seconds are those of ``fit``.

    ``grouped_seconds`` are Keras's seconds with ``steps_per_execution`` set to ``grouped_batches``.
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
        """Return how often each network was trained."""
        return len(self.seconds)

    @property
    def numpy(self) -> float:
        """Return the engine's seconds in its fastest round, since other programs can only slow a round down."""
        return min(self.seconds)

    @property
    def keras(self) -> float:
        """Return Keras's seconds in its fastest round."""
        return min(self.keras_seconds)

    @property
    def grouped(self) -> float:
        """Return Keras's seconds in its fastest round with many batches per call."""
        return min(self.grouped_seconds)

    @property
    def ratio(self) -> float:
        """Return how many times longer Keras takes."""
        return self.keras / self.numpy


@dataclass(frozen=True)
class ConvnetRecord(FurtherRecord):
    """Chapter 8's network on the test images, compared with chapter 2's, whose weights are in the results folder.

    ``first_*`` is chapter 2's network. The three counts are the images that both got wrong, or only one of them.
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
