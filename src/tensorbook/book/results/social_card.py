"""The preview picture for links to the book on social networks: 1200 × 630 pixels."""

import io

import numpy as np

from tensorbook.data import Split
from tensorbook.plotting import DARK, default_style, plot_digit
from tensorbook.run_record import RunRecord

CARD_FILE = "card.png"
WIDTH, HEIGHT, DPI = 1200, 630, 100
DIGITS = 10
BACKGROUND = "#1e2129"  # of a dark page


@default_style()
def draw_card(record: RunRecord, test: Split) -> bytes:
    """Return the card as a PNG: the title, the network's accuracy, and the first test image of each digit."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), facecolor=BACKGROUND)
    left = 0.07
    figure.text(left, 0.74, "tensorbook", fontsize=64, color=DARK["ink"], weight="bold")
    figure.text(left, 0.62, "A runnable introduction to neural networks", fontsize=29, color=DARK["ink"])
    claim = f"{record.test.accuracy:.1%} of {record.test.images:,} digits recognised, by code that you can run"
    figure.text(left, 0.52, claim, fontsize=20, color=DARK["muted"])
    side = (1 - 2 * left) / DIGITS
    for digit in np.unique(test.labels):  # all ten, unless the test set is small
        ax = figure.add_axes((left + digit * side, 0.14, side * 0.92, side * 0.92 * WIDTH / HEIGHT))
        plot_digit(np.asarray(test.images)[test.labels == digit][0], ax=ax)
        [image] = ax.images
        image.set_cmap("gray")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()
