"""The book's pytest plugin: choose the data for the suite, and add ``--update-docs``."""

import os
import sys
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import pluggy
import pytest
from sybil.evaluators.skip import Skipper
from sybil.integration.pytest import SybilItem

from tensorbook.book.examples import example_parsers, update_docs
from tensorbook.book.examples.page_run_stats import Tallies
from tensorbook.book.results.book_record import RESULTS
from tensorbook.check_keras import KERAS_SETTINGS, check_keras, keras_config
from tensorbook.cli.quiet_loading import QUIET
from tensorbook.data import DataError, load_mnist
from tensorbook.errors import UsageError

VARIABLE = "TENSORBOOK_MNIST"
WORKERS = 3  # on two cores, since the tests of the site spend much of their time waiting for the browser
# Each worker has one core. Two threads in a worker would wait for each other, and NumPy's threads wait at full speed:
# the training of chapter 7 took twenty times as long.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
# Tests that share a built site and a browser stay in one process: those of the box and the panel, and those of pages.
TOGETHER = {"box": ("tests/site/drawing/", "tests/site/learning/"), "pages": ("tests/site/",)}
# The longest files start first: otherwise one process would still be running one when the others have nothing left.
LONGEST = ("tests/site/", "docs/", "tests/test_distributed.py", "tests/test_fast_fit.py", "tests/book/", "tests/cli/")
FALLBACK = pytest.StashKey[str]()
TALLIES = pytest.StashKey[Tallies]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-docs``."""
    parser.addoption(
        "--update-docs",
        action="store_true",
        help="rewrite the expected outputs and the pictures of the pages that changed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the data once: full MNIST if it is available, otherwise the sample; a wrong variable is an error."""
    if not __debug__:
        raise pytest.UsageError("Python's -O or PYTHONOPTIMIZE removes every assert, so no test could fail: unset it.")
    refuse_settings_of_keras()
    os.environ.setdefault("MPLBACKEND", "Agg")
    os.environ["MATPLOTLIBRC"] = os.devnull  # pages draw with Matplotlib's defaults
    os.environ.setdefault(*QUIET)
    if config.getoption("numprocesses", None):  # here, because a worker imports NumPy before it is configured
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
        config.option.loadscopereorder = False  # files are dealt out in the order of `pytest_collection_modifyitems`
    if config.getoption("--update-docs"):
        update_docs.updates = update_docs.Updates()
    if config.option.collectonly or config.option.help:
        return
    # `set` on Windows takes spaces and quotes as part of a value; load_mnist ignores them too.
    os.environ[VARIABLE] = os.environ.get(VARIABLE, "").strip(" \t\r\n\"'")
    # A worker uses the data that its parent process has chosen and checked.
    if not on_sample() and not _is_worker(config):
        try:
            load_mnist()
        except DataError as error:
            if os.environ[VARIABLE]:
                raise pytest.UsageError(str(error)) from None
            os.environ[VARIABLE] = "sample"
            config.stash[FALLBACK] = str(error)
    if on_sample():
        if update_docs.updates is not None:
            raise pytest.UsageError("--update-docs needs full MNIST, but this run uses the sample.")
        config.addinivalue_line("filterwarnings", "ignore::tensorbook.data.SampleWarning")


