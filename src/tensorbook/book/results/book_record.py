"""The book's own record: the run whose weights, figures and card appear on the pages."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tensorbook.atomic_write import staging_folder
from tensorbook.book.results.light_and_dark_figures import draw_pair, picture_path
from tensorbook.book.results.recorded_run_figures import draw_run_figures
from tensorbook.book.results.social_card import CARD_FILE, draw_card
from tensorbook.data import DataError, Mnist, fingerprint
from tensorbook.evaluation import evaluate
from tensorbook.run_record import RunRecord, Trained
from tensorbook.training import train_and_evaluate
from tensorbook.weights import WEIGHTS_FILE, dump_weights, weights_in_order

RESULTS = Path("docs/results")
RECORD_FILE = "record.json"


class Record(RunRecord):
    """The record of the book's run."""

    file: ClassVar[str] = RECORD_FILE

    @classmethod
    def again(cls, folder: Path) -> str:
        """Return the command that recreates the files of a folder."""
        return f"python -m tensorbook.book record --out {folder}"

    @classmethod
    def load(cls, results: Path = RESULTS) -> Self:
        """Read the record of a results folder.

        Raises:
            DataError: The folder has no record, or this version can't read it.
        """
        return cls.read(results)


def check_same_data(data: Mnist, results: Path) -> None:
    """Refuse to replace results from different data, such as results from full MNIST with results from the sample.

    Raises:
        DataError: The folder has a record of different data.
    """
    if (results / RECORD_FILE).exists() and Record.load(results).data.sha256 != fingerprint(data):
        raise DataError(
            f"The record in {results} was made from different digits: load full MNIST "
            "(`tensorbook data fetch`, or set TENSORBOOK_MNIST), or choose a different folder with --out."
        )


def make_record(data: Mnist, out: Path, **settings: Any) -> Record:
    """Train chapter 2's network and write its record, weights, figures and card.

    New results replace the old ones only at the end, and the record comes last, so an interrupted or killed run leaves
    the earlier results intact (see ``tensorbook.atomic_write``).

    Args:
        data: The digits to train and test on.
        out: The results folder, created if it is missing.
        settings: Keyword arguments of ``train_and_evaluate``.

    Raises:
        DataError: The folder has a record of different data.
        ValueError: A setting is not valid.
        OSError: The folder can't be written to.
    """
    check_same_data(data, out)
    with staging_folder(out) as stage:  # fails before training, not after it
        return _write(stage, data, train_and_evaluate(data, **settings))


def measure_again(data: Mnist, out: Path) -> Record:
    """Evaluate the stored weights again and rewrite the record, figures and card without training.

    Use this after a change to how a run is measured or drawn. The history, seconds, versions and weights of the
    training are kept.

    Raises:
        DataError: The folder has no record or weights, or they were made from different data.
    """
    check_same_data(data, out)
    before = Record.load(out)
    network = before.network_in(out)
    test, probabilities = evaluate(network, data.test)
    trained = Trained(network, before.run, before.history, test, probabilities, before.weights.other_class)
    with staging_folder(out) as stage:
        return _write(stage, data, trained, {**before.versions, "matplotlib": version("matplotlib")})


def _write(stage: Path, data: Mnist, trained: Trained, versions: dict[str, str] | None = None) -> Record:
    """Write the weights, figures, card and record into an empty folder."""
    weights = dump_weights(trained.network)
    (stage / WEIGHTS_FILE).write_bytes(weights)
    record = Record.of(trained, data, weights)
    if versions:
        record.versions.update(versions)
    (stage / "figures").mkdir()
    kernel: np.ndarray = weights_in_order(trained.network)[0]
    for name, figure in draw_run_figures(record, data.test, trained.probabilities, kernel).items():
        for scheme, svg in draw_pair(figure).items():
            picture_path(stage, name, scheme).write_text(svg, encoding="utf-8")
    (stage / CARD_FILE).write_bytes(draw_card(record, data.test))
    record.write(stage)
    return record
