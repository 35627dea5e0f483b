import contextlib
import operator
import os
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tensorbook.data import DataError, load_mnist


@pytest.fixture(scope="session")
def full_mnist():
    """All 70,000 digits, where they can be had."""
    if os.environ.get("TENSORBOOK_MNIST") == "sample":
        pytest.skip("needs full MNIST; this run has the sample")
    try:
        return load_mnist()
    except DataError as error:
        pytest.skip(f"needs full MNIST: {error}")


@pytest.fixture
def approved(tmp_path):
    """Return what holds a text against the file that somebody has looked at, and says how to approve another."""

    def compare(text: str, then: Path, same: Callable[[str, str], bool] = operator.eq) -> None:
        now = tmp_path / then.name
        now.write_text(text, encoding="utf-8")
        expected = then.read_text(encoding="utf-8") if then.exists() else ""
        assert same(expected, text), f"look at {now}: if it is meant to be so, copy it to {then}"

    return compare


@pytest.fixture
def command(run_command):
    """Run a reader's command in this process, on the sample."""
    from tensorbook.cli import main

    return partial(run_command, main)


@pytest.fixture
def book_command(run_command):
    """Run a maintainer's command in this process, on the sample."""
    from tensorbook.book.commands import main

    return partial(run_command, main)


@pytest.fixture
def run_command(monkeypatch, capsys):
    """Return what runs a command line in this process, on the sample.

    It returns the exit status and what was printed on stdout and stderr; on stdout, which has tables, each line has
    single spaces.
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
    """No figure of another test, or of a docstring, is open before and none is left open; nothing needs a screen."""
    import matplotlib as mpl  # here, not above: most tests draw nothing

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def traced():
    """Return a context manager that traces memory; what it gives tells the most bytes there were at once."""

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
