import contextlib
import os
import tracemalloc
from collections.abc import Callable, Iterator

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
