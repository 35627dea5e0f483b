"""A run in memory: its settings, its progress, and the results that are counted."""

import keras
import numpy as np
import pytest

from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.data import Mnist, Split, load_sample, one_hot, prepare_images
from tensorbook.evaluation import CALIBRATION_BINS, calibration, confusion_matrix
from tensorbook.fast_fit import GROUP
from tensorbook.models import build_network
from tensorbook.training import make_repeatable, progress_callback, train_and_evaluate
from tensorbook.weights import weights_in_order


@pytest.fixture(scope="module")
def few():
    """300 digits to train on and 100 to test on."""
    train, test = load_sample()
    return Mnist(Split(train.images[:300], train.labels[:300]), Split(test.images[:100], test.labels[:100]))


@pytest.fixture(scope="module")
def run(few):
    """A run of two epochs, and its progress reports."""
    told = []
    return train_and_evaluate(few, epochs=2, batch_size=7, seed=4, progress=lambda *done: told.append(done)), told


def test_without_settings_a_run_is_the_one_that_the_book_prints(few):
    run = Record.load(RESULTS).run
    now = train_and_evaluate(few, learn=lambda *_, **__: (build_network(), {"loss": [0.5], "accuracy": [0.25]})).run
    assert (now.epochs, now.batch_size, now.seed) == (run.epochs, run.batch_size, run.seed)


def test_a_run_measures_what_its_network_gives_for_the_test_images(few, run):
    now, _ = run
    images, labels = prepare_images(few.test.images), few.test.labels
    probabilities = now.network.predict(images)
    assert np.array_equal(now.probabilities, probabilities)
    loss = -np.log(np.take_along_axis(probabilities, labels[:, None].astype(int), axis=1)).mean()
    assert (now.test.loss, now.test.accuracy) == pytest.approx(
        (loss, (probabilities.argmax(axis=1) == labels).mean()), rel=1e-4
    )
    assert (now.test.images, now.test.correct) == (100, (probabilities.argmax(axis=1) == labels).sum())
    assert sum(images for images, *_ in now.test.calibration) == 100
    assert (now.run.seed, now.run.epochs, now.run.batch_size) == (4, 2, 7)
    assert 0 < now.run.seconds < 600
    assert len(now.history.loss) == len(now.history.accuracy) == 2
    assert now.history.loss[0] > now.history.loss[1] > 0
    assert 0 < now.history.accuracy[0] < now.history.accuracy[1] <= 1


def test_weights_are_rounded_before_anything_is_measured(few):
    """Here, a digit of the weights that float16 drops decides for 7; without it, a bias decides for 3."""
    keras.utils.set_random_seed(1)
    network = build_network()
    hidden_kernel, hidden_bias, output_kernel, output_bias = network.get_weights()
    output_kernel[:], output_bias[:] = 1, 0
    output_kernel[:, 7], output_bias[3] = 1.00045, 0.005
    network.set_weights([hidden_kernel, hidden_bias, output_kernel, output_bias])
    assert set(network.predict(prepare_images(few.test.images), verbose=0).argmax(axis=1)) == {7}
    now = train_and_evaluate(few, learn=lambda *_, **__: (network, {"loss": [1.0], "accuracy": [0.5]}))
    assert set(now.probabilities.argmax(axis=1)) == {3}
    assert now.test.correct == (few.test.labels == 3).sum()
    assert now.other_class == 100
    rounded = [weight.astype("float16").astype("float32") for weight in network.get_weights()]
    assert all(map(np.array_equal, weights_in_order(now.network), rounded))


def test_keras_evaluates_the_stored_network_to_the_same_figures(few, run):
    now, _ = run
    in_keras = build_network()
    in_keras.set_weights(weights_in_order(now.network))
    figures = in_keras.evaluate(prepare_images(few.test.images), one_hot(few.test.labels), verbose=0)
    assert (now.test.loss, now.test.accuracy) == pytest.approx(figures, abs=1e-5)


def test_a_seed_gives_its_own_run(few, run):
    same, other = (train_and_evaluate(few, epochs=1, batch_size=7, seed=seed).history.loss[0] for seed in (4, 5))
    assert same == pytest.approx(run[0].history.loss[0], rel=1e-5)
    assert other != pytest.approx(same, rel=1e-3)


