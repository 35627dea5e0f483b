"""The handwriting network: its stored weights give the recorded results, it meets its goals, and it can be trained
again."""

import math

import numpy as np
import pytest

from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.book.results.other_records import ConvnetRecord
from tensorbook.book.results.strangers_handwriting import Strangers
from tensorbook.book.results.train_handwriting_network import (
    EPOCHS,
    SYNTHETIC,
    HandwritingRecord,
    cooled,
    find_temperature,
    measure_handwriting,
)
from tensorbook.data import DataError, Mnist, Split, load_sample
from tensorbook.handwriting_network import HANDWRITING_FILE, HandwritingNetwork, trained_handwriting_network
from tensorbook.synthetic_handwriting import write_digits


@pytest.fixture(scope="module")
def record():
    return HandwritingRecord.load(RESULTS)


def wrong(network, some):
    return int((network.predict(some.images).argmax(axis=1) != some.labels).sum())


@pytest.mark.nightly  # all 10,000 test images; the browser and Python are compared on 500 during the day
def test_the_stored_weights_give_the_recorded_answers(record, full_mnist):
    assert wrong(record.network_in(RESULTS), full_mnist.test) == record.errors


def test_a_tenth_of_the_test_images_is_read_about_as_well_as_the_record_says(record, full_mnist):
    some = Split(*(part[::10] for part in full_mnist.test))
    expected = record.errors / 10
    assert wrong(record.network_in(RESULTS), some) == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_both_records_of_the_handwriting_network_agree(record):
    assert record.accuracy == pytest.approx(1 - record.errors / 10_000)
    [_, second] = Strangers.load(RESULTS).networks
    assert second.mnist.read == pytest.approx(record.accuracy)
    assert (RESULTS / HANDWRITING_FILE).stat().st_size == record.bytes


def test_synthetic_digits_are_read_as_the_record_says(record):
    few = write_digits(100, seed=record.seed + 1)
    right = 1 - wrong(trained_handwriting_network(), few) / len(few.labels)
    spread = math.sqrt(record.synthetic_accuracy * (1 - record.synthetic_accuracy) / len(few.labels))
    assert right == pytest.approx(record.synthetic_accuracy, abs=4 * spread)


def test_both_networks_reach_the_goals_on_strangers_handwriting_and_on_mnist(record):
    [first, second] = Strangers.load(RESULTS).networks
    assert second.second_half.read >= 0.93
    assert second.second_half.sure_and_wrong <= 0.02
    assert second.mnist.read >= 0.99
    assert first.mnist.read >= 0.975
    assert second.second_half.read > first.second_half.read + 0.1
    assert record.data_sha256 == Record.load(RESULTS).data.sha256
    assert record.parameters == ConvnetRecord.load(RESULTS).parameters  # chapter 8's network, as chapter 9 says


def test_a_small_training_is_repeatable_and_leaves_weights_that_its_record_names(tmp_path):
    train, test = load_sample()
    few = Mnist(Split(train.images[::8], train.labels[::8]), Split(test.images[::10], test.labels[::10]))
    made = [measure_handwriting(few, tmp_path / name, epochs=1, synthetic=40, held_back=50, tested=10) for name in "ab"]
    assert made[0].sha256 == made[1].sha256
    assert (made[0].mnist, made[0].synthetic, made[0].held_back) == (450, 40, 50)
    assert made[0].network_in(tmp_path / "a").predict(test.images[:3]).shape == (3, 10)
    (tmp_path / "a" / HANDWRITING_FILE).write_bytes((RESULTS / HANDWRITING_FILE).read_bytes())
    with pytest.raises(DataError, match="is not the file that"):
        made[0].network_in(tmp_path / "a")


def test_a_temperature_is_found_where_probabilities_are_too_sure():
    random = np.random.default_rng(0)
    scores = random.normal(0, 2, (20_000, 10))
    honest = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = (honest.cumsum(axis=1) > random.random((len(honest), 1))).argmax(axis=1)
    too_sure = honest**1.5 / (honest**1.5).sum(axis=1, keepdims=True)
    assert find_temperature(too_sure, labels) == pytest.approx(1.5, rel=0.05)
    assert find_temperature(honest, labels) == pytest.approx(1, rel=0.05)


def test_another_temperature_changes_no_answer():
    network, images = trained_handwriting_network(), load_sample().test.images[:200]
    warm, cold = network.predict(images), HandwritingNetwork(cooled(network.layers, 3)).predict(images)
    assert np.array_equal(warm.argmax(axis=1), cold.argmax(axis=1))
    assert (cold.max(axis=1) <= warm.max(axis=1) + 1e-6).all()


@pytest.mark.nightly  # takes twelve minutes
@pytest.mark.timeout(1800)
def test_trained_again_from_its_seed_it_is_as_good(record, full_mnist, tmp_path):
    again = measure_handwriting(
        full_mnist, tmp_path, epochs=record.epochs, synthetic=record.synthetic, seed=record.seed
    )
    assert again.errors == pytest.approx(record.errors, abs=4 * math.sqrt(record.errors))
    assert again.temperature == pytest.approx(record.temperature, abs=0.1)
    assert (again.mnist, again.parameters) == (record.mnist, record.parameters)
    assert (record.epochs, record.synthetic) == (EPOCHS, SYNTHETIC)
