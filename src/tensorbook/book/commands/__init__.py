"""The maintainers' commands, ``python -m tensorbook.book …``: they work in a checkout, with the extras installed.

May import the library, ``tensorbook.book.results``, ``tensorbook.book.checks`` and ``tensorbook.book.site``.
"""

from pathlib import Path

import typer

from tensorbook.book.commands import checks, comparisons, notebooks, record
from tensorbook.errors import UsageError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (
    record.record,
    record.op_timings,
    checks.check,
    checks.seeds,
    comparisons.scratch,
    comparisons.convnet,
    notebooks.notebook,
    notebooks.downloads,
):
    app.command()(command)


@app.callback()
def _in_a_checkout() -> None:
    """Make and check the book tensorbook. These commands work in a checkout of it, with its extras installed."""
    if not (Path("mkdocs.yml").is_file() and Path("docs").is_dir()):
        raise UsageError(
            f"python -m tensorbook.book works on a checkout of the book, and {Path.cwd()} is not one: "
            "run it in the folder that has mkdocs.yml and docs."
        )
