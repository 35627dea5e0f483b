"""The record supports what chapter 6 says about its panel's experiments, and describes what the panel does."""

import json
import os
import re
import statistics
import sys
from pathlib import Path

import pytest

from tensorbook.book.results.panel_measurements import EXPERIMENTS, NAMES, Learning
from tensorbook.book.site.without_javascript import draw_curves

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def record():
    return Learning.load(ROOT / "docs/results")


def test_as_in_chapter_2_the_panel_and_keras_agree_within_two_standard_errors(record):
    ours, theirs = record.named["chapter_2"].all("test_accuracy"), record.keras
    assert len(ours) == len(theirs) == 10
    error = (statistics.variance(ours) / 10 + statistics.variance(theirs) / 10) ** 0.5
    assert abs(statistics.fmean(ours) - statistics.fmean(theirs)) < 2 * error


def test_from_nonsense_labels_everything_is_memorised_and_nothing_learned(record):
    nonsense = record.named["nonsense"]
    assert max(nonsense.all("test_accuracy")) < 0.2
    assert min(nonsense.all("training_accuracy")) > 0.8


def test_without_relu_the_network_stays_below_the_one_with_it(record):
    with_relu, without = (record.named[name].all("test_accuracy") for name in ("chapter_2", "no_relu"))
    error = (statistics.variance(with_relu) / 10 + statistics.variance(without) / 10) ** 0.5
    assert statistics.fmean(with_relu) - statistics.fmean(without) > 2 * error


def test_too_large_steps_blow_the_network_up_in_every_run(record):
    assert all(run.blown for run in record.experiments["lr-10,sgd,no-relu"].runs)
    assert not any(run.blown for name in NAMES for run in record.named[name].runs)


def test_what_was_recorded_is_what_the_panel_offers(record):
    script = (ROOT / "docs/javascripts/learning/settings.js").read_text(encoding="utf-8")
    offered = dict(re.findall(r'words: "([^"]+)", epochs: (\d+)', script))
    assert offered == {words: str(EXPERIMENTS[words][0]) for words in NAMES.values()}
    assert {words: (one.epochs, len(one.runs)) for words, one in record.experiments.items()} == EXPERIMENTS


def test_the_chapter_asks_of_each_experiment_what_the_panel_asks():
    chapter = " ".join((ROOT / "docs/6-engine.md").read_text(encoding="utf-8").split())
    script = (ROOT / "docs/javascripts/learning/settings.js").read_text(encoding="utf-8")
    offered = re.findall(r'words: "([^"]+)", epochs: (\d+), look: "([^"]+)"', script)
    assert [words for words, *_ in offered] == list(NAMES.values())
    asked = re.findall(r'([^.#]*)\. \*([^*]+\?)\* \{\{ experiment\("([^"]+)"', chapter)
    assert [(words, look) for _, look, words in asked] == [(words, look) for words, _, look in offered]
    numbers = {"five": "5", "forty": "40"}
    for (words, epochs, look), (before, *_) in zip(offered, asked, strict=True):
        told = re.findall(r"(\w+) epochs", f"{before} {look}")
        assert {numbers[number] for number in told} <= {epochs}, words
    assert len(re.findall(r"(?:five|forty) epochs", " ".join(" ".join(one) for one in asked))) >= 3
    assert sum(" epochs" in look for *_, look in offered) == 2
    assert len(offered) == 6, "the chapter says how many"
    assert "There are also six experiments" in chapter


def test_the_recorded_curves_are_drawn_and_told(record):
    svg = draw_curves(record)
    assert svg.count("tb-curve--training") == svg.count("tb-curve--test") == 4  # two curves and two legend entries
    accuracy = record.curves["test"][-1]["accuracy"]
    assert accuracy == record.named["chapter_2"].runs[0].test_accuracy
    assert f"{accuracy:.0%}" in svg


# In a process of its own: where the tests of the site run, Playwright's own loop does.
MEASURE = """
from tensorbook.book.__main__ import main
from tensorbook.book.results import panel_measurements
panel_measurements.EXPERIMENTS = {"chapter-2": (1, 1), "units-16": (5, 1)}
main()
"""


@pytest.mark.nightly  # trains in a browser and with Keras; the commands and the record are tested during the day
def test_the_experiments_are_run_in_a_browser_and_beside_keras(record, processes, tmp_path):
    command = [sys.executable, "-c", MEASURE, "learning", "--out", tmp_path]
    environment = {**os.environ, "TENSORBOOK_MNIST": "sample", "NO_COLOR": "1"}
    result = processes.run(command, check=True, env=environment)
    assert result.stderr == ""
    assert "units-16, seed 0: test accuracy 0." in result.stdout
    again = json.loads((tmp_path / "learning.json").read_text(encoding="utf-8"))
    [run] = again["experiments"]["units-16"]["runs"]
    # Browsers may differ in the last digit of an exponential.
    assert run["test_accuracy"] == pytest.approx(record.named["sixteen"].runs[0].test_accuracy, abs=0.02)
    assert 0.5 < again["keras"][0] < 0.95
