"""What a command prints goes somewhere, or nowhere, and that decides no more than it must.

A stream may be closed, of an encoding without the letters of a file's name, full, or read by nobody any more.
"""

import contextlib
import errno
import os
import sys
from io import TextIOWrapper

FULL = (errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EDQUOT)


def prepare() -> None:
    """Open what is closed, and have letters that stdout can't write written as their numbers."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Or the next file that is opened, such as that of the weights, would get this number and what is printed.
            send_nowhere(number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115  # to the end
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def send_nowhere(number: int) -> None:
    """Let what is written to a stream, by its number, go nowhere, without an error."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere == number:
        os.set_inheritable(number, True)
    else:
        os.dup2(nowhere, number)
        os.close(nowhere)


def trouble(error: BaseException | None = None) -> OSError | None:
    """Return why what was printed can't be written; None if it can.

    Args:
        error: What ended the command. Where stdout keeps nothing back, as under PYTHONUNBUFFERED, it is the only sign.
    """
    try:
        sys.stdout.flush()
    except OSError as kept_back:
        return kept_back
    at_once = getattr(sys.stdout, "write_through", False)
    return error if at_once and isinstance(error, OSError) and error.errno in FULL and not error.filename else None


def say(line: str) -> None:
    """Print a line on stderr, if there is anybody to read it."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        with contextlib.suppress(OSError):
            send_nowhere(2)  # what is left of it, too
