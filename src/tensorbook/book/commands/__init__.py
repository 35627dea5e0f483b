"""The maintainers' commands, ``python -m tensorbook.book …``, which need a checkout and the extras.

May import the library, ``tensorbook.book.results``, ``tensorbook.book.checks``, ``tensorbook.book.site`` and
``tensorbook.book.missing_extras``.
"""

import typer

from tensorbook.book.commands import check_and_seeds, measurements, notebooks, record
from tensorbook.book.missing_extras import check_checkout

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (
    record.record,
    measurements.op_timings,
    check_and_seeds.check,
    check_and_seeds.seeds,
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
    check_checkout()
