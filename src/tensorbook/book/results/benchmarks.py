"""Results of ``tests/benchmarks``: read pytest-benchmark's JSON, and show it as a table and pictures."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.formatting import with_unit
from tensorbook.book.results.recorded_run_figures import panel
from tensorbook.data import DataError
from tensorbook.plotting import LIGHT, TEXT, default_style
from tensorbook.training_settings import EPOCHS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILE = "speeds.json"
COMMAND = f"pytest tests/benchmarks --benchmark-json=docs/results/{FILE}"
# Parts that can be measured separately have their own files. If several files have the same row, the latest counts.
PARTS = ("speeds-learning.json", "speeds-slow-connection.json")


@dataclass(frozen=True)
class Row:
    """A comparison: two names, the largest allowed ratio, and the unit."""

    tensorbook: str
    baseline: str
    target: float | None = None
    unit: str = "s"


NUMPY = "`import numpy`"
STOCK = "stock Material with the same Markdown"
WEIGHTS = "downloading only chapter 2's weights"
ROWS = {
    "train": Row(f"`tensorbook train`, {EPOCHS} epochs", f"a typical `network.fit`, {EPOCHS} epochs", 0.5),
    "floor": Row(f"only the matrix products of {EPOCHS} epochs", f"`tensorbook train`, {EPOCHS} epochs"),
    "scratch": Row("an epoch of chapter 7's network in NumPy", "an epoch in Keras", 0.6),
    "docs-script": Row("all pages run as tests on full MNIST", "a plain script of the same statements", 1.1),
    "docs-notebooks": Row("all chapters run as tests", "the chapters as notebooks, run by nbclient", 0.5),
    "learn-wasm": Row("a step of chapter 6's panel in a browser", "TensorFlow.js, WebAssembly"),
    "learn-cpu": Row("a step of chapter 6's panel in a browser", "TensorFlow.js, plain JavaScript"),
    "learn-keras": Row("a step of chapter 6's panel in a browser", "a step of Keras's `fit` on two cores"),
    "learn-task": Row("the longest task of the page while the panel learns, CPU time", "one frame at 60 Hz", 3),
    "load": Row("`load_mnist()` from the cache, verified", "`keras.datasets.mnist.load_data()` from its cache", 1.2),
    "import": Row("`import tensorbook`", NUMPY, 1.3),
    "import-data": Row("`import tensorbook.data`", NUMPY, 1.3),
    "import-ops": Row("`import tensorbook.ops`", NUMPY, 1.3),
    "build": Row("`mkdocs build` from a clean checkout, CPU time", STOCK, 3),
    "build-again": Row("a second `mkdocs build`, CPU time", STOCK, 1.5),
    "save-page": Row("from saving chapter 2 until the page has reloaded", STOCK, 1.5),
    "save-style": Row("from saving a style sheet until the page has reloaded", STOCK, 1.5),
    "bytes": Row(
        "download size of a first visit to chapter 2, gzip", "a stock Material page with the same text", 1, "kB"
    ),
    "answer": Row("the drawing box's first answer on a slow mobile connection, no compression", WEIGHTS),
    "answer-gzip": Row("the drawing box's first answer on a slow mobile connection, compressed text", WEIGHTS),
    "memory-train": Row("`tensorbook train`, peak memory", "a script with Keras's `fit`, peak memory", 1.2, "MB"),
    "memory-docs": Row(
        "all pages run as tests, peak memory", "a plain script of the same statements, peak memory", 1.2, "MB"
    ),
}
# How cost grows: the varied setting and its values.
GROWTH = {
    "images": (1_000, 3_000, 10_000, 30_000, 60_000),
    "units": (64, 256, 1024, 4096),
}
UNITS_IMAGES = 10_000  # with which the number of hidden units grows


@dataclass(frozen=True)
class Measured:
    """A row: the measurements of both sides, one per round."""

    tensorbook: Sequence[float]
    baseline: Sequence[float]

    @property
    def ratio(self) -> float:
        """Return the median of the rounds' ratios, which is not affected if both are slow for a while."""
        return statistics.median(one / other for one, other in zip(self.tensorbook, self.baseline, strict=True))

    def verdict(self, row: Row) -> str:
        """Say whether the row has met its target."""
        if row.target is None:
            return "no target"
        return "met" if self.ratio <= row.target else "missed"


@dataclass(frozen=True)
class Growth:
    """Median seconds of one epoch with tensorbook and with Keras, for several values of one setting."""

    at: Sequence[int]
    tensorbook: Sequence[float]
    keras: Sequence[float]


