"""The drift gate: the record holds against a run like its own, and an altered record or library is named."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tensorbook import models
from tensorbook.book import drift
from tensorbook.book.commands import gates
from tensorbook.book.drift import Row, check, compare
from tensorbook.runs import Record
from tensorbook.book.running import calibration, confusion_matrix, train_and_test
from tensorbook.book.seeds import Seeds, check_recorded, figures_of
from tensorbook.book.training import train
from tensorbook.data import DataError, Mnist, Split, fingerprint, load_sample

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "docs" / "results"


@pytest.fixture(autouse=True)
def _no_one_order(monkeypatch):
    """TensorFlow would keep to one order to the end of the process."""
    monkeypatch.setattr(gates, "repeatable", lambda: None)


@pytest.fixture(scope="module")
def sample():
    return load_sample()


@pytest.fixture(scope="module")
def small(tmp_path_factory, sample, one_round):  # noqa: ARG001  # for the training in it
    """Results of one epoch on the sample, with two seeds beside them."""
    out = tmp_path_factory.mktemp("results")
    record = train(sample, out, epochs=1)
    runs = [figures_of(record), figures_of(train_and_test(sample, epochs=1, seed=1))]
    (out / "seeds.json").write_text(Seeds(runs, record.data.sha256).dumps())
    return out


@pytest.fixture(scope="module")
def again(sample):
    """The run of `small` once more: training it for each record that is altered would tell no more."""
    return train_and_test(sample, epochs=1)


@pytest.fixture
def without_training(again, monkeypatch):
    """Let the run that is compared be that one."""
    monkeypatch.setattr(drift, "train_and_test", lambda *_, **__: again)


def verdicts(rows):
    return {row.figure: row.holds for row in rows}


def test_the_recorded_tolerances_are_three_deviations_of_ten_seeds():
    raw = json.loads((RESULTS / "seeds.json").read_text())
    accuracies = [run["test accuracy"] for run in raw["runs"]]
    assert len(accuracies) == 10
    assert raw["tolerances"]["test accuracy"] == pytest.approx(3 * np.std(accuracies, ddof=1))
    assert "3 standard deviations over 10 seeds" in raw["reason"]


def test_the_recorded_run_is_the_first_of_the_ten_seeds():
    record, seeds = Record.load(RESULTS), Seeds.load(RESULTS)
    check_recorded(record, seeds)
    assert record.run.seed == 0
    assert all(compare_one.holds for compare_one in rows_of(record, seeds))


def rows_of(record, seeds):
    for figure, value in figures_of(record).items():
        yield Row(figure, value, seeds.runs[0][figure], seeds.tolerance(figure))


def test_the_command_trains_from_each_seed_and_prints_the_spread(sample, book_command, monkeypatch, tmp_path):
    few = Mnist(*(Split(images[:300], labels[:300]) for images, labels in sample))
    monkeypatch.setattr(gates, "load_data", lambda: few)
    status, printed, _ = book_command("seeds", "--count", 2, "--out", tmp_path)
    measured = Seeds.load(tmp_path)
    assert measured.data_sha256 == fingerprint(few)
    assert measured.runs[1] == pytest.approx(figures_of(train_and_test(few, seed=1)), rel=1e-3)
    assert measured.runs[0] != measured.runs[1]
    spread = measured.spread("test accuracy")
    assert (status, len(spread.values)) == (0, 2)
    assert printed.endswith(
        f"test accuracy: mean {spread.mean:.4f}, standard deviation {spread.deviation:.4f}, "
        f"from {spread.least:.4f} to {spread.most:.4f}\n"
    )


def test_a_row_holds_up_to_what_is_allowed_and_no_further():
    assert Row("x", 1.0, 1.25, 0.25).holds
    assert not Row("x", 1.0, 1.26, 0.25).holds
    assert Row("x", "abc", "abc", 0).holds
    assert not Row("x", "abc", "abd", 9).holds


@pytest.mark.parametrize(("name", "value", "least"), [("epochs", 0, 1), ("batch_size", -3, 1), ("seed", -1, 0)])
def test_training_refuses_settings_that_make_no_sense(sample, name, value, least):
    with pytest.raises(ValueError, match=f"{name} must be at least {least}, got {value}"):
        train_and_test(sample, **{name: value})


def test_the_confusion_matrix_counts_as_keras_does(sample):
    from tensorflow.math import confusion_matrix as oracle

    said = np.random.default_rng(0).integers(0, 10, len(sample.test.labels))
    assert np.array_equal(confusion_matrix(sample.test.labels, said), oracle(sample.test.labels, said, 10).numpy())


def test_calibration_counts_every_image_once(sample):
    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.ones(10), len(sample.test.labels))
    rows = calibration(probabilities, sample.test.labels)
    assert sum(images for images, _, _ in rows) == len(sample.test.labels)
    assert [confidence for _, confidence, _ in rows] == sorted(confidence for _, confidence, _ in rows)
    right = (probabilities.argmax(axis=1) == sample.test.labels).mean()
    assert sum(images * share for images, _, share in rows) / len(sample.test.labels) == pytest.approx(right)


def test_precision_and_recall_are_what_scikit_learn_says():
    from sklearn.metrics import precision_recall_fscore_support

    record = Record.load(RESULTS)
    pairs = [(t, p) for t, row in enumerate(record.test.confusion) for p, n in enumerate(row) for _ in range(n)]
    precision, recall, *_ = precision_recall_fscore_support(*zip(*pairs, strict=True))
    assert record.test.precision == pytest.approx(precision)
    assert record.test.recall == pytest.approx(recall)


def test_a_record_holds_against_a_run_like_its_own_whose_progress_is_told(sample, small):
    told = []
    rows = verdicts(check(sample, small, lambda *done: told.append(done)))
    assert told[-1][:2] == (0, 32)
    assert all(rows.values()), rows
    assert {"data, SHA-256", "weights", "stored weights, errors", "test accuracy", "loss, epoch 1"} <= set(rows)


@pytest.mark.parametrize(
    ("change", "figure"),
    [
        (lambda raw: raw["test"].update(accuracy=raw["test"]["accuracy"] - 0.6), "test accuracy"),
        (lambda raw: raw["test"].update(loss=raw["test"]["loss"] + 1), "test loss"),
        (lambda raw: raw["history"]["loss"].__setitem__(0, 3.0), "loss, epoch 1"),
        (lambda raw: raw["weights"].update(parameters=407051), "weights"),
        (lambda raw: raw["test"].update(confusion=raw["test"]["confusion"][::-1]), "test errors"),
    ],
)
@pytest.mark.usefixtures("without_training")
def test_an_altered_record_drifts_in_the_row_that_was_altered(sample, small, tmp_path, change, figure):
    shutil.copytree(small, tmp_path / "results")
    path = tmp_path / "results/record.json"
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw))
    rows = verdicts(check(sample, tmp_path / "results"))
    assert not rows[figure]
    others = {name for name, holds in rows.items() if not holds} - {figure}
    assert others <= {"stored weights, errors"}, "the confusion tells of it, too"


@pytest.mark.usefixtures("without_training")
def test_other_data_drift_in_the_row_of_the_data(sample, small):
    fewer = sample._replace(train=sample.train._replace(images=255 - sample.train.images))
    rows = verdicts(check(fewer, small))
    assert not rows["data, SHA-256"]


def test_an_altered_library_drifts(sample, small, monkeypatch):
    monkeypatch.setattr(models, "HIDDEN_UNITS", 16)
    rows = verdicts(check(sample, small))
    assert not rows["weights"]
    assert not rows["stored weights, errors"]
    assert not rows["loss, epoch 1"]


@pytest.mark.usefixtures("without_training")
def test_the_command_names_the_drifted_row_and_exits_with_1(book_command, small, tmp_path):
    shutil.copytree(small, tmp_path / "results")
    path = tmp_path / "results/record.json"
    path.write_text(path.read_text().replace('"parameters": 407050', '"parameters": 1'))
    status, printed, errors = book_command("check", "--results", tmp_path / "results")
    assert status == 1
    assert "drifted from the record: weights" in errors
    assert "DRIFTED" in printed


def test_compare_has_a_row_for_every_recorded_figure(small, again):
    record, seeds = Record.load(small), Seeds.load(small)
    rows = list(compare(record, seeds, again, record.data.sha256, record.test.errors))
    assert [row.figure for row in rows] == [
        "data, SHA-256", "weights", "test images", "stored weights, errors", *figures_of(record),
    ]  # fmt: skip
    now = figures_of(again)
    for row in rows[4:]:
        assert (row.recorded, row.now) == (figures_of(record)[row.figure], now[row.figure])
        assert row.allowed == seeds.tolerance(row.figure)
    assert [row.allowed for row in rows[:4]] == [0, 0, 0, record.weights.other_class]
    assert [row.now for row in rows[:4]] == [record.data.sha256, 407_050, 1000, record.test.errors]


@pytest.mark.usefixtures("without_training")
def test_the_stored_weights_are_asked_for_every_test_image(sample, small):
    """With half the digits called something else they are wrong about more than before."""
    stored = {row.figure: row for row in check(sample, small)}["stored weights, errors"]
    record = Record.load(small)
    assert abs(stored.now - record.test.errors) <= record.weights.other_class
    labels = sample.test.labels.copy()
    labels[:500] = (labels[:500] + 1) % 10
    assert (
        drift._stored_errors(small / "weights.safetensors", sample._replace(test=sample.test._replace(labels=labels)))
        > 400
    )
    with pytest.raises(DataError, match="can't be read"):
        drift._stored_errors(small / "nowhere", sample)
