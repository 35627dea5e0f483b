"""``tensorbook bench``: runs the suite in ``tests/benchmarks``, gathers what it measured, and draws it."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tensorbook.book.benchmarks import GROWTH, ROWS, Growth, Measured, SpeedsRecord
from tensorbook.book.figures import panel
from tensorbook.book.further import versions
from tensorbook.book.pictures import draw_pair, picture_path
from tensorbook.book.whole import staged
from tensorbook.data import DataError, Mnist, fingerprint, identify
from tensorbook.plotting import LIGHT, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUITE = Path("tests/benchmarks")
NAMES = (*ROWS, *(f"growth-{name}" for name in GROWTH))


def measure(data: Mnist, out: Path, rounds: int, only: Sequence[str] = ()) -> SpeedsRecord:
    """Measure and write record and figures; rows that are not measured now stay as they were.

    Args:
        data: The digits, which the suite loads itself.
        out: The results folder.
        rounds: How often both sides of a row are measured, in turn.
        only: The rows, by their names in ``NAMES``; all of them if none is named.

    Raises:
        ValueError: A name is none of a row, the suite is not there, or one of its benchmarks failed.
    """
    if unknown := [name for name in only if name not in NAMES]:
        raise ValueError(f"there is no row {', '.join(unknown)}: the rows are {', '.join(NAMES)}")
    if not SUITE.is_dir():
        raise ValueError(f"the benchmarks are in {SUITE} of the project: run this in the project's folder")
    found = _run(rounds, only)
    try:
        before = SpeedsRecord.load(out) if only else None
    except DataError:
        before = None
    record = SpeedsRecord(
        seed=0,
        data=identify(data),
        data_sha256=fingerprint(data),
        versions=versions(),
        cores=os.cpu_count() or 1,
        rows={**(before.rows if before else {}), **{n: Measured(*found[n]) for n in ROWS if n in found}},
        growth={
            **(before.growth if before else {}),
            **{name: Growth(*found[f"growth-{name}"]) for name in GROWTH if f"growth-{name}" in found},
        },
    )
    with staged(out) as stage:
        (stage / "figures").mkdir()
        for name, figure in draw(record).items():
            for scheme, svg in draw_pair(figure).items():
                picture_path(stage, name, scheme).write_text(svg, encoding="utf-8")
        record.write(stage)
    return record


def _run(rounds: int, only: Sequence[str]) -> dict[str, Any]:
    """Run the suite in a process of its own, which shows each round as it ends; return what was measured, by name."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "benchmarks.json")
        command = [sys.executable, "-m", "pytest", str(SUITE), "--quiet", "--no-header", "-p", "no:cacheprovider", "-s"]
        options = [f"--benchmark-json={file}", "--benchmark-quiet", f"--rounds={rounds}", f"--rows={','.join(only)}"]
        status = subprocess.run([*command, *options], check=False).returncode  # noqa: S603  # our own suite
        if status:
            raise ValueError(f"the benchmarks failed (pytest's status {status}); nothing was written")
        ran = json.loads(file.read_text(encoding="utf-8"))["benchmarks"]
    return {name: found for one in ran for name, found in one["extra_info"].items()}


def draw(record: SpeedsRecord) -> dict[str, "Figure"]:
    """Draw ``speeds``, all ratios beside their targets, and ``growth``, two panels of seconds an epoch."""
    import matplotlib.pyplot as plt

    figures = {}
    if record.rows:
        figures["speeds"] = _draw_ratios(record).figure.figure
    if set(record.growth) == set(GROWTH):
        figures["growth"] = _draw_growth(record).figure.figure
    plt.close("all")
    return figures


def _draw_ratios(record: SpeedsRecord) -> "Axes":
    rows = [(name, record.rows[name]) for name in ROWS if name in record.rows and ROWS[name].target]
    ax = panel(5.6, 0.6 + 0.34 * len(rows))
    for place, (name, measured) in enumerate(rows):
        target = ROWS[name].target or 1
        past = measured.verdict(ROWS[name]) == "past"
        ax.barh(place, measured.ratio / target, height=0.55, color=LIGHT["second" if past else "first"])
    ax.axvline(1, color=LIGHT["ink"], linewidth=1.5)
    ax.set_yticks(range(len(rows)), [name for name, _ in rows])
    ax.invert_yaxis()
    ax.set_xlabel("ratio, as a share of its target", fontsize=TEXT, color=LIGHT["ink"])
    return ax


def _draw_growth(record: SpeedsRecord) -> "Axes":
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.2), facecolor="none", layout="constrained")
    for ax, (name, label) in zip(panels, {"images": "training images", "units": "hidden units"}.items(), strict=True):
        curve = record.growth[name]
        ax.plot(curve.at, curve.keras, "D-", color=LIGHT["second"], label="Keras")
        ax.plot(curve.at, curve.ours, "o-", color=LIGHT["first"], label="tensorbook")
        ax.set(xscale="log", yscale="log", facecolor="none")
        ax.set_xlabel(label, fontsize=TEXT, color=LIGHT["ink"])
        ax.tick_params(which="both", colors=LIGHT["ink"], labelsize=TEXT - 1)
        ax.grid(color=LIGHT["grid"], linewidth=0.6)
        for side, spine in ax.spines.items():
            spine.set_visible(side in ("left", "bottom"))
            spine.set_color(LIGHT["muted"])
    panels[0].set_ylabel("seconds an epoch", fontsize=TEXT, color=LIGHT["ink"])
    panels[0].legend(fontsize=TEXT, frameon=False, labelcolor=LIGHT["ink"])
    first: Axes = figure.axes[0]
    return first


def median_growth(at: Sequence[int], rounds: Sequence[Sequence[tuple[float, float]]]) -> list[list[float]]:
    """Return values, and the medians over the rounds of what both took at each."""
    medians = [
        [statistics.median(pair[side] for pair in pairs) for pairs in zip(*rounds, strict=True)] for side in (0, 1)
    ]
    return [list(at), *medians]
