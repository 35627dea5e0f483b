"""Keep commands working whatever their standard streams are, and end them if they can no longer write.

A stream may be closed or full, its reader may be gone, or its encoding may lack characters in a file name.
"""

import contextlib
import errno
import os
import sys
from io import TextIOWrapper
from typing import NoReturn

FULL = (errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EDQUOT)


def prepare() -> None:
    """Open closed streams, and let stdout escape characters that its encoding lacks."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Otherwise the next file opened, such as the weights, would get this number, and the output would go there.
            send_nowhere(number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115  # to the end
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def send_nowhere(number: int) -> None:
    """Discard all output to a stream, given by its file descriptor, without errors."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere == number:
        os.set_inheritable(number, True)
    else:
        os.dup2(nowhere, number)
        os.close(nowhere)


def trouble(error: BaseException | None = None) -> OSError | None:
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


def give_up(trouble: OSError) -> NoReturn:
    """Exit because output can't be written: with status 1 if its reader is gone, as after `head`, otherwise with 2."""
    send_nowhere(1)  # or Python would try again, and end with a traceback
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
            send_nowhere(2)  # discard the rest, too
