"""The commands that look for trouble: ``fuzz`` and ``links``."""

import shutil
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tensorbook.cli.terminal import console


class Reader(StrEnum):
    """The readers that can be fuzzed."""

    npz = "npz"
    idx = "idx"
    drawing = "drawing"
    weights = "weights"


def fuzz(
    readers: Annotated[list[Reader] | None, typer.Argument(help="Which readers; all of them if none is named.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="How many inputs each reader gets.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="What inputs are drawn from.")] = 0,
    keep: Annotated[Path | None, typer.Option(help="A folder for what was found; without it, only failures.")] = None,
) -> None:
    """Give the readers of files strange bytes; exit status 1 where one fails by another error than DataError."""
    from tensorbook.book.fuzz.run import fuzz as run

    failed = False
    folder = keep or Path(tempfile.mkdtemp(prefix="tensorbook-fuzz-"))
    for reader in readers or list(Reader):
        outcome = run(reader.value, runs, seed, folder)
        console.print(f"{reader.value}: {outcome.runs:,} runs in {outcome.seconds:.0f} s")
        if outcome.failure:
            failed = True
            print(f"{outcome.report}\ntensorbook: {reader.value} failed on {outcome.failure}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)
    if not keep:
        shutil.rmtree(folder)


def links(
    site: Annotated[Path, typer.Argument(help="The folder of the built site.")] = Path("site"),
) -> None:
    """Ask for every link that leads out of the site; exit status 1 where one leads nowhere."""
    from rich.progress import Progress

    from tensorbook.book.outside import check_links, outside_links

    found = outside_links(site)
    with Progress(console=console) as bars:
        bar = bars.add_task("links", total=len(found))
        broken = [verdict for verdict in check_links(found, lambda: bars.advance(bar)) if verdict.trouble]
    for verdict in broken:
        print(f"tensorbook: {verdict.link}: {verdict.trouble} (on {', '.join(verdict.pages)})", file=sys.stderr)
    console.print(f"{len(found)} links lead out of the site, {len(found) - len(broken)} of them somewhere")
    if broken:
        raise typer.Exit(1)
