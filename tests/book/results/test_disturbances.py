"""The record of disturbances is checked with new measurements of some digits, and supports what chapter 9 says."""

import numpy as np
import pytest

from tensorbook.book.results import disturbances
from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.book.results.disturbances import DISTURBANCES, Disturbances, measure_disturbances, prepare_plainly
from tensorbook.data import load_sample
from tensorbook.drawings import prepare_drawing

LIMIT = "a shadow with a sharp edge"


@pytest.fixture(scope="module")
def record():
    return Disturbances.load(RESULTS)


def test_every_disturbance_is_in_the_record_in_order(record):
    assert [one.name for one in record.measured] == list(DISTURBANCES)
    assert (record.side, record.high) == (disturbances.SIDE, disturbances.HIGH)


def test_the_record_is_of_the_stored_weights(record):
    run = Record.load(RESULTS)
    assert record.weights_sha256 == run.files[run.weights.file], f"run `{Disturbances.command}` again"


@pytest.mark.nightly  # the whole record; some of it is measured during the day
def test_all_that_the_record_says_is_measured_again(record, full_mnist, tmp_path):
    again = measure_disturbances(full_mnist.test, tmp_path, digits=record.digits, seed=record.seed)
    for then, now in zip(record.measured, again.measured, strict=True):
        assert then.name == now.name
        assert now.with_steps == pytest.approx(then.with_steps, abs=0.01)
        assert now.without_steps == pytest.approx(then.without_steps, abs=0.01)


def test_all_steps_read_nearly_every_disturbed_digit_and_as_many_clean_ones(record):
    clean, *others = record.measured
    assert clean.with_steps >= clean.without_steps
    for one in others:
        if one.name != LIMIT:
            assert one.with_steps > clean.with_steps - 0.03, one.name
    assert others[-1].name == LIMIT
    assert others[-1].with_steps < 0.9


@pytest.mark.parametrize(
    "name", ["one black pixel in a corner", "noise with a sigma of 20", "pencil instead of pen, with dust and noise"]
)
def test_what_the_record_says_is_seen_on_a_few_digits(tmp_path, monkeypatch, name):
    monkeypatch.setattr(disturbances, "DISTURBANCES", {name: DISTURBANCES[name]})
    done = []
    written = measure_disturbances(load_sample().test, tmp_path, digits=20, seed=0, done=done.append)
    assert Disturbances.load(tmp_path) == written
    assert done == written.measured
    assert done[0].with_steps >= 0.9 > done[0].without_steps


def test_on_a_clean_sheet_five_steps_are_enough():
    [sheet] = disturbances._disturbed(load_sample().test.images[:1], DISTURBANCES["nothing"], 0)
    sheet = disturbances._as_bytes(sheet)
    assert np.abs(prepare_drawing(sheet).astype(int) - prepare_plainly(sheet)).mean() < 2
