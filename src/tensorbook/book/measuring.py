"""How long a call takes; how long a process of its own takes, and how much memory."""

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


def weigh(*arguments: object, folder: Path | None = None, **variables: str) -> tuple[float, float]:
    """Run Python in a process of its own; return its seconds and its peak of resident memory in MB.

    Args:
        arguments: Python's own, such as ``"-c", "import numpy"``.
        folder: Where it works; by default, here.
        variables: What is added to the environment.

    Raises:
        subprocess.CalledProcessError: It ended badly.
    """
    command = [sys.executable, *map(str, arguments)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg", **variables}
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  # Python itself
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)  # the only way to what this one process has used
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return took, usage.ru_maxrss / (1e3 if sys.platform == "linux" else 1e6)
