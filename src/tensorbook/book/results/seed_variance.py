"""Runs that differ only in the seed, to show how reliable the figures of a single run are."""

import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tensorbook.atomic_write import write_atomically
from tensorbook.book.results.book_record import RECORD_FILE, RESULTS, Record, check_same_data
from tensorbook.data import DataError, Mnist, fingerprint
from tensorbook.run_record import Trained
from tensorbook.training import train_and_evaluate

SEEDS_FILE = "seeds.json"
SEEDS = 10  # of the book, starting at 0
# The number of standard deviations over the seeds by which a figure may drift.
DEVIATIONS = 3


@dataclass(frozen=True)
class Spread:
    """The values of one figure over all seeds."""

    values: Sequence[float]

    @property
    def mean(self) -> float:
        """Return the mean."""
        return statistics.mean(self.values)

    @property
    def deviation(self) -> float:
        """Return the sample standard deviation."""
        return statistics.stdev(self.values)

    @property
    def least(self) -> float:
        """Return the smallest value."""
        return min(self.values)

    @property
    def most(self) -> float:
        """Return the largest value."""
        return max(self.values)


def figures_of(run: Record | Trained) -> dict[str, float]:
    """Return the figures of a run that depend on the seed, by name."""
    figures = {
        "test accuracy": run.test.accuracy,
        "test loss": run.test.loss,
        "test errors": float(run.test.errors),
    }
    for name, values in (("loss", run.history.loss), ("accuracy", run.history.accuracy)):
        for epoch, value in enumerate(values, start=1):
            figures[f"{name}, epoch {epoch}"] = value
    return figures


@dataclass(frozen=True)
class Seeds:
    """The figures of one run per seed, starting at seed 0, all on the same data."""

    runs: list[dict[str, float]]
    data_sha256: str

    def spread(self, figure: str) -> Spread:
        """Return one figure, such as ``test accuracy``, over all seeds."""
        return Spread([run[figure] for run in self.runs])

    def tolerance(self, figure: str) -> float:
        """Return how much a figure may drift: a few standard deviations over the seeds."""
        return DEVIATIONS * self.spread(figure).deviation

    def dumps(self) -> str:
        """Return the runs as JSON, with each figure's tolerance and its reason."""
        tolerances = {name: self.tolerance(name) for name in self.runs[0]}
        reason = (
            f"{DEVIATIONS} standard deviations over {len(self.runs)} seeds: machines add up in different orders, "
            "which by the end of training is as if another seed had been drawn"
        )
        return json.dumps({**asdict(self), "tolerances": tolerances, "reason": reason}, indent=1) + "\n"

    @classmethod
    def load(cls, results: Path = RESULTS) -> Self:
        """Read the file that ``measure_seeds`` wrote to a results folder.

        Raises:
            DataError: The file is missing or can't be read.
        """
        path = results / SEEDS_FILE
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls([dict(run) for run in raw["runs"]], str(raw["data_sha256"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path} can't be read ({error}): run `python -m tensorbook.book seeds` to create it."
            ) from None


def measure_seeds(data: Mnist, out: Path, count: int = SEEDS, done: Callable[[int], None] = lambda _: None) -> Seeds:
    """Train once with each seed, starting at 0, and write the results; the run in the folder's record is one of these.

    Args:
        data: The digits to train and to test on.
        out: The results folder.
        count: Number of seeds, at least 2: one run has no spread.
        done: Called after each run with the number of finished runs.

    Raises:
        DataError: The folder has a record of different data.
        ValueError: ``count`` is below 2.
    """
    if count < 2:
        raise ValueError(f"a spread needs at least 2 seeds, got {count}")
    check_same_data(data, out)
    recorded = Record.load(out) if (out / RECORD_FILE).exists() else None
    seeds = Seeds(list(_runs(data, count, done, recorded)), fingerprint(data))
    write_atomically(out / SEEDS_FILE, seeds.dumps())
    return seeds


def _runs(data: Mnist, count: int, done: Callable[[int], None], recorded: Record | None) -> Iterator[dict[str, float]]:
    for seed in range(count):
        if recorded and recorded.run.seed == seed:  # the book's own run is one of them and already trained
            yield figures_of(recorded)
        else:
            yield figures_of(train_and_evaluate(data, seed=seed))
        done(seed + 1)


def check_recorded(record: Record, seeds: Seeds) -> None:
    """Check that the record and the seeds were made from the same data.

    Raises:
        DataError: They were not.
    """
    if record.data.sha256 != seeds.data_sha256:
        raise DataError(
            "The record and the runs with other seeds were made on different data: "
            "run `python -m tensorbook.book seeds` again."
        )
