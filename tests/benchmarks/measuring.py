"""Measure how long a call takes, and the time, CPU time and memory of a separate process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def seconds(function: Callable[..., object], *arguments: Any, **options: Any) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    function(*arguments, **options)
    return time.perf_counter() - start


# A process inherits the peak of the process that starts it, so a small process starts it and waits: TensorFlow's half a
# gigabyte, in this process, would be the smallest peak ever found.
LAUNCH = """
import json, os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
took = time.perf_counter() - start
print(json.dumps([os.waitstatus_to_exitcode(status), took, usage.ru_maxrss, usage.ru_utime + usage.ru_stime]))
"""
PER_MB = 1e3 if sys.platform == "linux" else 1e6  # the unit of the peak


def weigh(*arguments: object, folder: Path | None = None, **variables: str) -> tuple[float, float]:
    """Run Python in a separate process; return its seconds and its peak resident memory in MB (see `_run`)."""
    took, peak, _ = _run(*arguments, folder=folder, **variables)
    return took, peak / PER_MB


def cpu_seconds(*arguments: object, folder: Path | None = None, **variables: str) -> float:
    """Run Python in a separate process; return the CPU time of it and its children (see `_run`)."""
    return _run(*arguments, folder=folder, **variables)[2]


def _run(*arguments: object, folder: Path | None = None, **variables: str) -> tuple[float, float, float]:
    """Run Python in a process of its own.

    Args:
        arguments: Python's own, such as ``"-c", "import numpy"``.
        folder: Its working folder; by default, this one.
        variables: Variables added to the environment.

    Raises:
        subprocess.CalledProcessError: It ended badly.
    """
    command = [sys.executable, *map(str, arguments)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg", **variables}
    ran = subprocess.run(  # Python itself
        [sys.executable, "-S", "-c", LAUNCH, *command], cwd=folder, env=environment, capture_output=True, check=True
    )
    status, *measured = json.loads(ran.stdout)
    if status:
        error = subprocess.CalledProcessError(status, command, stderr=ran.stderr)
        error.add_note(ran.stderr.decode(errors="replace")[-2000:])
        raise error
    took, peak, cpu = measured
    return took, peak, cpu
