"""The record of ``python -m tensorbook.book bench``: what was measured side by side with what, and what it may take."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from tensorbook.book.forms import with_unit
from tensorbook.book.further import FurtherRecord

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """What is compared with what: two names, the unit, the most that the ratio may be, and the most of ours alone."""

    ours: str
    theirs: str
    target: float | None = None
    unit: str = "s"
    most: float | None = None


NUMPY = "`import numpy`"
ROWS = {
    "train": Row("`tensorbook train`: the fit of 5 epochs", "`network.fit` as commonly written", 0.5),
    "floor": Row("the matrix products of 5 epochs alone", "`tensorbook train`: the fit of 5 epochs"),
    "scratch": Row("an epoch of chapter 7's network in NumPy", "an epoch of Keras's", 0.6),
    "docs-script": Row("all pages run as tests on full MNIST", "one plain script of the same statements", 1.1),
    "docs-notebooks": Row("all chapters run as tests", "the chapters as notebooks, by nbclient", 0.5),
    "load": Row("`load_mnist()` from the cache, verified", "`keras.datasets.mnist.load_data()` from its cache", 0.5),
    "import": Row("`import tensorbook`", NUMPY, 1.3),
    "import-data": Row("`import tensorbook.data`", NUMPY, 1.3),
    "import-ops": Row("`import tensorbook.ops`", NUMPY, 1.3),
    "build": Row("`mkdocs build`, all pages", "an empty Material site", 4, most=6),
    "bytes": Row("chapter 2 over the wire, gzip, first visit", "a stock Material page with its text", 1, "kB"),
    "memory-train": Row("`tensorbook train`, peak memory", "a script with Keras's `fit`, peak memory", 1.2, "MB"),
    "memory-docs": Row("all pages run as tests, peak memory", "one plain script of the same, peak memory", 1.2, "MB"),
}
# How cost grows: what is varied, and its values.
GROWTH = {
    "images": (1_000, 3_000, 10_000, 30_000, 60_000),
    "units": (64, 256, 1024, 4096),
}


@dataclass(frozen=True)
class Measured:
    """One row: what both took, a figure a round."""

    ours: Sequence[float]
    theirs: Sequence[float]

    @property
    def ratio(self) -> float:
        """Return the median of the rounds' ratios: what slows both down for a while does not show in it."""
        return statistics.median(one / other for one, other in zip(self.ours, self.theirs, strict=True))

    def verdict(self, row: Row) -> str:
        """Say whether the row is within its target."""
        if row.target is None:
            return "no target"
        within = self.ratio <= row.target and (row.most is None or statistics.median(self.ours) <= row.most)
        return "within" if within else "past"


@dataclass(frozen=True)
class Growth:
    """Median seconds of one epoch, ours and Keras's, at several values of one setting."""

    at: Sequence[int]
    ours: Sequence[float]
    keras: Sequence[float]


@dataclass(frozen=True)
class SpeedsRecord(FurtherRecord):
    """All rows that were measured, by their names in ``ROWS``, and how cost grows, by the names in ``GROWTH``."""

    file: ClassVar[str] = "speeds.json"
    command: ClassVar[str] = "python -m tensorbook.book bench"

    cores: int
    rows: Mapping[str, Measured]
    growth: Mapping[str, Growth]

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        rows = {name: Measured(**row) for name, row in raw.pop("rows").items()}
        growth = {name: Growth(**curve) for name, curve in raw.pop("growth").items()}
        return cls(rows=rows, growth=growth, **raw)

    def table(self) -> list[tuple[str, ...]]:
        """Return a line a row, in the order of ``ROWS``: its name, ours, theirs, ratio, target and verdict."""
        return [(name, *self._line(row, self.rows[name])) for name, row in ROWS.items() if name in self.rows]

    def _line(self, row: Row, measured: Measured) -> tuple[str, ...]:
        ours, theirs = (with_unit(statistics.median(values), row.unit) for values in (measured.ours, measured.theirs))
        target = "" if row.target is None else f"≤ {row.target:g}" + (f", ≤ {row.most:g} s" if row.most else "")
        return f"{row.ours}: {ours}", f"{row.theirs}: {theirs}", f"{measured.ratio:.2f}", target, measured.verdict(row)
