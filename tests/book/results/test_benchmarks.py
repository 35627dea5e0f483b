"""Measurements: what a row is compared with, when it misses its target, and how the JSON is read."""

import json
from pathlib import Path

import pytest

from tensorbook.book.results import benchmarks
from tensorbook.book.results.benchmarks import GROWTH, ROWS, Benchmarks, Growth, Measured
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.formatting import with_unit
from tensorbook.book.results.light_and_dark_figures import draw_pair, picture_path, same_picture
from tensorbook.data import DataError

ROOT = Path(__file__).parents[3]


def record(**rows):
    growth = {name: Growth(list(at), [0.1] * len(at), [0.2] * len(at)) for name, at in GROWTH.items()}
    return Benchmarks(cores=2, versions={"keras": "3"}, rows=rows, growth=growth)


def test_the_ratio_is_the_median_of_the_rounds_and_not_that_of_the_medians():
    assert Measured(tensorbook=[1, 20, 3], baseline=[2, 40, 4]).ratio == 0.5


@pytest.mark.parametrize(
    ("name", "tensorbook", "baseline", "verdict"),
    [
        ("train", 4.9, 9.8, "met"),
        ("train", 5.0, 9.8, "missed"),
        ("floor", 9.0, 9.8, "no target"),
        ("build", 5.9, 2.0, "met"),
        ("build-again", 3.1, 2.0, "missed"),
    ],
)
def test_a_row_is_held_against_its_target(name, tensorbook, baseline, verdict):
    assert Measured([tensorbook] * 5, [baseline] * 5).verdict(ROWS[name]) == verdict


def test_the_targets_are_those_that_were_set_before_anything_was_measured():
    assert {name: row.target for name, row in ROWS.items()} == {
        "train": 0.5, "floor": None, "scratch": 0.6, "learn-wasm": None,
        "learn-cpu": None, "learn-keras": None, "learn-task": 3, "docs-script": 1.1, "docs-notebooks": 0.5, "load": 1.2,
        "import": 1.3, "import-data": 1.3, "import-ops": 1.3, "build": 3, "build-again": 1.5,
        "save-page": 1.5, "save-style": 1.5, "bytes": 1, "answer": None, "answer-gzip": None,
        "memory-train": 1.2, "memory-docs": 1.2,
    }  # fmt: skip
    assert {name: row.unit for name, row in ROWS.items() if row.unit != "s"} == {
        "bytes": "kB", "memory-train": "MB", "memory-docs": "MB",
    }  # fmt: skip


def test_cost_is_measured_up_to_full_mnist_and_a_wide_layer():
    assert GROWTH == {"images": (1000, 3000, 10_000, 30_000, 60_000), "units": (64, 256, 1024, 4096)}
    assert Growth([1], [2], [3]).keras == [3]


def test_the_table_has_a_line_a_row_with_units_and_targets():
    lines = record(build=Measured([7.0], [0.5]), bytes=Measured([46.0], [146.0]), train=Measured([4.0], [10.0])).table()
    assert [line[0] for line in lines] == ["train", "build", "bytes"]
    assert lines[1] == (
        "build", "`mkdocs build` from a clean checkout, CPU time: 7.0 s",
        "stock Material with the same Markdown: 500 ms", "14.00", "≤ 3", "missed",
    )  # fmt: skip
    assert lines[2][1:4] == (
        "download size of a first visit to chapter 2, gzip: 46 kB", "a stock Material page with the same text: 146 kB",
        "0.32",
    )  # fmt: skip


def test_what_pytest_benchmark_wrote_is_read(tmp_path):
    found = [{"train": [[4.0, 4.5], [10.0, 9.0]]}, {"growth-units": [[64, 256], [0.1, 0.2], [0.3, 0.4]]}, {}]
    raw = {
        "machine_info": {"cores": 4, "versions": {"keras": "3"}},
        "benchmarks": [{"name": f"test_{n}", "extra_info": one, "stats": {}} for n, one in enumerate(found)],
        "version": "5.3.1",
    }
    (tmp_path / "speeds.json").write_text(json.dumps(raw))
    assert Benchmarks.load(tmp_path) == Benchmarks(
        cores=4,
        versions={"keras": "3"},
        rows={"train": Measured([4.0, 4.5], [10.0, 9.0])},
        growth={"units": Growth([64, 256], [0.1, 0.2], [0.3, 0.4])},
    )


@pytest.mark.parametrize(("whole", "seconds"), [("2026-11-25", 2.0), ("2026-11-27", 1.0)])
def test_of_a_row_that_was_measured_twice_the_latest_counts(tmp_path, whole, seconds):
    for name, date, measured in (("speeds.json", whole, 1.0), ("speeds-learning.json", "2026-11-26", 2.0)):
        machine = {"cores": 2, "versions": {}}
        row = {"extra_info": {"learn-wasm": [[measured], [9.0]]}}
        raw = {"machine_info": machine, "benchmarks": [row], "datetime": f"{date}T12:00:00+00:00"}
        (tmp_path / name).write_text(json.dumps(raw))
    assert Benchmarks.load(tmp_path).rows["learn-wasm"].tensorbook == [seconds]


def test_missing_or_damaged_benchmarks_are_named_with_the_command_that_makes_them(tmp_path):
    with pytest.raises(DataError, match=r"No benchmarks at .*speeds\.json: run `pytest tests/benchmarks"):
        Benchmarks.load(tmp_path)
    (tmp_path / "speeds.json").write_text("{}")
    with pytest.raises(DataError, match=r"speeds\.json can't be read .KeyError.'benchmarks'"):
        Benchmarks.load(tmp_path)


def test_every_row_is_measured_by_a_benchmark():
    import ast

    named = set()
    for path in (ROOT / "tests" / "benchmarks").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
    assert set(ROWS) <= named


def test_a_row_past_its_target_has_another_colour_in_the_picture():
    from matplotlib.colors import to_hex

    figure = benchmarks.draw(record(train=Measured([9.0], [10.0]), scratch=Measured([1.0], [10.0])))["speeds"]
    train, scratch = figure.axes[0].patches
    assert (train.get_width(), scratch.get_width()) == pytest.approx((1.8, 1 / 6))
    assert to_hex(train.get_facecolor()) != to_hex(scratch.get_facecolor())


def test_the_stored_charts_are_those_of_the_stored_results():
    for name, figure in benchmarks.draw(Benchmarks.load()).items():
        for scheme, svg in draw_pair(figure).items():
            stored = picture_path(RESULTS, name, scheme).read_text(encoding="utf-8")
            assert same_picture(stored, svg), f"run `python tests/benchmarks/write_chart_files.py`: {name}"


def test_figures_are_written_for_people():
    assert [with_unit(seconds, "s") for seconds in (0.0871, 0.9876, 1, 12.34)] == ["87 ms", "988 ms", "1.0 s", "12.3 s"]
    assert with_unit(1234.5, "MB") == "1,234 MB"
