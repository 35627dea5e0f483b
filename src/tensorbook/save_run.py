"""Save a run in a folder: which files ``tensorbook train`` writes, and which folder it refuses."""

import io
from collections.abc import Iterable
from pathlib import Path

from tensorbook.data import DataError, Mnist, Split
from tensorbook.evaluation import most_confident_mistakes
from tensorbook.run_record import RunRecord, Trained
from tensorbook.weights import WEIGHTS_FILE, dump_weights

MISTAKES_SHOWN = 10  # in the picture of a run's mistakes


def check_folder(out: Path) -> None:
    """Reject a folder whose files must not be replaced by a run.

    Raises:
        DataError: The folder contains the book's own record.
    """
    if (out / "record.json").exists():
        raise DataError(
            f"{out} contains the book's own record, written by `python -m tensorbook.book record`: "
            "choose a different folder with --out."
        )


def save_run(trained: Trained, data: Mnist, folder: Path) -> RunRecord:
    """Write a run to a staging folder: its weights, three pictures, and the record that lists them."""
    weights = dump_weights(trained.network)
    (folder / WEIGHTS_FILE).write_bytes(weights)
    for name, content in _pictures(trained, data.test):
        (folder / name).write_bytes(content)
    record = RunRecord.of(trained, data, weights)
    record.write(folder)
    return record


def _pictures(trained: Trained, test: Split) -> Iterable[tuple[str, bytes]]:
    """Yield the name and content of each picture in a run."""
    import matplotlib.pyplot as plt

    from tensorbook.plotting import default_style, plot_confusion, plot_digits, plot_history

    drawn = {"history": plot_history(trained.history), "confusion": plot_confusion(trained.test.confusion)}
    worst = most_confident_mistakes(trained.probabilities, test.labels)[:MISTAKES_SHOWN]
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