@dataclass(frozen=True)
class Benchmarks:
    """All measured rows, by their names in ``ROWS``, and the growth of cost, by the names in ``GROWTH``."""

    cores: int
    versions: Mapping[str, str]
    rows: Mapping[str, Measured]
    growth: Mapping[str, Growth]

    @classmethod
    def load(cls, results: Path = RESULTS) -> Self:
        """Read the file that pytest-benchmark wrote to a results folder.

        Raises:
            DataError: The file is missing or can't be read.
        """
        path = results / FILE
        parts = [results / part for part in PARTS if (results / part).exists()]
        try:
            raw, *others = (json.loads(one.read_text(encoding="utf-8")) for one in (path, *parts))
            found = {
                name: values
                for part in sorted([raw, *others], key=lambda part: part.get("datetime", ""))
                for one in part["benchmarks"]
                for name, values in one["extra_info"].items()
            }
            return cls(
                **{key: raw["machine_info"][key] for key in ("cores", "versions")},
                rows={name: Measured(*found[name]) for name in ROWS if name in found},
                growth={name: Growth(*found[f"growth-{name}"]) for name in GROWTH if f"growth-{name}" in found},
            )
        except FileNotFoundError:
            raise DataError(f"No benchmarks at {path}: run `{COMMAND}` to measure them.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path} can't be read ({error!r}): run `{COMMAND}` to measure again.") from None

    def table(self) -> list[tuple[str, ...]]:
        """Return the table's rows in the order of ``ROWS``: name, tensorbook, baseline, ratio, target and verdict."""
        return [(name, *self._line(row, self.rows[name])) for name, row in ROWS.items() if name in self.rows]

    def _line(self, row: Row, measured: Measured) -> tuple[str, ...]:
        tensorbook, baseline = (
            with_unit(statistics.median(values), row.unit) for values in (measured.tensorbook, measured.baseline)
        )
        target = "" if row.target is None else f"≤ {row.target:g}"
        return (
            f"{row.tensorbook}: {tensorbook}",
            f"{row.baseline}: {baseline}",
            f"{measured.ratio:.2f}",
            target,
            measured.verdict(row),
        )


@default_style()
def draw(record: Benchmarks) -> dict[str, "Figure"]:
    """Draw ``speeds``, all ratios beside their targets, and ``growth``, two panels of seconds per epoch."""
    import matplotlib.pyplot as plt

    figures = {}
    if record.rows:
        figures["speeds"] = _draw_ratios(record).figure.figure
    if set(record.growth) == set(GROWTH):
        figures["growth"] = _draw_growth(record).figure.figure
    plt.close("all")
    return figures


def _draw_ratios(record: Benchmarks) -> "Axes":
    rows = [(name, record.rows[name]) for name in ROWS if name in record.rows and ROWS[name].target]
    ax = panel(5.6, 0.6 + 0.34 * len(rows))
    for place, (name, measured) in enumerate(rows):
        target = ROWS[name].target or 1
        missed = measured.verdict(ROWS[name]) == "missed"
        ax.barh(place, measured.ratio / target, height=0.55, color=LIGHT["second" if missed else "first"])
    ax.axvline(1, color=LIGHT["ink"], linewidth=1.5)
    ax.set_yticks(range(len(rows)), [name for name, _ in rows])
    ax.invert_yaxis()
    ax.set_xlabel("ratio, as a share of its target", fontsize=TEXT, color=LIGHT["ink"])
    return ax


def _draw_growth(record: Benchmarks) -> "Axes":
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.2), facecolor="none", layout="constrained")
    for ax, (name, label) in zip(panels, {"images": "training images", "units": "hidden units"}.items(), strict=True):
        curve = record.growth[name]
        ax.plot(curve.at, curve.keras, "D-", color=LIGHT["second"], label="Keras")
        ax.plot(curve.at, curve.tensorbook, "o-", color=LIGHT["first"], label="tensorbook")
        ax.set(xscale="log", yscale="log", facecolor="none")
        ax.set_xlabel(label, fontsize=TEXT, color=LIGHT["ink"])
        ax.tick_params(which="both", colors=LIGHT["ink"], labelsize=TEXT - 1)
        ax.grid(color=LIGHT["grid"], linewidth=0.6)
        for side, spine in ax.spines.items():
            spine.set_visible(side in ("left", "bottom"))
            spine.set_color(LIGHT["muted"])
    panels[0].set_ylabel("seconds per epoch", fontsize=TEXT, color=LIGHT["ink"])
    panels[0].legend(fontsize=TEXT, frameon=False, labelcolor=LIGHT["ink"])
    first: Axes = figure.axes[0]
    return first
