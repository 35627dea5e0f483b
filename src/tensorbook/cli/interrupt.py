"""Ctrl-C, at whatever moment it comes: no traceback, nothing left half-written, and an end.

Python raises ``KeyboardInterrupt`` in whatever code is running. That unwinds ours, but code of others may turn it into
another error, or drop it where it can't be raised: an extension module that is being imported, a callback, ``__del__``.
So it is also remembered that it came.
"""

import signal
import sys
from types import FrameType
from typing import Any

_came = False
_hook_before: Any = None


def watch() -> None:
    """Remember every Ctrl-C from now on; one that the process was started to ignore is still ignored."""
    global _came, _hook_before
    _came = False
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _remember)
        _hook_before, sys.unraisablehook = sys.unraisablehook, _unraisable


def came() -> bool:
    """Tell whether Ctrl-C was pressed since `watch`."""
    return _came


def check() -> None:
    """End here what a Ctrl-C should have ended before.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, and somebody dropped it.
    """
    if _came:
        raise KeyboardInterrupt


def done() -> None:
    """Hand Ctrl-C back to Python; where one came, ignore the next, for the process is ending."""
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
