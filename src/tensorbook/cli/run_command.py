"""Start the command line: `main` runs the commands for readers, and `run` runs any set of commands.

Whatever goes wrong ends in one line on stderr and an exit status: a user's error, Ctrl-C, or a standard stream that is
closed or full, whose reader is gone, or whose encoding lacks characters in a file name.

This module imports almost nothing, and each command imports what it needs when it runs. So ``--help`` is quick, and
Ctrl-C during an import is caught like any other.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

from tensorbook.cli import interrupt
from tensorbook.errors import UserError

if TYPE_CHECKING:
    import typer

FULL = (errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EDQUOT)


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
        _prepare_streams()
        status = _run(commands, name)
        trouble = _stream_trouble()
    except BaseException as error:
        trouble = _stream_trouble(error) if isinstance(error, OSError) else None
        if not interrupt.came() and trouble is None:
            raise
        status = interrupt.EXIT_STATUS  # even if other code turned it into a different error
    finally:
        interrupt.done()
    if trouble is not None and not interrupt.came():
        _give_up(trouble)
    if status == interrupt.EXIT_STATUS:
        warn(interrupt.MESSAGE)
    sys.exit(status)


def _run(commands: "Callable[[], typer.Typer]", name: str) -> int | None:
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


def _prepare_streams() -> None:
    """Open closed streams, and let stdout escape characters that its encoding lacks."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Otherwise the next file opened, such as the weights, would get this number, and the output would go there.
            _send_nowhere(number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115  # to the end
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _send_nowhere(number: int) -> None:
    """Discard all output to a stream, given by its file descriptor, without errors."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere == number:
        os.set_inheritable(number, True)
    else:
        os.dup2(nowhere, number)
        os.close(nowhere)


def _stream_trouble(error: BaseException | None = None) -> OSError | None:
    """Return the error that prevents output from being written, or None.

    Args:
        error: The error that ended the command. If stdout is unbuffered, there is no other sign.
    """
    try:
        sys.stdout.flush()
    except OSError as kept_back:
        return kept_back
    at_once = getattr(sys.stdout, "write_through", False)
    return error if at_once and isinstance(error, OSError) and error.errno in FULL and not error.filename else None


def _give_up(trouble: OSError) -> NoReturn:
    """Exit because output can't be written: with status 1 if its reader is gone, as after `head`, otherwise with 2."""
    _send_nowhere(1)  # or Python would try again, and end with a traceback
    if isinstance(trouble, BrokenPipeError):
        sys.exit(1)
    fail(f"the output can't be written ({trouble.strerror})")


def fail(message: str) -> NoReturn:
    """Exit with a one-line message on stderr and status 2."""
    warn(message)
    sys.exit(2)


def warn(message: str) -> None:
    """Print a message for the user on stderr, in one line that begins with the program's name."""
    say(f"tensorbook: {' '.join(message.split())}")


def say(line: str) -> None:
    """Print a line on stderr, ignoring errors."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        with contextlib.suppress(OSError):
            _send_nowhere(2)  # discard the rest, too
