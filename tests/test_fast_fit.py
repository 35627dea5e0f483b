"""The fast `fit` compared with Keras's own: the same batches, weights, history and calls."""

import keras
import numpy as np
import pytest

from tensorbook.data import Mnist, Split, load_sample, one_hot, prepare_images
from tensorbook.fast_fit import fit
from tensorbook.models import build_network
from tensorbook.training import progress_callback, train_and_evaluate
from tensorbook.weights import weights_in_order

SETTINGS = {"epochs": 2, "batch_size": 128, "verbose": 0}


@pytest.fixture(scope="module")
def digits():
    """1,100 images: eight batches of 128 and a batch of 76."""
    train = load_sample().train
    return prepare_images(train.images[:1100]), one_hot(train.labels[:1100])


def twins(build=build_network):
    """Return two networks with the same weights."""
    keras.utils.set_random_seed(0)
    one, other = build(), build()
    other.set_weights(one.get_weights())
    return one, other


@pytest.fixture(scope="module")
def by_keras(digits):
    """The network that Keras's own `fit` trains on the digits in order, and its history."""
    _, theirs = twins()
    return theirs, theirs.fit(*digits, shuffle=False, **SETTINGS)


def assert_same(ours, theirs, mine, keras_s):
    for name, values in keras_s.history.items():
        np.testing.assert_allclose(mine.history[name], values, rtol=1e-4, err_msg=name)
    learned, expected = (np.concatenate([w.ravel() for w in one.get_weights()]) for one in (ours, theirs))
    # Rounding can turn off a hidden unit that was close to zero, a five-hundredth of the weights; a different order of
    # the images changes a large part of them.
    assert np.mean(np.abs(learned - expected) > 1e-4) < 0.01


@pytest.mark.parametrize("group", [1, 4, 1000])
def test_given_the_same_batches_it_learns_keras_s_weights(digits, by_keras, group):
    ours, _ = twins()
    theirs, keras_s = by_keras
    mine = fit(ours, *digits, shuffle=False, group=group, **SETTINGS)
    assert set(mine.history) == set(keras_s.history) == {"loss", "accuracy"}
    assert_same(ours, theirs, mine, keras_s)


def test_from_the_same_seed_it_takes_the_images_in_keras_s_order(digits, by_keras):
    ours, theirs = twins()
    keras.utils.set_random_seed(3)
    keras_s = theirs.fit(*digits, **SETTINGS)
    keras.utils.set_random_seed(3)
    mine = fit(ours, *digits, **SETTINGS)
    assert_same(ours, theirs, mine, keras_s)
    with pytest.raises(AssertionError):
        assert_same(by_keras[0], theirs, by_keras[1], keras_s)  # in a different order
    moved = np.abs(by_keras[0].get_weights()[0] - theirs.get_weights()[0]) > 1e-4
    assert np.mean(moved) > 0.3


def build_other():
    """Return a network unlike chapter 2's: Adam on a schedule, weight decay in the loss, two metrics."""
    dense = keras.layers.Dense
    network = keras.Sequential([keras.Input((784,)), dense(20, "tanh", kernel_regularizer="l2"), dense(10, "softmax")])
    rate = keras.optimizers.schedules.CosineDecay(0.01, 20)
    metrics = [keras.metrics.CategoricalAccuracy("right"), keras.metrics.TopKCategoricalAccuracy(3, "nearly")]
    network.compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=metrics)
    return network


def test_other_networks_with_other_optimizers_and_metrics_learn_as_in_keras(digits):
    ours, theirs = twins(build_other)
    keras_s = theirs.fit(*digits, shuffle=False, **SETTINGS)
    mine = fit(ours, *digits, shuffle=False, group=4, **SETTINGS)
    assert set(keras_s.history) == {"loss", "right", "nearly"}
    assert_same(ours, theirs, mine, keras_s)
    assert int(ours.optimizer.iterations) == int(theirs.optimizer.iterations) == 18


