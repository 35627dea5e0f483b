"""The records of chapters 7 and 8 support what the chapters say, and are made the way they say."""

import json
import math
import shutil
import time
from collections import Counter

import numpy as np
import pytest

from tensorbook.book.commands import measurements
from tensorbook.book.results import compare_keras as side_by_side
from tensorbook.book.results import train_convnet as convnet
from tensorbook.book.results.book_record import RESULTS, Record, make_record
from tensorbook.book.results.compare_keras import measure_scratch
from tensorbook.book.results.other_records import ConvnetRecord, ScratchRecord
from tensorbook.book.results.train_convnet import draw_comparison, measure_convnet
from tensorbook.data import DataError, Mnist, Split, load_sample, prepare_images
from tensorbook.models import build_convnet
from tensorbook.weights import WEIGHTS_FILE, network_from_weights, read_weights


@pytest.fixture(scope="module")
def few():
    """A thousand training digits and two hundred test digits."""
    train, test = load_sample()
    return Mnist(Split(train.images[::4], train.labels[::4]), Split(test.images[::5], test.labels[::5]))


def test_the_engine_by_hand_reaches_978_of_1000_and_is_at_least_as_fast_as_keras():
    record = ScratchRecord.load(RESULTS)
    assert record.data == "mnist"
    assert record.accuracy >= 0.978
    assert record.ratio >= 1
    assert len(record.seconds) == len(record.keras_seconds) == len(record.grouped_seconds) >= 3


def test_the_convnet_reaches_992_of_1000_in_under_five_minutes():
    record = ConvnetRecord.load(RESULTS)
    assert record.data == "mnist"
    assert record.accuracy >= 0.992
    assert record.seconds < 300
    assert len(record.history["loss"]) == record.epochs


def test_the_errors_side_by_side_add_up_to_those_of_each_network():
    record, first = ConvnetRecord.load(RESULTS), Record.load(RESULTS)
    assert record.data_sha256 == first.data.sha256
    assert record.first_errors == record.both_wrong + record.only_first_wrong
    assert record.errors == record.both_wrong + record.only_this_wrong
    assert record.accuracy == pytest.approx(1 - record.errors / first.test.images)
    # As chapter 8 says: because of dropout, the training accuracy is no higher than the test accuracy.
    assert record.history["accuracy"][-1] <= record.accuracy


def test_the_first_network_s_errors_are_those_of_its_own_record():
    assert ConvnetRecord.load(RESULTS).first_errors == Record.load(RESULTS).test.errors


def test_the_engine_starts_from_copies_of_keras_s_weights():
    weights = [np.full(shape, n, np.float32) for n, shape in enumerate([(784, 512), (512,), (512, 10), (10,)])]
    network = network_from_weights(weights)
    held = [weight for layer in (network.layers[0], network.layers[2]) for weight in layer.weights]
    assert all(map(np.array_equal, held, weights))
    assert not any(map(np.shares_memory, held, weights))
    assert len(network.layers) == 3


def test_both_engines_are_trained_in_turn_and_every_round_is_kept(few, tmp_path, monkeypatch):
    told, networks = [], []
    monkeypatch.setattr(
        side_by_side, "network_from_weights", lambda given: networks.append(network_from_weights(given)) or networks[-1]
    )
    start = time.perf_counter()
    made = measure_scratch(few, tmp_path, epochs=1, rounds=2, done=lambda name, seconds: told.append((name, seconds)))
    assert [name for name, _ in told] == ["NumPy", "Keras", "Keras, grouped"] * 2
    assert made.seconds == [seconds for name, seconds in told if name == "NumPy"]
    assert made.ratio == min(made.keras_seconds) / min(made.seconds)
    assert (made.rounds, made.epochs) == (2, 1)
    assert ScratchRecord.load(tmp_path) == made
    assert sum(seconds for _, seconds in told) < time.perf_counter() - start
    said = networks[-1].predict(prepare_images(few.test.images)).argmax(axis=1)
    assert made.accuracy == (said == few.test.labels).mean()
    assert 0.5 < made.accuracy < 1
    assert made.grouped_batches * 7 == math.ceil(60_000 / made.batch_size)
    assert made.keras_accuracy == pytest.approx(made.accuracy, abs=0.15), "both start from the same weights"


@pytest.mark.parametrize(("setting", "value"), [("epochs", 0), ("rounds", 0)])
def test_nothing_to_measure_is_refused(few, tmp_path, setting, value):
    with pytest.raises(ValueError, match=f"{setting} must be at least 1, got 0"):
        measure_scratch(few, tmp_path, **{setting: value})
    assert not list(tmp_path.iterdir())


