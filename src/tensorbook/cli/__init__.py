"""The reader's commands: train the network, evaluate it, ask it, and say where the digits come from."""

import sys
from typing import Annotated, NoReturn

import typer

from tensorbook import __version__
from tensorbook.cli import data, network
from tensorbook.data import DataError

INTERRUPTED = 130  # what a shell says of a process that Ctrl-C ended: 128 + SIGINT

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (network.train, network.evaluate, network.predict):
    app.command()(command)
app.add_typer(data.app, name="data")


def main() -> None:
    """Run the reader's commands."""
    run(app, "tensorbook")


def run(commands: typer.Typer, name: str) -> NoReturn:
    """Run a command line; a bad input is one line on stderr and exit status 2, Ctrl-C one line and 130.

    Args:
        commands: What can be asked for.
        name: What the help calls the program.
    """
    try:
        status = commands(standalone_mode=False, prog_name=name)
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except (DataError, ValueError, OSError) as error:
        fail(str(error))
    except Exception as error:
        # Typer brings Click along, under names that change: its errors are told by what they can do.
        if not hasattr(error, "format_message"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()  # type: ignore[attr-defined]  # told by its name
            sys.exit(2)
        fail(error.format_message())
    if status == INTERRUPTED:
        print("tensorbook: interrupted", file=sys.stderr)
    sys.exit(status)


def fail(message: str) -> NoReturn:
    """End the process with one line for a person on stderr and exit status 2."""
    print("tensorbook:", " ".join(message.split()), file=sys.stderr)
    sys.exit(2)


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """A first book of neural networks that runs: train its network, evaluate it, ask it."""
    if version:
        print(__version__)
        raise typer.Exit
