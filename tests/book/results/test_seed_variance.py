"""The spread over seeds, worked out of runs that are made up; `test_reproducibility.py` has real ones."""

import json
import statistics
from types import SimpleNamespace

import pytest

from tensorbook import evaluation
from tensorbook.book.results import seed_variance as seeds
from tensorbook.book.results.book_record import Record
from tensorbook.book.results.seed_variance import Seeds, Spread, check_recorded, figures_of, measure_seeds
from tensorbook.data import DataError, fingerprint, load_sample
from tensorbook.run_record import History, Run, Trained


def run(seed):
    """Return a run of two epochs whose figures reveal its seed."""
    history = History([1.0 + seed, 0.5 + seed], [0.1 * seed, 0.05 * seed])
    test = evaluation.TestResults(2.0 * seed, 0.01 * seed, [[5, seed], [0, 7]], [])
    return Trained(None, Run(seed, 2, 1, 0.0), history, test, None, 0)


@pytest.fixture
def trained(monkeypatch):
    """The seeds that were used for training."""
    asked = []

    def train(data, *, seed):
        asked.append((data, seed))
        return run(seed)

    monkeypatch.setattr(seeds, "train_and_evaluate", train)
    return asked


def test_the_figures_of_a_run_have_the_names_that_people_give_them():
    assert figures_of(run(3)) == {
        "test accuracy": 0.03, "test loss": 6.0, "test errors": 3.0,
        "loss, epoch 1": 4.0, "loss, epoch 2": 3.5, "accuracy, epoch 1": pytest.approx(0.3),
        "accuracy, epoch 2": pytest.approx(0.15),
    }  # fmt: skip


def test_ten_seeds_from_0_on_are_trained_and_written(trained, tmp_path):
    data, done = load_sample(), []
    measured = measure_seeds(data, tmp_path / "new", done=done.append)
    assert [seed for _, seed in trained] == list(range(10))
    assert all(given is data for given, _ in trained)
    assert done == list(range(1, 11))
    assert measured.runs == [figures_of(run(seed)) for seed in range(10)]
    assert measured.data_sha256 == fingerprint(data)
    assert Seeds.load(tmp_path / "new") == measured
    raw = json.loads((tmp_path / "new/seeds.json").read_text())
    assert list(raw) == ["runs", "data_sha256", "tolerances", "reason"]
    assert raw["tolerances"]["test loss"] == pytest.approx(3 * statistics.stdev(range(0, 20, 2)))
    assert raw["reason"].startswith("3 standard deviations over 10 seeds: ")


def test_the_recorded_run_is_one_of_them_and_not_trained_again(trained, tmp_path, monkeypatch):
    recorded = SimpleNamespace(**{**vars(run(1)), "data": SimpleNamespace(sha256=fingerprint(load_sample()))})
    recorded.test = run(7).test
    (tmp_path / "record.json").touch()
    monkeypatch.setattr(Record, "load", lambda _folder: recorded)
    measured = measure_seeds(load_sample(), tmp_path, 3)
    assert [seed for _, seed in trained] == [0, 2]
    assert measured.runs[1] == figures_of(recorded)


def test_two_seeds_are_enough_and_one_is_not(trained, tmp_path):
    assert len(measure_seeds(load_sample(), tmp_path, 2).runs) == 2
    for count in (1, 0):
        with pytest.raises(ValueError, match=f"a spread needs at least 2 seeds, got {count}"):
            measure_seeds(load_sample(), tmp_path, count)
    assert len(trained) == 2


def test_a_spread_is_of_one_figure_over_all_seeds():
    measured = Seeds([figures_of(run(seed)) for seed in (1, 2, 6)], "")
    assert list(measured.spread("test loss").values) == [2, 4, 12]
    assert measured.tolerance("test loss") == pytest.approx(3 * statistics.stdev([2, 4, 12]))
    spread = Spread([4, 1, 7])
    assert (spread.mean, spread.deviation, spread.least, spread.most) == (4, 3, 1, 7)


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"runs": 1, "data_sha256": ""}', '{"runs": [[1]]}'])
def test_a_file_that_is_missing_or_damaged_says_what_makes_it(text, tmp_path):
    if text is not None:
        (tmp_path / "seeds.json").write_text(text)
    with pytest.raises(
        DataError, match=r"seeds\.json can't be read \(.+\): run `python -m tensorbook\.book seeds` to create it"
    ):
        Seeds.load(tmp_path)


def test_record_and_seeds_have_to_speak_of_the_same_data():
    record = SimpleNamespace(data=SimpleNamespace(sha256="a"))
    check_recorded(record, Seeds([], "a"))
    with pytest.raises(DataError, match=r"made on different data: run `python -m tensorbook\.book seeds` again"):
        check_recorded(record, Seeds([], "b"))


def test_what_was_measured_can_t_be_changed_afterwards():
    for one, name in ((Spread([1]), "values"), (Seeds([], ""), "runs"), (Record.load(), "run"), (run(1), "run")):
        with pytest.raises(AttributeError):
            setattr(one, name, None)
