"""One figure more: how one number depends on another."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from tensorbook.plotting import LIGHT, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_curve(x: ArrayLike, y: ArrayLike, xlabel: str, ylabel: str, *, mark: int | None = None) -> "Axes":
    """Draw ``y`` over ``x`` as a line, and mark one of its points with a dot and its two numbers.

    Args:
        x: Numbers of shape ``(n,)``, n at least 2.
        y: Numbers of the same shape.
        xlabel: What ``x`` is.
        ylabel: What ``y`` is.
        mark: The index of the point to mark; none without it.

    Returns:
        The axes of a new figure.

    Raises:
        ValueError: The shapes differ or are not ``(n,)``.

    Examples:
        >>> plot_curve([0, 1, 2], [4, 1, 2], "step", "loss", mark=1).get_ylabel()
        'loss'
        >>> plot_curve([0, 1, 2], [4, 1], "step", "loss")
        Traceback (most recent call last):
            ...
        ValueError: plot_curve needs as many x as y, at least two, got shapes (3,) and (2,)
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2:
        raise ValueError(f"plot_curve needs as many x as y, at least two, got shapes {x.shape} and {y.shape}")
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(5, 2.6), layout="constrained", facecolor="none")
    ax.set_facecolor("none")
    ax.plot(x, y, color=LIGHT["first"], lw=1.5)
    if mark is not None:
        ax.plot(x[mark], y[mark], "o", color=LIGHT["second"], ms=6)
        ax.annotate(
            f"{x[mark]:.2g}, {y[mark]:.2g}",
            (x[mark], y[mark]),
            xytext=(0, 10),
            textcoords="offset points",
            ha="center",
            color=LIGHT["second"],
            size=TEXT - 1,
        )
    ax.set_xlabel(xlabel, color=LIGHT["muted"], fontsize=TEXT)
    ax.set_ylabel(ylabel, color=LIGHT["muted"], fontsize=TEXT)
    ax.tick_params(color=LIGHT["grid"], labelcolor=LIGHT["muted"], labelsize=TEXT - 1)
    ax.spines[["right", "top"]].set_visible(False)
    ax.spines[:].set(color=LIGHT["grid"], linewidth=0.8)
    return ax
