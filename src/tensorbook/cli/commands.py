"""The reader's commands."""

from typing import Annotated

import typer

from tensorbook import __version__
from tensorbook.cli import data, network

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (network.train, network.evaluate, network.predict):
    app.command()(command)
app.add_typer(data.app, name="data")


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Train and evaluate the book's network, and let it read your digits."""
    if version:
        print(__version__)
        raise typer.Exit
