"""Shared by the benchmarks: alternating rounds, whose figures are added to pytest-benchmark's JSON, and the machine
they ran on. With `--benchmark-disable`, each benchmark runs once on little data to show that it works.
"""

import os
from pathlib import Path

import pytest

from tensorbook.run_record import versions

ROUNDS = 5


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=ROUNDS, help="how often both sides of a row are measured")


def pytest_benchmark_update_json(output_json):
    """Record the number of cores and the versions; the computer's name is nobody's business."""
    output_json["machine_info"] = {"cores": os.cpu_count(), "versions": versions()}
    output_json["commit_info"] = {}


@pytest.fixture
def quick(request):
    """Return whether this run only looks for breakage."""
    return bool(request.config.getoption("benchmark_disable"))


@pytest.fixture
def rounds(request, benchmark):
    """Run a function once per round. For each row, it returns two figures: tensorbook's and the baseline's."""

    def measure(one_round):
        found: dict[str, list[list[float]]] = {}
        count = request.config.getoption("--rounds")

        def once():
            for name, (tensorbook, baseline) in one_round().items():
                both = found.setdefault(name, [[], []])
                both[0].append(tensorbook)
                both[1].append(baseline)
                figures = f"{tensorbook:.4g} and {baseline:.4g}, ratio {tensorbook / baseline:.3f}"
                print(f"{name}: round {len(both[0])} of {count}: {figures}", flush=True)

        benchmark.pedantic(once, rounds=count, iterations=1)
        benchmark.extra_info.update(found)
        return found

    return measure


@pytest.fixture(scope="session")
def mnist_path(full_mnist):  # noqa: ARG001  # it is there, or this is skipped
    """The path of an .npz file with full MNIST."""
    from tensorbook.data import find_mnist

    path = Path(find_mnist().place)
    if path.suffix != ".npz":
        pytest.skip("needs MNIST in an .npz file")
    return path
