"""The figures of the recorded run that are shown on the pages."""

from typing import TYPE_CHECKING

import numpy as np

from tensorbook.data import Split
from tensorbook.evaluation import most_confident_mistakes
from tensorbook.plotting import LIGHT, TEXT, default_style, plot_confusion, plot_digits, plot_history, weights_colormap
from tensorbook.run_record import RunRecord
from tensorbook.save_run import MISTAKES_SHOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RUN_FIGURES = ("history", "confusion", "mistakes", "classes", "calibration", "units")
UNITS_SHOWN = 20


@default_style()
def draw_run_figures(
    record: RunRecord, test: Split, probabilities: np.ndarray, kernel: np.ndarray
) -> dict[str, "Figure"]:
    """Draw every figure of a run.

    Args:
        record: The record of the run.
        test: The test images, uint8 of shape ``(n, 28, 28)``, and their labels.
        probabilities: The network's predictions for them, float32 of shape ``(n, 10)``.
        kernel: The weights of its first layer, float32 of shape ``(784, units)``.

    Returns:
        A figure for each name in ``RUN_FIGURES``.
    """
    import matplotlib.pyplot as plt

    worst = most_confident_mistakes(probabilities, test.labels)[:MISTAKES_SHOWN]
    drawn = {
        "history": plot_history({"loss": record.history.loss, "accuracy": record.history.accuracy}),
        "confusion": plot_confusion(np.array(record.test.confusion)),
        "mistakes": plot_digits(
            test.images[worst], test.labels[worst], predictions=probabilities[worst].argmax(axis=1)
        ),
        "classes": plot_classes(record.test.precision, record.test.recall),
        "calibration": plot_calibration(record.test.calibration),
        "units": plot_units(kernel[:, :UNITS_SHOWN]),
    }
    figures = {name: ax.get_figure(root=True) for name, ax in drawn.items()}
    plt.close("all")
    return {name: figure for name, figure in figures.items() if figure is not None}


def plot_classes(precision: list[float], recall: list[float]) -> "Axes":
    """Draw the precision and recall of each class as two dots on a line, as shares from 0 to 1."""
    ax = panel(5, 3.4)
    classes = range(len(precision))
    ax.hlines(classes, np.minimum(precision, recall), np.maximum(precision, recall), color=LIGHT["grid"])
    ax.plot(precision, classes, "o", color=LIGHT["first"], label="precision")
    ax.plot(recall, classes, "D", color=LIGHT["second"], label="recall")
    ax.set_yticks(classes)
    ax.invert_yaxis()
    ax.set_ylabel("digit", fontsize=TEXT, color=LIGHT["ink"])
    ax.legend(
        fontsize=TEXT,
        frameon=False,
        labelcolor=LIGHT["ink"],
        ncols=2,
        loc="lower center",
        bbox_to_anchor=(0.5, 1),
    )
    return ax


def plot_calibration(rows: list[tuple[int, float, float]]) -> "Axes":
    """Draw accuracy against confidence; larger dots stand for more images."""
    ax = panel(4.4, 4)
    images, confidence, right = (np.array(column) for column in zip(*rows, strict=True))
    ax.plot([0, 1], [0, 1], "--", color=LIGHT["muted"], linewidth=1)
    ax.plot(confidence, right, color=LIGHT["first"], linewidth=1)
    ax.scatter(confidence, right, s=12 + 30 * np.log10(images), color=LIGHT["first"])
    ax.set(xlim=(0, 1.04), ylim=(0, 1.04), aspect="equal")
    ax.set_xlabel("how sure it was", fontsize=TEXT, color=LIGHT["ink"])
    ax.set_ylabel("share that was right", fontsize=TEXT, color=LIGHT["ink"])
    return ax


def plot_units(kernel: np.ndarray) -> "Axes":
    """Draw the weights of hidden units as images: one colour for positive weights, the other for negative ones.

    Args:
        kernel: float32 array of shape ``(784, units)``.
    """
    units = kernel.T.reshape(-1, 28, 28)
    ax = plot_digits(np.zeros_like(units))
    for child, unit in zip(ax.child_axes, units, strict=True):
        [image] = child.images
        image.set_data(unit)
        image.set_cmap(weights_colormap(LIGHT))
        image.set_clim(-np.abs(unit).max(), np.abs(unit).max())
    return ax


def panel(width: float, height: float) -> "Axes":
    """Return the axes of a new figure of some width and height in inches, in the colours of light pages."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(width, height), facecolor="none")
    ax.set_facecolor("none")
    ax.tick_params(colors=LIGHT["ink"], labelsize=TEXT - 1)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(LIGHT["muted"])
    ax.grid(color=LIGHT["grid"], linewidth=0.6)
    ax.set_axisbelow(True)
    return ax
