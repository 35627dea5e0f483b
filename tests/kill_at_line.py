"""Code that a test puts before its own, for ``python -c``, to kill a child process at some line of certain modules."""

# Once a process traces with `tracer(last)`, it is killed at the line after the `last` in `files`.
TRACER = """
import os, signal, sys

def tracer(last):
    lines = 0
    def trace(frame, event, _):
        nonlocal lines
        if frame.f_code.co_filename not in files:
            return None
        lines += event == "line"
        if lines > last:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace
"""