def refuse_settings_of_keras() -> None:
    """Refuse a ``keras.json`` that would change the networks on the pages (the library's networks ignore it).

    Raises:
        pytest.UsageError: There is one; the message names it, and says what to do.
    """
    try:
        check_keras()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    path, config = keras_config()
    for name, (usual, *_) in KERAS_SETTINGS.items():
        if config.get(name, usual) != usual:
            raise pytest.UsageError(
                f"{path} sets {name} to {config[name]}, but the outputs on the pages were made with {usual}: "
                "change it there, or set KERAS_HOME to a different folder."
            )


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def on_sample() -> bool:
    """Return whether the pages run on the sample of 5,000 digits."""
    return os.environ.get(VARIABLE) == "sample"


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Report which data the pages run on, and if it is the sample, why."""
    if not on_sample():
        return [f"tensorbook: full MNIST, {os.environ.get(VARIABLE) or 'from the cache'}"]
    header = "tensorbook: the SAMPLE of 5,000 digits; blocks that print a figure of full MNIST are skipped"
    return [header, *([f"  because: {config.stash[FALLBACK]}"] if FALLBACK in config.stash else [])]


@pytest.fixture(scope="session")
def sample() -> bool:
    """Whether the page runs on the sample, for its skip directives."""
    return on_sample()


@pytest.hookimpl(optionalhook=True, tryfirst=True)  # before pytest's own
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run the whole suite in several processes, but tests named on the command line in this one."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return WORKERS if whole and (os.cpu_count() or 1) > 1 else 0


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of each file in one process, since they share fixtures, and likewise the tests of the site."""
    from xdist.scheduler import LoadFileScheduling

    scheduling = LoadFileScheduling(config, log)
    by_file = scheduling._split_scope
    scheduling._split_scope = lambda nodeid: next(
        (name for name, folders in TOGETHER.items() if nodeid.startswith(folders)), by_file(nodeid)
    )
    return scheduling


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """If several processes run the tests, put the longest files first; the order within a file stays the same."""
    if _is_worker(config):
        items.sort(key=lambda item: [not item.nodeid.startswith(one) for one in LONGEST])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001  # xdist's signature
    """Collect the counts of a worker process, and its updates to pages."""
    found = getattr(node, "workeroutput", {}).get("tensorbook")
    if found:
        node.config.stash.setdefault(TALLIES, Tallies()).merge(found["tallies"])
        if update_docs.updates is not None:
            update_docs.updates.outputs.update(found["updates"])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run that skipped a test if ``TENSORBOOK_NO_SKIPS`` is set: CI has everything that the tests need.

    A run of pages doesn't need Hypothesis, but its plugin would import it after the last test, which takes as long as
    starting pytest.
    """
    plugins = session.config.pluginmanager
    if "hypothesis" not in sys.modules and plugins.has_plugin("hypothesispytest"):
        plugins.unregister(name="hypothesispytest")
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tensorbook"] = {
            "tallies": session.config.stash.setdefault(TALLIES, Tallies()).plain(),
            "updates": update_docs.updates.outputs if update_docs.updates is not None else {},
        }
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("TENSORBOOK_NO_SKIPS") and not exitstatus and reporter and reporter.stats.get("skipped"):
        reporter.write_line("\ntensorbook: tests were skipped, and TENSORBOOK_NO_SKIPS is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Print arrays in docstrings with NumPy's default options; `example_parsers.start` does it for pages."""
    if isinstance(item, pytest.DoctestItem):
        np.set_printoptions(**example_parsers.PRINT_OPTIONS)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Count the examples of each page and measure their time."""
    outcome = yield
    report = outcome.get_result()
    # For Sybil, a skip directive is an item, too, but it is not an example.
    example = isinstance(item, SybilItem) and not isinstance(item.example.region.evaluator, Skipper)
    if example and (report.when == "call" or not report.passed):
        tallies = item.config.stash.setdefault(TALLIES, Tallies())
        tallies.add(item.path.stem, report.passed, report.duration)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write the updates of ``--update-docs``, and list the pages."""
    if update_docs.updates is not None:
        for path in update_docs.updates.write():
            terminalreporter.write_line(f"updated {os.path.relpath(path)}")
        config.stash.setdefault(TALLIES, Tallies()).write(config.rootpath / RESULTS)


@pytest.fixture(autouse=True)
def _closed_figures(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close all figures after a test; a page's figures stay open until the test of the picture below their block."""
    yield
    if "matplotlib.pyplot" in sys.modules and hasattr(request.node, "function"):
        import matplotlib.pyplot as plt

        plt.close("all")
