"""The figures of the run: drawn by ``tensorbook train``, shown on the pages."""

from typing import TYPE_CHECKING

import numpy as np

from tensorbook.book.record import Record
from tensorbook.data import Split
from tensorbook.plotting import plot_confusion, plot_digits, plot_history

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RUN_FIGURES = ("history", "confusion", "mistakes")
MISTAKES_SHOWN = 10


def draw_run_figures(record: Record, test: Split, probabilities: np.ndarray) -> dict[str, "Figure"]:
    """Draw every figure of a run.

    Args:
        record: The record of the run.
        test: The test images, uint8 of shape ``(n, 28, 28)``, and their labels.
        probabilities: What the network said of them, float32 of shape ``(n, 10)``.

    Returns:
        A figure for each name in ``RUN_FIGURES``.
    """
    from matplotlib.figure import Figure

    figures = {}
    for name in RUN_FIGURES:
        figures[name] = Figure(figsize=(5, 4) if name != "history" else (5, 3))
    plot_history({"loss": record.history.loss, "accuracy": record.history.accuracy}, figures["history"])
    plot_confusion(record.test.confusion, figures["confusion"])
    worst = most_wrongly_sure(probabilities, test.labels)[:MISTAKES_SHOWN]
    plot_digits(test.images[worst], test.labels[worst], probabilities[worst].argmax(axis=1))
    return figures


def most_wrongly_sure(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the indices of the wrongly classified images, the most confident mistake first.

    Examples:
        >>> import numpy as np
        >>> said = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
        >>> most_wrongly_sure(said, np.array([1, 0, 1]))
        array([0, 1])
    """
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")]
