"""Start the command line: `main` runs the commands for readers, and `run` runs any set of commands.

This module imports almost nothing, and each command imports what it needs when it runs. So ``--help`` is quick, and
Ctrl-C during an import is caught like any other.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from tensorbook.cli import interrupt
from tensorbook.errors import UserError

if TYPE_CHECKING:
    import typer


def main() -> None:
    """Run the commands for readers."""
    run(_commands, "tensorbook")


def run(commands: "Callable[[], typer.Typer]", name: str) -> NoReturn:
    """Run a command line; a user's error prints one line on stderr and exits with status 2, and Ctrl-C with status 130.

    Args:
        commands: A function that imports the commands and returns them.
        name: The program's name in the help text.
    """
    interrupt.watch()
    trouble = None
    try:
        from tensorbook.cli import streams

        streams.prepare()
        status = _run(commands, name)
        trouble = streams.trouble()
    except BaseException as error:
        trouble = streams.trouble(error) if isinstance(error, OSError) else None
        if not interrupt.came() and trouble is None:
            raise
        status = interrupt.EXIT_STATUS  # even if other code turned it into a different error
    finally:
        interrupt.done()
    if trouble is not None and not interrupt.came():
        streams.give_up(trouble)
    if status == interrupt.EXIT_STATUS:
        streams.warn("interrupted")
    sys.exit(status)


def _run(commands: "Callable[[], typer.Typer]", name: str) -> int | None:
    from tensorbook.cli.streams import fail

    try:
        status: int | None = commands()(standalone_mode=False, prog_name=name)
    except KeyboardInterrupt:
        return interrupt.EXIT_STATUS
    except UserError as error:
        fail(str(error))
    except Exception as error:
        # Typer includes Click under names that change, so Click's errors are recognised by class name and methods.
        if type(error).__name__ == "Abort":
            return interrupt.EXIT_STATUS
        if not hasattr(error, "format_message"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()  # type: ignore[attr-defined]  # recognised by its name
            return 2
        fail(error.format_message())
    return interrupt.EXIT_STATUS if interrupt.came() else status


def _commands() -> "typer.Typer":
    from tensorbook.cli.commands import app

    return app
