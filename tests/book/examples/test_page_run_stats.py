"""The last run of a page's examples: counted, written and read again."""

import json
import platform
from datetime import UTC, datetime

import numpy as np
import pytest

from tensorbook.book.examples.page_run_stats import PageRun, Tallies, last_run_line, listed, load_page_runs


def test_pages_that_passed_whole_are_written_beside_what_is_known_of_others(tmp_path):
    (tmp_path / "page-runs.json").write_text(
        '{"zoo": {"examples": 7}, "bad": {"examples": 2}, "good": {"examples": 1}}'
    )
    tallies = Tallies()
    for page, passed, seconds in [("good", True, 1.11), ("bad", True, 1), ("bad", False, 1), ("good", True, 2.0)]:
        tallies.add(page, passed, seconds)
    tallies.write(tmp_path)
    written = (tmp_path / "page-runs.json").read_text()
    assert written.startswith('{\n "bad": {\n  "examples": 2\n }')
    assert written.endswith("}\n")
    runs = json.loads(written)
    assert list(runs) == ["bad", "good", "zoo"]
    assert (runs["bad"], runs["zoo"]) == ({"examples": 2}, {"examples": 7})
    assert (runs["good"]["examples"], runs["good"]["seconds"]) == (2, 3.1)


def test_the_first_run_of_all_is_read_again(tmp_path):
    assert load_page_runs(tmp_path) == {}
    tallies, before = Tallies(), datetime.now(UTC).date()
    tallies.add("page", True, 0.25)
    tallies.write(tmp_path)
    [(page, run)] = load_page_runs(tmp_path).items()
    assert (page, run.examples, run.seconds) == ("page", 1, 0.2)
    assert before <= datetime.fromisoformat(run.date).date() <= datetime.now(UTC).date()
    assert list(run.versions) == ["Python", "TensorFlow", "NumPy"]
    assert (run.versions["Python"], run.versions["NumPy"]) == (platform.python_version(), np.__version__)


def test_what_was_run_can_t_be_changed_afterwards():
    with pytest.raises(AttributeError):
        PageRun(1, 0.5, "2026-11-24", {}).examples = 2


def test_the_foot_of_a_page_is_its_own():
    runs = {"b": PageRun(3, 0.25, "2026-11-24", {"Python": "3.11.7"}), "a": PageRun(4, 1.0, "2026-11-23", {})}
    assert last_run_line("b", runs) == (
        "All 3 examples on this page last ran on 2026-11-24 in 0.2 s, with Python 3.11.7."
    )


@pytest.mark.parametrize(("things", "expected"), [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_things_are_listed_as_a_sentence_does(things, expected):
    assert listed(things) == expected
