"""The command line: `main` runs the reader's commands, `run` any set of them.

Importing this imports next to nothing, and each command imports what it needs when it runs. So ``--help`` is quick, and
a Ctrl-C during the imports is caught like any other.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from tensorbook.cli import interrupt
from tensorbook.errors import UserError

if TYPE_CHECKING:
    import typer

INTERRUPTED = 130  # what a shell says of a process that Ctrl-C ended: 128 + SIGINT


def main() -> None:
    """Run the reader's commands."""
    run(_commands, "tensorbook")


def run(commands: "Callable[[], typer.Typer]", name: str) -> NoReturn:
    """Run a command line; what a person did wrong is one line on stderr and status 2, Ctrl-C one line and 130.

    Args:
        commands: Imports the commands and returns them.
        name: What the help calls the program.
    """
    interrupt.watch()
    try:
        status = _run(commands, name)
        sys.stdout.flush()
    except BaseException:
        if not interrupt.came():
            raise
        status = INTERRUPTED  # whatever else it was made into on its way
    finally:
        interrupt.done()
    if status == INTERRUPTED:
        print("tensorbook: interrupted", file=sys.stderr)
    sys.exit(status)


def _run(commands: "Callable[[], typer.Typer]", name: str) -> int | None:
    try:
        status: int | None = commands()(standalone_mode=False, prog_name=name)
    except KeyboardInterrupt:
        return INTERRUPTED
    except UserError as error:
        fail(str(error))
    except Exception as error:
        # Typer brings Click along, under names that change: its errors are told by their names and by what they can do.
        if type(error).__name__ == "Abort":
            return INTERRUPTED
        if not hasattr(error, "format_message"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()  # type: ignore[attr-defined]  # told by its name
            return 2
        fail(error.format_message())
    return INTERRUPTED if interrupt.came() else status


def fail(message: str) -> NoReturn:
    """End the process with one line for a person on stderr and exit status 2."""
    print("tensorbook:", " ".join(message.split()), file=sys.stderr)
    sys.exit(2)


def _commands() -> "typer.Typer":
    from tensorbook.cli.commands import app

    return app
