"""The record of `tensorbook bench`: what a row is compared with, when it is past its target, and what is kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from tensorbook.book import bench, measuring
from tensorbook.book.benchmarks import GROWTH, ROWS, Growth, Measured, SpeedsRecord
from tensorbook.book.forms import with_unit
from tensorbook.book.measuring import seconds, weigh
from tensorbook.data import DataError, load_sample

ROOT = Path(__file__).parents[2]


def record(**rows):
    growth = {name: Growth(list(at), [0.1] * len(at), [0.2] * len(at)) for name, at in GROWTH.items()}
    return SpeedsRecord(
        seed=0, data="mnist", data_sha256="0" * 64, versions={"keras": "3"}, cores=2, rows=rows, growth=growth
    )


def test_the_ratio_is_the_median_of_the_rounds_and_not_that_of_the_medians():
    assert Measured(ours=[1, 20, 3], theirs=[2, 40, 4]).ratio == 0.5


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "verdict"),
    [
        ("train", 4.9, 9.8, "within"),
        ("train", 5.0, 9.8, "past"),
        ("floor", 9.0, 9.8, "no target"),
        ("build", 5.9, 1.5, "within"),
        ("build", 6.1, 2.0, "past"),  # three times as long, but over six seconds
    ],
)
def test_a_row_is_held_against_its_target(name, ours, theirs, verdict):
    assert Measured([ours] * 5, [theirs] * 5).verdict(ROWS[name]) == verdict


def test_the_targets_are_those_that_were_set_before_anything_was_measured():
    assert {name: row.target for name, row in ROWS.items()} == {
        "train": 0.5, "floor": None, "scratch": 0.6, "docs-script": 1.1, "docs-notebooks": 0.5, "load": 0.5,
        "import": 1.3, "import-data": 1.3, "import-ops": 1.3, "build": 4, "bytes": 1, "memory-train": 1.2,
        "memory-docs": 1.2,
    }  # fmt: skip
    assert {name: row.most for name, row in ROWS.items() if row.most} == {"build": 6}
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
        "build", "`mkdocs build`, all pages: 7.0 s", "an empty Material site: 500 ms", "14.00", "≤ 4, ≤ 6 s", "past",
    )  # fmt: skip
    assert lines[2][1:4] == (
        "chapter 2 over the wire, gzip, first visit: 46 kB", "a stock Material page with its text: 146 kB", "0.32",
    )  # fmt: skip


def test_a_record_is_read_back_as_it_was_written(tmp_path):
    one = record(train=Measured([4.0, 4.5], [10.0, 9.0]))
    one.write(tmp_path)
    assert SpeedsRecord.load(tmp_path) == one


def test_a_missing_record_is_named_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(DataError, match=r"No record at .*speeds\.json: run `python -m tensorbook\.book bench --out"):
        SpeedsRecord.load(tmp_path)


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

    figure = bench.draw(record(train=Measured([9.0], [10.0]), scratch=Measured([1.0], [10.0])))["speeds"]
    train, scratch = figure.axes[0].patches
    assert (train.get_width(), scratch.get_width()) == pytest.approx((1.8, 1 / 6))
    assert to_hex(train.get_facecolor()) != to_hex(scratch.get_facecolor())


def test_measuring_one_row_leaves_the_others_as_they_were(tmp_path, monkeypatch):
    record(train=Measured([9.0], [10.0]), load=Measured([1.0], [2.0])).write(tmp_path)
    monkeypatch.setattr(bench, "_run", lambda rounds, _only: {"train": [[4.0] * rounds, [10.0] * rounds]})
    monkeypatch.chdir(ROOT)
    now = bench.measure(load_sample(), tmp_path, rounds=2, only=["train"])
    assert now == SpeedsRecord.load(tmp_path)
    assert {name: row.ratio for name, row in now.rows.items()} == {"train": 0.4, "load": 0.5}
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        f"{name}-{scheme}.svg" for name in ("speeds", "growth") for scheme in ("light", "dark")
    }


def test_an_unknown_row_is_refused_with_the_names_of_all(tmp_path):
    with pytest.raises(ValueError, match="there is no row trian: the rows are train, floor, scratch, docs-script"):
        bench.measure(load_sample(), tmp_path, rounds=1, only=["trian"])


def test_elsewhere_than_in_the_project_there_is_nothing_to_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="the benchmarks are in tests/benchmarks of the project"):
        bench.measure(load_sample(), tmp_path, rounds=1)


def test_a_plain_run_of_the_tests_passes_over_the_benchmarks():
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "tests"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "tests/book/test_bench.py::" in listed
    assert "tests/benchmarks/" not in listed


def test_growth_keeps_the_median_of_each_value():
    rounds = [[(1, 10), (2, 20)], [(3, 30), (2, 20)], [(2, 90), (9, 1)]]
    assert bench.median_growth([5, 6], rounds) == [[5, 6], [2, 2], [30, 20]]


def test_a_process_is_weighed_and_one_that_fails_is_told():
    took, light = weigh("-c", "import time; time.sleep(0.2)")
    _, heavy = weigh("-c", "import time; held = bytearray(100_000_000)")
    assert took > 0.2
    assert 90 < heavy - light < 120
    with pytest.raises(subprocess.CalledProcessError, match="exit status 3") as failed:
        weigh("-c", "import sys; sys.stderr.write('a' * 9 + 'b' * 2000); raise SystemExit(3)")
    assert failed.value.__notes__ == ["b" * 2000]


def test_where_nothing_can_be_started_it_is_told(tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 4\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(subprocess.CalledProcessError, match="exit status 4"):
        weigh("-c", "pass")


def test_seconds_are_those_of_the_call(monkeypatch):
    ticks = iter([10.0, 12.5])
    monkeypatch.setattr(measuring.time, "perf_counter", lambda: next(ticks))
    given = []
    assert seconds(lambda *arguments, **options: given.append((arguments, options)), 1, key=2) == 2.5
    assert given == [((1,), {"key": 2})]


def test_figures_are_written_for_people():
    assert [with_unit(seconds, "s") for seconds in (0.0871, 0.9876, 1, 12.34)] == ["87 ms", "988 ms", "1.0 s", "12.3 s"]
    assert with_unit(1234.5, "MB") == "1,234 MB"
