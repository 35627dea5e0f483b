"""The drift gate: train again from the recorded seed, and compare every figure of the record with now."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tensorbook.runs import Record
from tensorbook.book.running import Progress, Trained, train_and_test
from tensorbook.book.seeds import Seeds, check_recorded, figures_of
from tensorbook.weights import restore_network
from tensorbook.data import DataError, Mnist, fingerprint, prepare_images


@dataclass(frozen=True)
class Row:
    """One figure of the record beside the same figure now."""

    figure: str
    recorded: float | str
    now: float | str
    allowed: float

    @property
    def holds(self) -> bool:
        """Tell whether the figure is what the record says, within what is allowed."""
        if isinstance(self.recorded, str) or isinstance(self.now, str):
            return self.recorded == self.now
        return abs(self.recorded - self.now) <= self.allowed


def check(data: Mnist, results: Path, progress: Progress | None = None) -> list[Row]:
    """Train again from the recorded seed and compare.

    Args:
        data: The digits that the record speaks of; on others the first row fails.
        results: The results folder, with record, weights and seeds.
        progress: Called after each batch.

    Returns:
        A row a figure. Figures of training may drift by as much as ten seeds differ; the others not at all.

    Raises:
        DataError: Record, weights or seeds can't be read.
    """
    record, seeds = Record.load(results), Seeds.load(results)
    check_recorded(record, seeds)
    run = record.run
    trained = train_and_test(data, epochs=run.epochs, batch_size=run.batch_size, seed=run.seed, progress=progress)
    errors = _stored_errors(results / record.weights.file, data)
    return list(compare(record, seeds, trained, fingerprint(data), errors))


def _stored_errors(weights: Path, data: Mnist) -> int | str:
    try:
        network = restore_network(weights)
    except DataError:
        raise
    except ValueError:  # Keras says so where the library now builds a network of another shape
        return "do not fit"
    said = network.predict(prepare_images(data.test.images), verbose=0).argmax(axis=1)
    return int((said != data.test.labels).sum())


def compare(
    record: Record, seeds: Seeds, trained: Trained, data_sha256: str, stored_errors: int | str
) -> Iterator[Row]:
    """Yield a row a figure: what the record says, what came out now, and how much they may differ."""
    yield Row("data, SHA-256", record.data.sha256, data_sha256, 0)
    yield Row("weights", record.weights.parameters, trained.network.count_params(), 0)
    yield Row("test images", record.test.images, trained.test.images, 0)
    yield Row("stored weights, errors", record.test.errors, stored_errors, record.weights.other_class)
    now = figures_of(trained)
    for figure, recorded in figures_of(record).items():
        yield Row(figure, recorded, now[figure], seeds.tolerance(figure))
