"""Fuzz a target in a process of its own, which a failure may end, and say how it went."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

# Linux hands the peak of a process on to what it starts, and libFuzzer would take TensorFlow's for the reader's: so it
# is started by a small process, which waits for it.
BETWEEN = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"


class Outcome(NamedTuple):
    """How fuzzing a target went.

    Attributes:
        runs: How many inputs were tried.
        seconds: How long it took.
        failure: The file of the input that the reader failed on; None where it stood all of them.
        report: What was raised, and where; "" without a failure.
    """

    runs: int
    seconds: float
    failure: Path | None
    report: str


def fuzz(name: str, runs: int, seed: int, folder: Path) -> Outcome:
    """Fuzz a target.

    Args:
        name: One of the names in ``targets.TARGETS``.
        runs: How many inputs to try.
        seed: What inputs are drawn from.
        folder: Where the inputs that reached new ground are kept, and the one that was failed on.

    Raises:
        ValueError: Neither Atheris nor Hypothesis is installed, or fuzzing itself went wrong.
    """
    folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    between = [sys.executable, "-S", "-c", BETWEEN]
    command = [sys.executable, "-W", "error", "-m", "tensorbook.book.fuzz", name, str(runs), str(seed), str(folder)]
    with subprocess.Popen([*between, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603  # this very program
        lines = process.communicate()[0].splitlines()
    seconds = time.perf_counter() - start
    done = [int(match[1]) for line in lines if (match := re.match(r"Done (\d+) runs", line))]
    if process.returncode == 0 and done:
        return Outcome(done[0], seconds, None, "")
    failures = sorted(folder.glob(f"failed-{name}-*"), key=lambda path: path.stat().st_mtime)
    report = "\n".join(line for line in lines if not line.startswith(("#", "INFO", "0x")))
    if not failures:
        raise ValueError(f"fuzzing needs atheris or hypothesis, and ended with: {report[-500:]}")
    tried = [int(match[1]) for line in lines if (match := re.match(r"#(\d+)\s", line))]
    return Outcome(max(tried, default=0), seconds, failures[-1], report)
