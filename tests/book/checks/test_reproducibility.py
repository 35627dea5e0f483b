"""The drift check: the record agrees with a similar run, and an altered record or library is reported."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tensorbook import models
from tensorbook.book.checks import reproducibility as drift
from tensorbook.book.checks.reproducibility import Row, check, compare_training
from tensorbook.book.commands import check_and_seeds
from tensorbook.book.results.book_record import Record, make_record
from tensorbook.book.results.other_records import ConvnetRecord, ScratchRecord
from tensorbook.book.results.seed_variance import Seeds, check_recorded, figures_of
from tensorbook.data import DataError, Mnist, Split, fingerprint, load_sample
from tensorbook.evaluation import calibration, confusion_matrix
from tensorbook.training import train_and_evaluate

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "docs" / "results"


@pytest.fixture(autouse=True)
def _no_one_order(monkeypatch):
    """TensorFlow would stay deterministic until the process ends."""
    monkeypatch.setattr(check_and_seeds, "make_repeatable", lambda: None)


@pytest.fixture(scope="module")
def sample():
    return load_sample()


@pytest.fixture(scope="module")
def small(tmp_path_factory, sample):
    """The results of one epoch on the sample, with two seeds, and records of the other networks."""
    out = tmp_path_factory.mktemp("results")
    record = make_record(sample, out, epochs=1)
    runs = [figures_of(record), figures_of(train_and_evaluate(sample, epochs=1, seed=1))]
    (out / "seeds.json").write_text(Seeds(runs, record.data.sha256).dumps())
    shared = {"seed": 0, "data": "sample", "data_sha256": record.data.sha256, "versions": {}, "epochs": 1}
    ConvnetRecord(
        **shared, batch_size=128, seconds=1, parameters=225_034, history={}, accuracy=0.98, errors=20,
        first_errors=record.test.errors, both_wrong=5, only_first_wrong=record.test.errors - 5, only_this_wrong=15,
    ).write(out)  # fmt: skip
    accuracy = Seeds.load(out).spread("test accuracy").mean
    ScratchRecord(
        **shared, batch_size=128, accuracy=accuracy, keras_accuracy=accuracy, seconds=[1], keras_seconds=[1],
        grouped_seconds=[1], grouped_batches=67,
    ).write(out)  # fmt: skip
    return out


@pytest.fixture(scope="module")
def again(sample):
    """A second run of `small`, since training again for each altered record would show nothing more."""
    return train_and_evaluate(sample, epochs=1)


@pytest.fixture
def without_training(again, monkeypatch):
    """Use that run for the comparison."""
    monkeypatch.setattr(drift, "train_and_evaluate", lambda *_, **__: again)


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
    assert seeds.runs[0] == figures_of(record)


def test_the_command_trains_from_each_seed_and_prints_the_spread(sample, book_command, monkeypatch, tmp_path):
    few = Mnist(*(Split(images[:300], labels[:300]) for images, labels in sample))
    monkeypatch.setattr(check_and_seeds, "load_data", lambda: few)
    status, printed, _ = book_command("seeds", "--count", 2, "--out", tmp_path)
    measured = Seeds.load(tmp_path)
    assert measured.data_sha256 == fingerprint(few)
    assert measured.runs[1] == pytest.approx(figures_of(train_and_evaluate(few, seed=1)), rel=1e-3)
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
        train_and_evaluate(sample, **{name: value})


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


STORED = {
    f"stored weights, {figure}" for figure in ("test images", "errors", "images of a new class", "accuracy", "loss")
}


@pytest.mark.parametrize(
    ("file", "change", "figures"),
    [
        ("record", lambda raw: raw["test"].update(accuracy=raw["test"]["accuracy"] - 0.6), {"test accuracy"}),
        ("record", lambda raw: raw["test"].update(loss=raw["test"]["loss"] + 1), {"test loss"}),
        ("record", lambda raw: raw["history"]["loss"].__setitem__(0, 3.0), {"loss, epoch 1"}),
        ("record", lambda raw: raw["weights"].update(parameters=407051), {"weights"}),
        ("record", lambda raw: raw["test"].update(confusion=raw["test"]["confusion"][::-1]), {"test errors"}),
        (
            "convnet",
            lambda raw: raw.update(first_errors=raw["first_errors"] + 1),
            {"convnet, errors of the first network"},
        ),
        ("convnet", lambda raw: raw.update(both_wrong=6), {"convnet, wrong by the first", "convnet, wrong by this"}),
        ("convnet", lambda raw: raw.update(errors=21, only_this_wrong=16), {"convnet, accuracy"}),
        ("convnet", lambda raw: raw.update(parameters=9), {"convnet, weights"}),
        ("convnet", lambda raw: raw.update(data_sha256="0"), {"convnet, data"}),
        ("scratch", lambda raw: raw.update(accuracy=0.5), {"chapter 7, accuracy"}),
        ("scratch", lambda raw: raw.update(keras_accuracy=0.5), {"chapter 7, Keras's accuracy"}),
        ("scratch", lambda raw: raw.update(data_sha256="0"), {"chapter 7, data"}),
        ("scratch", lambda raw: raw.update(epochs=5), {"chapter 7, epochs"}),
    ],
)
@pytest.mark.usefixtures("without_training")
def test_an_altered_record_drifts_in_the_rows_that_were_altered(sample, small, tmp_path, file, change, figures):
    shutil.copytree(small, tmp_path / "results")
    path = tmp_path / f"results/{file}.json"
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw))
    drifted = {name for name, holds in verdicts(check(sample, tmp_path / "results")).items() if not holds}
    assert drifted >= figures
    told_too = STORED | {name for name in drifted if name.startswith("convnet")} if file == "record" else set()
    assert drifted - figures <= told_too, (
        "the record's test results are also compared with the stored weights and the convnet"
    )


@pytest.mark.usefixtures("without_training")
def test_a_figure_of_the_test_that_the_stored_weights_do_not_give_drifts(sample, small, tmp_path):
    """A difference of one error is drift, such as 208 errors in a record and 207 with the weights."""
    shutil.copytree(small, tmp_path / "results")
    path = tmp_path / "results/record.json"
    raw = json.loads(path.read_text())
    row = raw["test"]["confusion"][0]
    row[0], row[1] = row[0] - 1, row[1] + 1
    path.write_text(json.dumps(raw))
    rows = verdicts(check(sample, tmp_path / "results"))
    assert not rows["stored weights, errors"]
    assert not rows["stored weights, images of a new class"]
    assert not rows["convnet, errors of the first network"]


@pytest.mark.usefixtures("without_training")
def test_other_data_drift_in_the_row_of_the_data(sample, small):
    fewer = sample._replace(train=sample.train._replace(images=255 - sample.train.images))
    rows = verdicts(check(fewer, small))
    assert not rows["data, SHA-256"]


def test_an_altered_library_drifts(sample, small, monkeypatch):
    monkeypatch.setattr(models, "HIDDEN_UNITS", 16)
    rows = verdicts(check(sample, small))
    assert not rows["weights"]
    assert not rows["loss, epoch 1"]


@pytest.mark.usefixtures("without_training")
def test_the_command_names_the_drifted_row_and_exits_with_1(book_command, small, tmp_path):
    shutil.copytree(small, tmp_path / "results")
    path = tmp_path / "results/record.json"
    path.write_text(path.read_text().replace('"parameters": 407050', '"parameters": 1'))
    status, printed, errors = book_command("check", "--quick", "--results", tmp_path / "results")
    assert status == 1
    assert "these differ from the record: weights" in errors
    assert "DRIFTED" in printed


def test_every_recorded_figure_of_the_training_has_a_row(small, again):
    record, seeds = Record.load(small), Seeds.load(small)
    weights, *rows = compare_training(record, seeds, again)
    assert (weights.figure, weights.now, weights.allowed) == ("weights", 407_050, 0)
    now, then = figures_of(again), figures_of(record)
    assert [(row.figure, row.recorded, row.now) for row in rows] == [(name, then[name], now[name]) for name in then]
    assert [row.allowed for row in rows] == [seeds.tolerance(row.figure) for row in rows]


@pytest.mark.usefixtures("without_training")
def test_other_weights_than_the_record_s_are_not_evaluated(sample, small, tmp_path):
    shutil.copytree(small, tmp_path / "results")
    shutil.copy(RESULTS / "weights.safetensors", tmp_path / "results")
    with pytest.raises(DataError, match="is not the weights file from the run in"):
        check(sample, tmp_path / "results")


@pytest.mark.nightly  # trains two more networks
@pytest.mark.usefixtures("without_training")
def test_the_long_form_trains_the_other_networks_too(sample, small):
    """The convnet's record is invented here, so it drifts; chapter 7's engine learns what the seeds learned."""
    quick = {row.figure for row in check(sample, small)}
    rows = {row.figure: row for row in check(sample, small, quick=False) if row.figure not in quick}
    assert rows.keys() == {
        "convnet again, errors", "convnet again, wrong by the first",
        "chapter 7 again, accuracy", "chapter 7 again, Keras's accuracy",
    }  # fmt: skip
    errors = rows["convnet again, errors"]
    assert 20 < errors.now < 900
    assert (errors.holds, errors.allowed) == (False, pytest.approx(3 * 20**0.5))
    assert rows["convnet again, wrong by the first"].holds
    assert all(0.7 < rows[f"chapter 7 again, {whose}"].now < 1 for whose in ("accuracy", "Keras's accuracy"))
