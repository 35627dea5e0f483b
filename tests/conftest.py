import ast
import contextlib
import operator
import os
import signal
import socket
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tensorbook.book.site.notebook_links import is_local
from tensorbook.data import DataError, load_mnist

# The same few examples every time; at night, with `--hypothesis-profile=nightly`, many that differ each time.
hypothesis.settings.register_profile("every-change", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("nightly", max_examples=20_000, deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("every-change")

# Read before any test changes the environment.
_NAMED = os.environ.get("TENSORBOOK_MNIST", "")
_CACHED = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras", "datasets", "mnist.npz")

LIMIT = 200  # seconds: many times as long as any single wait takes, but shorter than a test's limit

# Set by `.ci/nightly` for everything that is tested once a night instead of with each change.
NIGHTLY = bool(os.environ.get("TENSORBOOK_NIGHTLY"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip tests marked `nightly`, except at night."""
    if not NIGHTLY and (nightly := [item for item in items if item.get_closest_marker("nightly")]):
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in nightly]


@pytest.fixture(scope="session")
def every() -> Callable[[int], int]:
    """Return the distance between samples: 1 at night, which means everything, and the given number during the day."""
    return lambda step: 1 if NIGHTLY else step


@pytest.fixture(scope="session")
def users_mnist() -> Path | None:
    """The user's own mnist.npz, which tests only read; None if there is none."""
    return next((path for path in (Path(_NAMED), _CACHED) if path.is_file()), None)


@pytest.fixture(autouse=True)
def _the_users_own_files_are_left_alone(
    users_mnist: Path | None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test sees the user's settings of Keras, or writes to the user's cache."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path_factory.getbasetemp() / "keras"))
    if users_mnist and not os.environ.get("TENSORBOOK_MNIST"):
        monkeypatch.setenv("TENSORBOOK_MNIST", str(users_mnist))


@pytest.fixture(scope="session", autouse=True)
def real_connect() -> Iterator[Callable[..., None]]:
    """Return the method that connects a socket; in its place, a connection to another computer is an error that no code
    takes for a bad network.
    """
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            raise RuntimeError(f"a test would have connected to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield connect


class Processes:
    """Starts the tests' child processes, and ends each of them together with everything it started."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[Any]] = []

    def start(self, command: Sequence[str | Path], **options: Any) -> subprocess.Popen[Any]:
        """Start a process that is ended when the test is over, no matter how."""
        process = subprocess.Popen(command, start_new_session=True, **options)
        self._started.append(process)
        return process

    def run(
        self, command: Sequence[str | Path], *, timeout: float = LIMIT, check: bool = False, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a process to its end and keep its output; with `check`, fail if its exit status is not 0."""
        process = self.start(
            command, **({"stdout": -1, "stderr": -1, "stdin": subprocess.DEVNULL} | options), text=True
        )
        try:
            out, err = process.communicate(timeout=timeout)
        finally:
            self.end(process)
        assert not (check and process.returncode), f"exit status {process.returncode}: {err}"
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def end(self, process: subprocess.Popen[Any]) -> None:
        """End a process with everything it started, which shares its session and process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=LIMIT)
        for pipe in filter(None, (process.stdin, process.stdout, process.stderr)):
            with contextlib.suppress(OSError):  # output that was not written yet is lost
                pipe.close()
        self._started.remove(process)

    def end_all(self) -> None:
        for process in list(self._started):
            self.end(process)


@pytest.fixture(scope="session")
def processes() -> Iterator[Processes]:
    """Starts every child process of the tests; they are ended even if pytest itself is asked to end."""
    processes = Processes()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield processes
    processes.end_all()
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(autouse=True)
def _no_process_outlives_its_test(processes: Processes) -> Iterator[None]:
    yield
    processes.end_all()


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], object]], None]:
    """Wait until a condition holds, but not forever."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < deadline, f"gave up after {LIMIT} seconds"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def full_mnist():
    """All 70,000 digits, if they are available."""
    if os.environ.get("TENSORBOOK_MNIST") == "sample":
        pytest.skip("needs full MNIST; this run has the sample")
    try:
        return load_mnist()
    except DataError as error:
        pytest.skip(f"needs full MNIST: {error}")


@pytest.fixture
def approved(tmp_path):
    """Return a function that compares a text with an approved file, and says how to approve a new one."""

    def compare(text: str, then: Path, same: Callable[[str, str], bool] = operator.eq) -> None:
        now = tmp_path / then.name
        now.write_text(text, encoding="utf-8")
        expected = then.read_text(encoding="utf-8") if then.exists() else ""
        assert same(expected, text), f"look at {now}: if it is meant to be so, copy it to {then}"

    return compare


@pytest.fixture(scope="session")
def examples_of() -> Callable[[Path], list[tuple[list[str], bool]]]:
    """Return what Sybil runs on a page: the syntax trees of each example, and whether it shows an error."""
    import doctest

    from sybil import Document

    from tensorbook.book.examples.example_parsers import PythonFenceParser

    def read(page: Path) -> list[tuple[list[str], bool]]:
        found = []
        for example in PythonFenceParser()(Document(page.read_text(encoding="utf-8"), str(page))):
            is_doctest = isinstance(example.parsed, doctest.Example)
            code = example.parsed.source if is_doctest else str(example.parsed)
            error = is_doctest and example.parsed.exc_msg is not None
            found.append(([ast.dump(node) for node in ast.parse(code).body], error))
        return found

    return read


@pytest.fixture(scope="session")
def script_of(examples_of: Callable[[Path], list[tuple[list[str], bool]]]) -> Callable[[Path], list[str]]:
    """Return the syntax trees of a page in the form of a program, in which an error that is shown is caught and
    printed."""
    [caught] = ast.parse("try: BODY\nexcept Exception as error: print(f'{type(error).__name__}: {error}')").body
    before, after = ast.dump(caught).split("Expr(value=Name(id='BODY', ctx=Load()))")

    def script(page: Path) -> list[str]:
        return [
            tree
            for trees, error in examples_of(page)
            for tree in ([before + ", ".join(trees) + after] if error else trees)
        ]

    return script


@pytest.fixture(scope="session")
def chapters():
    """Return all chapters of the book, as cells."""
    from tensorbook.book.site.notebooks.read_chapters import load_chapters

    return load_chapters(Path(__file__).parents[1])


@pytest.fixture
def command(run_command):
    """Run a reader's command in this process, on the sample."""
    from tensorbook.cli.run_command import main

    return partial(run_command, main)


@pytest.fixture
def book_command(run_command):
    """Run a maintainer's command in this process, on the sample."""
    from tensorbook.book.__main__ import main

    return partial(run_command, main)


@pytest.fixture
def run_command(monkeypatch, capsys):
    """Return a function that runs a command line in this process, on the sample. It returns the exit status and the
    output on stdout and stderr; on stdout, which has tables, runs of spaces become single spaces.
    """
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(main, *arguments):
        monkeypatch.setattr("sys.argv", ["tensorbook", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return end.value.code or 0, "".join(f"{' '.join(line.split())}\n" for line in out.splitlines()), err

    return run


@pytest.fixture
def figures_are_closed():
    """No figure from another test or docstring is open at the start, and none is left open; nothing needs a screen."""
    import matplotlib as mpl  # here, not at the top, since most tests draw nothing

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def traced():
    """Return a context manager that traces memory; its value gives the largest number of bytes in use at once."""

    @contextlib.contextmanager
    def trace() -> Iterator[Callable[[], int]]:
        peaks = []
        tracemalloc.start()
        try:
            yield lambda: peaks[0]
        finally:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

    return trace