def test_the_same_seed_gives_the_same_weights_to_the_last_bit():
    sample = load_sample()
    small = Mnist(Split(*(array[:700] for array in sample.train)), Split(*(array[:50] for array in sample.test)))
    one, again, other = (weights_in_order(train_and_evaluate(small, epochs=2, seed=seed).network) for seed in (5, 5, 6))
    assert all(map(np.array_equal, one, again))
    assert not np.array_equal(one[0], other[0])


def test_callbacks_hear_of_every_epoch_and_of_every_group_and_progress_counts_its_batches(digits):
    heard, told = [], []

    class Listener(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            heard.append((epoch, "ends", sorted(logs)))

        def on_train_batch_end(self, batch, logs=None):
            heard.append((batch, logs["loss"] > 0))

    progress = progress_callback(lambda epoch, done, logs: told.append((epoch, done, sorted(logs))), group=4, batches=9)
    fit(build_network(), *digits, group=4, callbacks=[Listener(), progress], **SETTINGS)
    groups = [(0, True), (1, True), (2, True)]
    assert heard == [*groups, (0, "ends", ["accuracy", "loss"]), *groups, (1, "ends", ["accuracy", "loss"])]
    assert told == [(epoch, done, ["accuracy", "loss"]) for epoch in (0, 1) for done in (4, 8, 9)]


def test_a_callback_can_stop_the_training_and_keras_s_own_fit_goes_on_with_the_network(digits):
    network = build_network()
    stop = keras.callbacks.EarlyStopping("loss", patience=0, min_delta=100)
    first = fit(network, *digits, epochs=9, batch_size=128, verbose=0, callbacks=[stop]).history["loss"]
    assert len(first) == 2
    then = network.fit(*digits, **SETTINGS).history["loss"]
    assert first[0] > first[1] > then[0] > then[1] > 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"group": 0}, ValueError, "group must be at least 1, got 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
        ({"class_weight": {}}, TypeError, "does not support class_weight: use network.fit"),
    ],
)
def test_what_can_t_be_done_is_refused(digits, options, error, message):
    with pytest.raises(error, match=message):
        fit(build_network(), *digits, **options)


def test_a_target_for_each_image_is_needed(digits):
    with pytest.raises(
        ValueError, match=r"needs at least one image and a target for each, got 1100 images and 7 targets"
    ):
        fit(build_network(), digits[0], digits[1][:7])


@pytest.mark.parametrize("trains", ["fast_fit.fit", "distributed.fit"])
def test_training_again_and_again_prints_no_warning_of_tensorflow_s(digits, monkeypatch, trains):
    """TensorFlow warns about the fifth function that it traces from the same code; here, about the second, which is
    faster."""
    import tensorflow as tf
    from tensorflow.python.eager.polymorphic_function import polymorphic_function

    from tensorbook import distributed

    warnings = []
    monkeypatch.setattr(polymorphic_function, "FREQUENT_TRACING_WARNING_THRESHOLD", 2)
    manager = polymorphic_function._FrequentTracingDetectorManager()  # which has not been trained yet
    monkeypatch.setattr(polymorphic_function, "_frequent_tracing_detector_manager", manager)
    monkeypatch.setattr(polymorphic_function.logging, "warning", lambda text, *_: warnings.append(text))

    def build():
        network = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, "softmax")])
        network.compile("sgd", "categorical_crossentropy")
        return network

    images, targets = (array[:8] for array in digits)
    strategy = tf.distribute.get_strategy()
    for _ in range(2):
        if trains == "fast_fit.fit":
            fit(build(), images, targets, batch_size=8, verbose=0)
        else:
            distributed.fit(strategy, build, images, targets, epochs=1, batch_size=8)
    assert warnings == []
    for _ in range(2):
        tf.function(lambda: tf.constant(1))()
    assert "retracing" in warnings[0]
