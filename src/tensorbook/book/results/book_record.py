"""The book's own record: the run whose weights, figures and card every page shows."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tensorbook.atomic_write import staged
from tensorbook.book.results.figures import draw_run_figures
from tensorbook.book.results.social_card import CARD_FILE, draw_card
from tensorbook.book.results.svg_figures import draw_pair, picture_path
from tensorbook.data import DataError, Mnist, fingerprint
from tensorbook.evaluation import evaluate
from tensorbook.runs import RunRecord, Trained, train_and_evaluate
from tensorbook.weights import WEIGHTS_FILE, dump_weights, weights_of

RESULTS = Path("docs/results")
RECORD_FILE = "record.json"


class Record(RunRecord):
    """The record of the run that the book shows."""

    file: ClassVar[str] = RECORD_FILE

    @classmethod
    def again(cls, folder: Path) -> str:
        """Return the command that makes the files of a folder again."""
        return f"python -m tensorbook.book record --out {folder}"

    @classmethod
    def load(cls, results: Path = RESULTS) -> Self:
        """Read the record of a results folder.

        Raises:
            DataError: There is no record in the folder, or it is not one that this version can read.
        """
        return cls.read(results)


def check_same_data(data: Mnist, results: Path) -> None:
    """Refuse to replace results of other data, such as those of full MNIST by those of the sample.

    Raises:
        DataError: The folder has a record, and it was made from other data.
    """
    if (results / RECORD_FILE).exists() and Record.load(results).data.sha256 != fingerprint(data):
        raise DataError(
            f"The record in {results} was made from other digits than these: load full MNIST "
            "(`tensorbook data fetch`, or set TENSORBOOK_MNIST), or name another folder with --out."
        )


def make_record(data: Mnist, out: Path, **settings: Any) -> Record:
    """Train the network of chapter 2 and write record, weights, figures and card.

    Everything is written beside the old results and takes its place at the end, the record last: a training that is
    interrupted or killed leaves the earlier results whole (see ``tensorbook.atomic_write``).

    Args:
        data: The digits to train and to test on.
        out: The results folder; it is made if it is not there.
        settings: Those of ``train_and_evaluate``.

    Raises:
        DataError: The folder holds a record of other data.
        ValueError: A setting makes no sense.
        OSError: The folder can't be written to.
    """
    check_same_data(data, out)
    with staged(out) as stage:  # fails now, not after the training
        return _write(stage, data, train_and_evaluate(data, **settings))


def measure_again(data: Mnist, out: Path) -> Record:
    """Evaluate the stored weights again and write record, figures and card anew; the training stays as it was.

    For a change in how a run is measured or drawn. What the training left, its history, its seconds, its versions and
    its weights, is kept.

    Raises:
        DataError: The folder holds no record or no weights, or they were made from other data.
    """
    check_same_data(data, out)
    before = Record.load(out)
    network = before.network_in(out)
    test, probabilities = evaluate(network, data.test)
    trained = Trained(network, before.run, before.history, test, probabilities, before.weights.other_class)
    with staged(out) as stage:
        return _write(stage, data, trained, {**before.versions, "matplotlib": version("matplotlib")})


def _write(stage: Path, data: Mnist, trained: Trained, versions: dict[str, str] | None = None) -> Record:
    """Write weights, figures, card and the record that names them into an empty folder."""
    weights = dump_weights(trained.network)
    (stage / WEIGHTS_FILE).write_bytes(weights)
    record = Record.of(trained, data, weights)
    if versions:
        record.versions.update(versions)
    (stage / "figures").mkdir()
    kernel: np.ndarray = weights_of(trained.network)[0]
    for name, figure in draw_run_figures(record, data.test, trained.probabilities, kernel).items():
        for scheme, svg in draw_pair(figure).items():
            picture_path(stage, name, scheme).write_text(svg, encoding="utf-8")
    (stage / CARD_FILE).write_bytes(draw_card(record, data.test))
    record.write(stage)
    return record
