"""The command that puts faults into the library: ``mutants``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tensorbook.book.record import RESULTS
from tensorbook.cli.terminal import console


def mutants(
    modules: Annotated[
        list[str] | None, typer.Argument(metavar="MODULE...", help="Such as ops; all without it.")
    ] = None,
    at_most: Annotated[
        int | None, typer.Option(min=1, help="How many faults of a module to draw; all by default.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many faults to try at once.")] = 2,
    out: Annotated[Path, typer.Option(help="The results folder.")] = RESULTS,
) -> None:
    """Put faults into the library, one at a time, and write which of them its tests do not notice."""
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    from tensorbook.book.module_tests import TESTS
    from tensorbook.book.mutants import try_mutants
    from tensorbook.book.tried import load_mutants, totals

    with Progress(*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn()) as bars:
        tasks = {module: bars.add_task(module, total=None, start=False) for module in modules or TESTS}

        def progress(module: str, done: int, total: int) -> None:
            if done == 1:
                bars.start_task(tasks[module])
            bars.update(tasks[module], completed=done, total=total)

        try_mutants(tasks, out, at_most=at_most, workers=workers, progress=progress)
    found = load_mutants(out)
    table = Table("module", "faults", "tried", "noticed")
    for module, one in found.items():
        table.add_row(module, str(one.faults), str(one.tried), f"{one.noticed} ({one.noticed / one.tried:.0%})")
    table.add_section()
    every = totals(found.values())
    table.add_row("all", str(every.faults), str(every.tried), f"{every} of all faults")
    console.print(table)