def test_a_convnet_is_not_compared_with_a_network_that_learned_from_other_digits(few, tmp_path):
    results = shutil.copytree(RESULTS, tmp_path / "results")  # what a broken gate would write into
    with pytest.raises(DataError, match="was made from different digits"):
        measure_convnet(few, results, epochs=1)
    with pytest.raises(ValueError, match="epochs must be at least 1, got 0"):
        measure_convnet(few, results, epochs=0)
    assert ConvnetRecord.load(results) == ConvnetRecord.load(RESULTS)


@pytest.fixture(scope="module")
def trained(few, tmp_path_factory):
    """A results folder for chapter 2's network, trained for one epoch on a few digits."""
    out = tmp_path_factory.mktemp("results")
    make_record(few, out, epochs=1)
    return out


def test_the_convnet_s_record_counts_what_both_networks_said(few, trained, monkeypatch):
    told, asked, drawn = [], [], []

    def build(steps):
        asked.append(steps)
        return build_convnet(steps)

    def draw(test, first, this):
        drawn.append((first, this))
        return draw_comparison(test, first, this)

    monkeypatch.setattr("tensorbook.models.build_convnet", build)
    monkeypatch.setattr(convnet, "draw_comparison", draw)
    start = time.perf_counter()
    made = measure_convnet(few, trained, epochs=2, progress=lambda epoch, done, _logs: told.append((epoch, done)))
    assert 0 < made.seconds < time.perf_counter() - start
    batches = math.ceil(len(few.train.images) / made.batch_size)
    assert asked == [2 * batches], "what the learning rate sinks over"
    assert told == [(epoch, done) for epoch in (0, 1) for done in range(1, batches + 1)]
    [(first, this)] = drawn
    np.testing.assert_allclose(
        first,
        network_from_weights(read_weights(trained / WEIGHTS_FILE)).predict(prepare_images(few.test.images)),
        atol=1e-5,
    )
    pairs = Counter(zip(first.argmax(axis=1) == few.test.labels, this.argmax(axis=1) == few.test.labels, strict=True))
    assert (made.both_wrong, made.only_first_wrong, made.only_this_wrong) == (
        pairs[False, False], pairs[False, True], pairs[True, False],
    )  # fmt: skip
    assert made.first_errors == made.both_wrong + made.only_first_wrong
    assert made.errors == made.both_wrong + made.only_this_wrong
    assert made.accuracy == pytest.approx(1 - made.errors / len(few.test.labels))
    assert made.parameters == build_convnet(1).count_params()
    assert (made.epochs, made.seed, made.data) == (2, 0, "other")
    assert len(made.history["loss"]) == 2
    assert ConvnetRecord.load(trained) == made
    assert len(list((trained / "figures").glob("mended-*.svg"))) == 2


@pytest.mark.nightly  # each half is tested during the day: the measurement above, and the commands in test_measurements
def test_the_commands_print_what_they_wrote(book_command, few, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(measurements, "load_data", lambda: few)
    out = shutil.copytree(trained, tmp_path / "results")
    status, printed, _ = book_command("scratch", "--epochs", 1, "--rounds", 1, "--seed", 3, "--out", out)
    record = ScratchRecord.load(out)
    assert (status, record.epochs, record.rounds, record.seed) == (0, 1, 1, 3)
    assert (
        f"NumPy: {record.numpy:.1f} s\nKeras: {record.keras:.1f} s\nKeras, grouped: {record.grouped:.1f} s\n" in printed
    )
    assert printed.endswith(
        f"NumPy {record.numpy:.1f} s, Keras {record.keras:.1f} s, ratio {record.ratio:.2f}; "
        f"test accuracy {record.accuracy:.4f} and {record.keras_accuracy:.4f}\n"
    )
    status, printed, _ = book_command("convnet", "--epochs", 1, "--seed", 2, "--out", out)
    record = ConvnetRecord.load(out)
    assert (status, record.epochs, record.seed) == (0, 1, 2)
    assert "epoch 1 of 1" in printed
    assert printed.endswith(
        f"test accuracy {record.accuracy:.4f} after {record.seconds:.0f} s: {record.errors} errors, "
        f"the first network {record.first_errors}, both {record.both_wrong}\n"
    )


def test_a_record_that_is_missing_or_damaged_says_how_to_make_it(tmp_path):
    with pytest.raises(DataError, match=r"No record at .*scratch\.json: run `python -m tensorbook\.book scratch --out"):
        ScratchRecord.load(tmp_path)
    raw = json.loads((RESULTS / "convnet.json").read_text(encoding="utf-8"))
    del raw["errors"]
    (tmp_path / "convnet.json").write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"convnet\.json is not a record that can be read .* `python -m tensorbook\.book convnet --out"
    ):
        ConvnetRecord.load(tmp_path)
