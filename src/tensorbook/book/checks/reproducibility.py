"""The drift check: evaluate the stored weights, train again, and compare the results with the records."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tensorbook.book.results.book_record import Record
from tensorbook.book.results.other_records import ConvnetRecord, ScratchRecord
from tensorbook.book.results.seed_variance import DEVIATIONS, Seeds, check_recorded, figures_of
from tensorbook.data import Mnist, fingerprint
from tensorbook.evaluation import TestResults, evaluate
from tensorbook.run_record import Trained
from tensorbook.training import Progress, train_and_evaluate

ROUNDING = 1e-4  # the amount by which a float32 sum may differ on a processor that adds in a different order


@dataclass(frozen=True)
class Row:
    """A figure in a record, and its current value."""

    figure: str
    recorded: float | str
    now: float | str
    allowed: float = 0

    @property
    def holds(self) -> bool:
        """Return whether the figure matches the record, within the tolerance."""
        if isinstance(self.recorded, str) or isinstance(self.now, str):
            return self.recorded == self.now
        return abs(self.recorded - self.now) <= self.allowed


def check(data: Mnist, results: Path, progress: Progress | None = None, *, quick: bool = True) -> list[Row]:
    """Compare the records of a results folder with new results.

    Args:
        data: The digits that the records were made from; with different digits, the first row fails.
        results: The results folder: record, weights, seeds, and the records of the convnet and of chapter 7's engine.
        progress: Called after each batch of chapter 2's training.
        quick: Whether to evaluate only the stored weights, train chapter 2's network again, and compare the other
            records with these. Otherwise, the convnet and chapter 7's engine are trained again, too, which takes
            minutes.

    Returns:
        A row for each figure. Training results may differ as much as the seeds do, and other figures not at all.

    Raises:
        DataError: A record or the weights can't be read.
    """
    record, seeds = Record.load(results), Seeds.load(results)
    convnet, scratch = ConvnetRecord.load(results), ScratchRecord.load(results)
    check_recorded(record, seeds)
    stored, _ = evaluate(record.network_in(results), data.test)
    run = record.run
    trained = train_and_evaluate(data, epochs=run.epochs, batch_size=run.batch_size, seed=run.seed, progress=progress)
    rows = [
        Row("data, SHA-256", record.data.sha256, fingerprint(data)),
        *compare_stored(record, stored),
        *compare_training(record, seeds, trained),
        *compare_convnet_record(record, convnet),
        *compare_scratch_record(record, seeds, scratch),
    ]
    return rows if quick else [*rows, *train_the_others(data, results, seeds, convnet, scratch)]


def compare_stored(record: Record, now: TestResults) -> Iterator[Row]:
    """Compare the recorded results of the stored weights with new results."""
    moved = np.abs(np.array(record.test.confusion) - now.confusion).sum() // 2
    yield Row("stored weights, test images", record.test.images, now.images)
    yield Row("stored weights, errors", record.test.errors, now.errors)
    yield Row("stored weights, images of a new class", 0, int(moved))
    yield Row("stored weights, accuracy", record.test.accuracy, now.accuracy, ROUNDING / 10)
    yield Row("stored weights, loss", record.test.loss, now.loss, ROUNDING)


def compare_training(record: Record, seeds: Seeds, trained: Trained) -> Iterator[Row]:
    """Compare the record's training results with those of a new run."""
    yield Row("weights", record.weights.parameters, trained.parameters)
    now = figures_of(trained)
    for figure, recorded in figures_of(record).items():
        yield Row(figure, recorded, now[figure], seeds.tolerance(figure))


def compare_convnet_record(record: Record, convnet: ConvnetRecord) -> Iterator[Row]:
    """Compare the convnet's record of both networks with the book's record."""
    from tensorbook.models import build_convnet

    yield Row("convnet, data", record.data.sha256, convnet.data_sha256)
    yield Row("convnet, weights", convnet.parameters, build_convnet().count_params())
    yield Row("convnet, errors of the first network", convnet.first_errors, record.test.errors)
    yield Row("convnet, wrong by the first", convnet.both_wrong + convnet.only_first_wrong, record.test.errors)
    yield Row("convnet, wrong by this", convnet.both_wrong + convnet.only_this_wrong, convnet.errors)
    yield Row("convnet, accuracy", convnet.accuracy, 1 - convnet.errors / record.test.images, ROUNDING / 10)


def compare_scratch_record(record: Record, seeds: Seeds, scratch: ScratchRecord) -> Iterator[Row]:
    """Compare the accuracies in chapter 7's record with those of all seeds: both come from the same training."""
    spread, allowed = seeds.spread("test accuracy"), seeds.tolerance("test accuracy")
    yield Row("chapter 7, data", record.data.sha256, scratch.data_sha256)
    yield Row("chapter 7, epochs", scratch.epochs, record.run.epochs)
    yield Row("chapter 7, accuracy", scratch.accuracy, spread.mean, allowed)
    yield Row("chapter 7, Keras's accuracy", scratch.keras_accuracy, spread.mean, allowed)


def train_the_others(
    data: Mnist, results: Path, seeds: Seeds, convnet: ConvnetRecord, scratch: ScratchRecord
) -> Iterator[Row]:
    """Train the convnet and chapter 7's engine again, and compare the results with their records.

    The convnet's number of errors may differ by a few standard deviations of a count of that size.
    """
    from tensorbook.book.results.compare_keras import train_side_by_side
    from tensorbook.book.results.train_convnet import train_convnet

    now, _, _ = train_convnet(data, results, epochs=convnet.epochs, seed=convnet.seed)
    yield Row("convnet again, errors", convnet.errors, now.errors, DEVIATIONS * math.sqrt(convnet.errors))
    yield Row("convnet again, wrong by the first", convnet.first_errors, now.first_errors)
    again = train_side_by_side(data, epochs=scratch.epochs, rounds=1, seed=scratch.seed)
    allowed = seeds.tolerance("test accuracy")
    yield Row("chapter 7 again, accuracy", scratch.accuracy, again.accuracy, allowed)
    yield Row("chapter 7 again, Keras's accuracy", scratch.keras_accuracy, again.keras_accuracy, allowed)
