"""The maintainers' commands, ``python -m tensorbook.book …``: they work in a checkout, with the extras installed."""

from pathlib import Path

import typer

from tensorbook.book.commands import further, gates, notebooks
from tensorbook.cli import fail, run

NAME = "python -m tensorbook.book"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (
    gates.check,
    gates.seeds,
    further.scratch,
    further.convnet,
    notebooks.notebook,
    notebooks.downloads,
):
    app.command()(command)


def main() -> None:
    """Run the maintainers' commands; a missing checkout or package is one line on stderr and exit status 2."""
    try:
        run(app, NAME)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == __name__.partition(".")[0]:  # a module of ours: a fault of ours
            raise
        fail(f"{NAME} needs the package {package}: run `python -m pip install -e '.[dev]'` in a checkout of the book.")


@app.callback()
def _in_a_checkout() -> None:
    """Make and check the book tensorbook. These commands work in a checkout of it, with its extras installed."""
    if not (Path("mkdocs.yml").is_file() and Path("docs").is_dir()):
        raise ValueError(
            f"{NAME} works on a checkout of the book, and {Path.cwd()} is not one: "
            "run it in the folder that has mkdocs.yml and docs."
        )
