"""Handle Ctrl-C at any moment: no traceback, no half-written files, and a clean exit.

Python raises ``KeyboardInterrupt`` in whatever code is running. That ends our own code, but other code may turn it into
a different error, or drop it where it can't be raised: during the import of an extension module, in a callback, or in
``__del__``. So this module also remembers that Ctrl-C was pressed.
"""

import signal
import sys
from types import FrameType
from typing import Any

EXIT_STATUS = 130  # of a process ended by Ctrl-C: 128 + SIGINT
MESSAGE = "interrupted"

_came = False
_hook_before: Any = None


def watch() -> None:
    """Remember every Ctrl-C from now on, unless the process was started with Ctrl-C ignored."""
    global _came, _hook_before
    _came = False
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _remember)
        _hook_before, sys.unraisablehook = sys.unraisablehook, _unraisable


def came() -> bool:
    """Return whether Ctrl-C was pressed since `watch`."""
    return _came


def check() -> None:
    """Raise `KeyboardInterrupt` if an earlier Ctrl-C was lost.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, but other code dropped it.
    """
    if _came:
        raise KeyboardInterrupt


def done() -> None:
    """Restore Python's handling of Ctrl-C; if it was pressed, ignore further ones, since the process is ending."""
    if signal.getsignal(signal.SIGINT) is _remember:
        signal.signal(signal.SIGINT, signal.SIG_IGN if _came else signal.default_int_handler)
    if sys.unraisablehook is _unraisable:
        sys.unraisablehook = _hook_before


def _remember(number: int, frame: FrameType | None) -> None:
    global _came
    _came = True
    signal.default_int_handler(number, frame)


def _unraisable(error: Any) -> None:
    if not isinstance(error.exc_value, KeyboardInterrupt):
        _hook_before(error)
