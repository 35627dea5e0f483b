"""A process that has imported what tests need, and forks for each run of them: importing takes longer than running.

``python -m tensorbook.book.warm MODULE...`` imports the modules. Then it reads a line a run, and answers with a line.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, NoReturn, Self

POLL = 0.01  # seconds
IMPORTED = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"  # as it was meant to be


class Warm:
    """The process, as who wants tests to be run sees it; a context manager, which ends it."""

    def __init__(self, modules: Sequence[str]) -> None:
        """Start it; ``modules`` are what it imports."""
        command = [sys.executable, "-m", "tensorbook.book.warm", *modules]
        # Where several work side by side, NumPy's threads would wait for each other at full speed.
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(  # noqa: S603  # this Python, and a module of ours
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.communicate()  # it ends where its input does

    def run(self, project: Path, arguments: Sequence[str], seconds: float, **variables: str) -> int | None:
        """Run pytest on a project whose library is in ``src``; return its exit status, or None if the time was up.

        ``variables`` are added to its environment.
        """
        request = {"project": str(project), "arguments": [*arguments], "seconds": seconds, "variables": variables}
        lines, answers = _open(self._process.stdin), _open(self._process.stdout)
        print(json.dumps(request), file=lines, flush=True)
        status: int | None = json.loads(answers.readline())
        return status


def _open(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise ValueError("the process was started without its pipes")
    return stream


def _serve(modules: Sequence[str]) -> None:
    # A file that changes twice a second has the same date as its bytecode, which would be taken for its own.
    sys.dont_write_bytecode = True
    for name in modules:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    for request in requests:
        print(json.dumps(_fork(**json.loads(request))), file=answers, flush=True)


def _fork(project: str, arguments: list[str], seconds: float, variables: dict[str, str]) -> int | None:
    child = os.fork()
    if child == 0:
        _test(Path(project), arguments, variables)
    end = time.monotonic() + seconds
    done = status = 0
    try:
        while not done and time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            time.sleep(0 if done else POLL)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # and what it started
        if not done:
            os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if done else None


def _test(project: Path, arguments: list[str], variables: dict[str, str]) -> NoReturn:
    """Run pytest with the project's library in place of this one, and end this process."""
    status = 1
    try:
        os.setsid()
        os.chdir(project)
        sys.path.insert(0, str(project / "src"))
        os.environ |= {"PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1", **variables}
        for name in [name for name in sys.modules if name.partition(".")[0] == "tensorbook"]:
            del sys.modules[name]
        import pytest

        status = int(pytest.main(["-W", IMPORTED, *arguments]))
    finally:
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1:])
