"""The maintainers' commands, ``python -m tensorbook.book …``, which need a checkout and the extras.

May import the library, ``tensorbook.book.results``, ``tensorbook.book.checks`` and ``tensorbook.book.site``.
"""

from pathlib import Path

import typer

from tensorbook.book.commands import checks, measurements, notebooks, record
from tensorbook.errors import UsageError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (
    record.record,
    measurements.op_timings,
    checks.check,
    checks.seeds,
    measurements.experiments,
    measurements.scratch,
    measurements.convnet,
    measurements.disturbances,
    measurements.handwriting,
    measurements.strangers,
    measurements.learning,
    notebooks.notebook,
    notebooks.downloads,
):
    app.command()(command)


@app.callback()
def _in_a_checkout() -> None:
    """Make and check the book. These commands need a checkout with the extras installed."""
    if not (Path("mkdocs.yml").is_file() and Path("docs").is_dir()):
        raise UsageError(
            f"python -m tensorbook.book needs a checkout of the book, but {Path.cwd()} is not one: "
            "run it in the folder with mkdocs.yml and docs."
        )
