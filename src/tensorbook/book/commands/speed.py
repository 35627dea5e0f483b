"""The command that measures: ``bench``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tensorbook.book.benchmarks import ROUNDS
from tensorbook.book.record import RESULTS
from tensorbook.cli.terminal import console, load_data


def bench(
    only: Annotated[list[str] | None, typer.Option(help="A row, by its name; may be given again.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often both sides of a row are measured.")] = ROUNDS,
    out: Annotated[Path, typer.Option(help="The results folder.")] = RESULTS,
) -> None:
    """Measure the book beside what a reader would use instead, and write the record; all rows take most of an hour."""
    from tensorbook.book.bench import measure

    record = measure(load_data(), out, rounds, only or ())
    table = Table("row", "ours", "theirs", "ratio", "target", "")
    for *cells, verdict in record.table():
        table.add_row(*(cell.replace("`", "") for cell in cells), "[bold red]PAST" if verdict == "past" else verdict)
    console.print(table)