def test_progress_is_told_of_each_group_of_batches_up_to_the_last(run):
    _, told = run
    batches = 43  # 300 images, seven at a time
    done = [min(batches, GROUP * (number + 1)) for number in range(-(-batches // GROUP))]
    assert [(epoch, number) for epoch, number, _ in told] == [(epoch, number) for epoch in (0, 1) for number in done]
    assert all({"loss", "accuracy"} <= logs.keys() for *_, logs in told)


def test_what_learns_in_place_of_fit_is_given_images_targets_and_progress(few):
    given = []

    def learn(images, targets, progress):
        given.append((images, targets, progress))
        return network, {"loss": [0.5], "accuracy": [0.25]}

    network = build_network()
    now = train_and_evaluate(few, epochs=1, learn=learn, progress=print)
    [(images, targets, progress)] = given
    assert np.array_equal(images, prepare_images(few.train.images))
    assert np.array_equal(targets, one_hot(few.train.labels))
    assert progress is print
    assert now.parameters == network.count_params()
    assert (now.history.loss, now.history.accuracy) == ([0.5], [0.25])


@pytest.mark.parametrize(("images", "labels"), [(0, 0), (3, 2), (2, 3), (1, 0)])
@pytest.mark.parametrize("place", [0, 1])
def test_both_sets_need_images_and_as_many_labels(few, place, images, labels):
    sets = [*few]
    sets[place] = Split(few.train.images[:images], few.train.labels[:labels])
    with pytest.raises(ValueError, match=f"the {('training', 'test')[place]} set .* got {images} images and {labels} "):
        train_and_evaluate(Mnist(*sets))


def test_one_image_of_each_is_enough(few):
    one = Split(few.train.images[:1], few.train.labels[:1])
    assert train_and_evaluate(Mnist(one, one), epochs=1, batch_size=1).test.images == 1


def test_reports_count_batches_in_groups_and_epochs_as_keras_does():
    told = []
    each = progress_callback(lambda *done: told.append(done))
    each.on_train_batch_end(0)
    each.on_epoch_begin(3)
    each.on_train_batch_end(1, {"loss": 1.0})
    groups = progress_callback(lambda *done: told.append(done), group=5, batches=12)
    for batch in range(3):
        groups.on_train_batch_end(batch)
    assert told == [(0, 1, {}), (3, 2, {"loss": 1.0}), (0, 5, {}), (0, 10, {}), (0, 12, {})]


def test_calibration_is_what_counting_image_by_image_gives():
    random = np.random.default_rng(5)
    probabilities = random.dirichlet(np.full(4, 0.4), 200)
    probabilities[0] = (0, 1, 0, 0)
    labels = random.integers(0, 4, 200)
    for bins in (CALIBRATION_BINS, 3):
        ranges = {}
        for row, label in zip(probabilities.tolist(), labels.tolist(), strict=True):
            place = min(int(max(row) * bins), bins - 1)
            ranges.setdefault(place, []).append((max(row), row.index(max(row)) == label))
        expected = [
            (len(found), sum(sure for sure, _ in found) / len(found), sum(right for _, right in found) / len(found))
            for _, found in sorted(ranges.items())
        ]
        given = {"bins": bins} if bins == 3 else {}
        assert calibration(probabilities, labels, **given) == [pytest.approx(row, abs=6e-7) for row in expected]


def test_confusion_counts_an_image_in_the_row_of_its_class():
    counts = confusion_matrix(np.array([2, 2, 0]), np.array([1, 1, 2]), classes=3)
    assert counts.tolist() == [[0, 0, 1], [0, 0, 0], [0, 2, 0]]
    assert counts.dtype == np.int64
    assert confusion_matrix(np.array([9]), np.array([9])).shape == (10, 10)


def test_tensorflow_is_told_to_keep_to_one_order():
    from tensorflow.python.framework import config

    before = config.is_op_determinism_enabled()
    try:
        make_repeatable()
        assert config.is_op_determinism_enabled()
    finally:
        (config.enable_op_determinism if before else config.disable_op_determinism)()
