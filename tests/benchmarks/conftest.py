"""What the benchmarks share: rounds in turn, figures that are kept for the record, and processes that are weighed.

`tensorbook bench` runs them. Under `--benchmark-disable` each runs once on little data, to show that it works.
"""

from pathlib import Path

import pytest

from tensorbook.book.benchmarks import ROUNDS


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=ROUNDS, help="how often both sides of a row are measured")
    parser.addoption("--rows", default="", help="the rows to measure, with commas between them; by default, all")


def pytest_configure(config):
    config.addinivalue_line("markers", "rows(*names): the rows of the record that a benchmark measures")


def pytest_collection_modifyitems(config, items):
    chosen = set(filter(None, config.getoption("--rows").split(",")))
    if chosen:
        left_out = [item for item in items if not chosen & set(item.get_closest_marker("rows").args)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def quick(request):
    """Tell whether this run is for breakage only."""
    return bool(request.config.getoption("benchmark_disable"))


@pytest.fixture
def wanted(request):
    """Tell whether a row is to be measured."""
    chosen = request.config.getoption("--rows").split(",")
    return lambda name: chosen == [""] or name in chosen


@pytest.fixture
def rounds(request, benchmark):
    """Run a function once a round. It returns, by the names of rows, what ours took and what theirs took."""

    def measure(one_round):
        found: dict[str, list[list[float]]] = {}
        count = request.config.getoption("--rounds")

        def once():
            for name, (ours, theirs) in one_round().items():
                both = found.setdefault(name, [[], []])
                both[0].append(ours)
                both[1].append(theirs)
                figures = f"{ours:.4g} and {theirs:.4g}, ratio {ours / theirs:.3f}"
                print(f"{name}: round {len(both[0])} of {count}: {figures}", flush=True)

        benchmark.pedantic(once, rounds=count, iterations=1)
        benchmark.extra_info.update(found)
        return found

    return measure


@pytest.fixture(scope="session")
def mnist_path(full_mnist):  # noqa: ARG001  # it is there, or this is skipped
    """The path of an .npz file with full MNIST."""
    from tensorbook.data import where

    path = Path(where().place)
    if path.suffix != ".npz":
        pytest.skip("needs MNIST in an .npz file")
    return path
