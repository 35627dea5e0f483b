"""The commands that check the results: ``check`` and ``seeds``."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tensorbook.atomic_write import check_writable
from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.book.results.seed_variance import SEEDS
from tensorbook.cli.progress_bars import console, progress_bars
from tensorbook.cli.quiet_loading import load_data, quiet_import
from tensorbook.training import make_repeatable


def check(
    results: Annotated[Path, typer.Option(help="The results folder.")] = RESULTS,
    quick: Annotated[bool, typer.Option("--quick", help="Train chapter 2's network only.")] = False,
) -> None:
    """Compare the records with the stored weights and with new training runs (exit status 1 if a figure drifted)."""
    record = Record.load(results)
    data = load_data()
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.checks.reproducibility import check as compare

        make_repeatable()
    with progress_bars(record.run.epochs, len(data.train.labels), record.run.batch_size) as progress:
        rows = compare(data, results, progress, quick=quick)
    table = Table("figure", "recorded", "now", "allowed", "verdict")
    for row in rows:
        cells = (f"{value:.6g}" if isinstance(value, float) else str(value)[:16] for value in (row.recorded, row.now))
        table.add_row(row.figure, *cells, f"± {row.allowed:.2g}", "holds" if row.holds else "[bold red]DRIFTED")
    console.print(table)
    drifted = [row.figure for row in rows if not row.holds]
    if drifted:
        print(f"tensorbook: these differ from the record: {', '.join(drifted)}", file=sys.stderr)
        raise typer.Exit(1)


def seeds(
    count: Annotated[int, typer.Option(min=2, help="Number of seeds, starting at 0.")] = SEEDS,
    out: Annotated[Path, typer.Option(help="The results folder.")] = RESULTS,
) -> None:
    """Train once with each seed and write how much the figures differ."""
    from rich.progress import Progress

    check_writable(out)
    data = load_data()
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.results.seed_variance import measure_seeds

        make_repeatable()
    with Progress(console=console) as bars:
        bar = bars.add_task("seeds", total=count)
        measured = measure_seeds(data, out, count, done=lambda done: bars.update(bar, completed=done))
    spread = measured.spread("test accuracy")
    console.print(
        f"test accuracy: mean {spread.mean:.4f}, standard deviation {spread.deviation:.4f}, "
        f"from {spread.least:.4f} to {spread.most:.4f}"
    )
