"""The command line: one door to the library and to what makes the book."""

import sys
from typing import Annotated

import typer

from tensorbook import __version__
from tensorbook.cli import data, further, gates, network
from tensorbook.data import DataError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (
    network.train,
    network.evaluate,
    network.predict,
    gates.check,
    gates.seeds,
    further.scratch,
    further.convnet,
):
    app.command()(command)
app.add_typer(data.app, name="data")


def main() -> None:
    """Run the command line; a bad input is one line on stderr and exit status 2."""
    try:
        app()
    except (DataError, ValueError, OSError) as error:
        print("tensorbook:", " ".join(str(error).split()), file=sys.stderr)
        sys.exit(2)


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """A first book of neural networks that runs: train its network, evaluate it, ask it."""
    if version:
        print(__version__)
        raise typer.Exit
