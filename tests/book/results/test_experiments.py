"""The record of the experiments has every change, supports what chapter 6 says, and is made the way it says."""

import os

import numpy as np
import pytest

from tensorbook.book.results import experiments
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.experiments import CHANGES, DIGITS, MOMENTS, RATES, Experiments, Setup, to_plane
from tensorbook.book.results.light_and_dark_figures import SCHEMES, draw_pair, picture_path, same_picture
from tensorbook.book.results.other_records import EXPERIMENT_FIGURES
from tensorbook.book.results.seed_variance import Seeds
from tensorbook.data import Mnist, Split, load_mnist, load_sample


@pytest.fixture(scope="module")
def record():
    return Experiments.load(RESULTS)


def test_every_change_is_in_the_record_in_order(record):
    assert [one.name for one in record.outcomes] == list(CHANGES)
    assert record.data == "mnist"
    for one in record.outcomes:
        setup = CHANGES[one.name]
        assert one.steps == setup.epochs * -(-60_000 // setup.batch_size)


def test_each_change_changes_one_thing():
    for name, setup in list(CHANGES.items())[1:]:
        changed = [field for field, value in vars(Setup()).items() if getattr(setup, field) != value]
        assert changed in ([*changed[:1]], ["hidden", "activation"]), name
        assert changed, name
    assert CHANGES["10 hidden layers of 64, relu"].hidden == CHANGES["10 hidden layers of 64, sigmoid"].hidden


def test_nothing_changed_is_chapter_2_s_training(record):
    seeds = Seeds.load(RESULTS)
    assert abs(record.of("nothing").test - seeds.spread("test accuracy").mean) <= seeds.tolerance("test accuracy")


def test_an_unknown_change_is_refused_with_the_changes_there_are(record):
    with pytest.raises(KeyError, match="there is no experiment 'no bias'; choose one of nothing, no relu"):
        record.of("no bias")


def test_the_figures_are_drawn_from_the_record(record):
    assert (len(record.losses), len(record.places), len(record.labels)) == (len(RATES), len(MOMENTS), DIGITS)
    for name, figure in experiments.draw_experiments(record).items():
        for scheme, drawn in draw_pair(figure).items():
            stored = picture_path(RESULTS, name, scheme).read_text(encoding="utf-8")
            assert same_picture(drawn, stored), (name, scheme)
    assert set(SCHEMES) == {"light", "dark"}


def test_a_sure_digit_is_in_its_corner_and_an_unsure_one_in_the_middle():
    places = to_plane(np.vstack([np.eye(10)[[0, 5]], np.full((1, 10), 0.1)]))
    assert places == pytest.approx(np.array([[0, 1], [0, -1], [0, 0]]), abs=1e-12)


def test_a_few_experiments_on_a_few_digits_make_a_record(tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "RATE_STEPS", 20)
    monkeypatch.setattr(experiments, "MOMENTS", (0, 1, 2, 3, 4, 5))
    train, test = load_sample()
    few = Mnist(Split(train.images[::2], train.labels[::2]), Split(test.images[::5], test.labels[::5]))
    changes = {"nothing": Setup(epochs=1), "all weights start at 0": Setup(spread=0.0, epochs=1)}
    done = []
    written = experiments.measure_experiments(few, tmp_path, changes=changes, done=done.append)
    assert Experiments.load(tmp_path) == written
    assert done == written.outcomes
    assert done[0].test > 0.4 > done[1].test
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        f"{name}-{scheme}.svg" for name in EXPERIMENT_FIGURES for scheme in SCHEMES
    }


@pytest.mark.nightly  # trains on full MNIST
@pytest.mark.skipif(os.environ.get("TENSORBOOK_MNIST") == "sample", reason="trains on full MNIST")
@pytest.mark.parametrize("name", ["no relu", "all weights start at 0", "10 hidden layers of 64, sigmoid"])
def test_an_experiment_ends_as_its_record_says(record, name):
    seeds = Seeds.load(RESULTS)
    again = experiments.run(load_mnist(), name, CHANGES[name], record.seed)
    assert abs(again.test - record.of(name).test) <= max(2 * seeds.tolerance("test accuracy"), 0.01)
