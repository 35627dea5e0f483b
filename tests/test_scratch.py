"""The NumPy engine compared with finite differences, with TensorFlow's tape, and with Keras itself."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorbook.data import load_sample, one_hot, prepare_images
from tensorbook.models import build_network
from tensorbook.scratch import Dense, Network, Relu, RMSprop, cross_entropy, softmax


@pytest.fixture(scope="module")
def sample():
    train = load_sample().train
    return prepare_images(train.images), one_hot(train.labels)


def with_weights(weights):
    """Return the engine with a copy of a Keras network's weights."""
    network = two_layers()
    network.layers[0].weights = [weight.copy() for weight in weights[:2]]
    network.layers[2].weights = [weight.copy() for weight in weights[2:]]
    return network


def two_layers(inputs=784, hidden=512, classes=10, seed=0):
    random = np.random.default_rng(seed)
    return Network([Dense(inputs, hidden, random), Relu(), Dense(hidden, classes, random)])


def test_a_layer_draws_its_weights_from_the_range_that_keras_draws_them_from():
    kernel, bias = Dense(784, 512, np.random.default_rng(0)).weights
    theirs = keras.initializers.GlorotUniform(seed=0)((784, 512)).numpy()
    assert (kernel.shape, kernel.dtype) == (theirs.shape, theirs.dtype)
    assert [kernel.min(), kernel.max()] == pytest.approx([theirs.min(), theirs.max()], rel=1e-3)
    assert kernel.std() == pytest.approx(theirs.std(), rel=0.01)
    np.testing.assert_array_equal(bias, np.zeros(512, "float32"), strict=True)


def test_every_slope_equals_what_nudging_its_weight_does_to_the_loss():
    random = np.random.default_rng(1)
    network = two_layers(inputs=6, hidden=5, classes=3)
    for layer in network.layers:
        layer.weights = [random.normal(size=weight.shape) for weight in layer.weights]  # float64
    images, targets = random.normal(size=(7, 6)), np.eye(3)[random.integers(3, size=7)]
    _, slopes = network.gradient(images, targets)
    weights = [weight for layer in network.layers for weight in layer.weights]
    assert [slope.shape for slope in slopes] == [(6, 5), (5,), (5, 3), (3,)]
    for weight, slope in zip(weights, slopes, strict=True):
        nudged = np.empty_like(weight)
        for place in np.ndindex(weight.shape):
            there = weight[place]
            losses = []
            for nudge in (1e-6, -1e-6):
                weight[place] = there + nudge
                losses.append(cross_entropy(network.predict(images), targets))
            weight[place] = there
            nudged[place] = (losses[0] - losses[1]) / 2e-6
        np.testing.assert_allclose(slope, nudged, rtol=1e-6, atol=1e-8)


def test_a_layer_hands_the_slopes_along_its_inputs_back_unless_it_is_the_first():
    layer = Dense(3, 2, np.random.default_rng(0))
    layer.forward(np.ones((1, 3), "float32"))
    slopes = np.array([[1.0, -2.0]], "float32")
    np.testing.assert_allclose(layer.backward(slopes), slopes @ layer.weights[0].T)


def test_loss_and_gradient_equal_the_tapes(sample):
    keras.utils.set_random_seed(2)
    theirs = build_network()
    images, targets = sample[0][:128], sample[1][:128]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.categorical_crossentropy(targets, theirs(images)))
    gradient = tape.gradient(loss, theirs.trainable_variables)
    our_loss, ours = with_weights(theirs.get_weights()).gradient(images, targets)
    assert our_loss == pytest.approx(float(loss), rel=1e-5)
    for slope, expected in zip(ours, gradient, strict=True):
        # Relative to the largest, since a slope whose terms almost cancel has few exact digits.
        assert np.abs(slope - expected).max() <= 1e-5 * np.abs(expected).max()


def test_from_the_same_start_on_the_same_batches_a_hundred_steps_end_where_keras_ends(sample):
    keras.utils.set_random_seed(3)
    theirs = build_network()
    ours = with_weights(theirs.get_weights())
    random = np.random.default_rng(3)
    for _ in range(100):
        chosen = random.choice(len(sample[0]), 128, replace=False)
        images, targets = sample[0][chosen], sample[1][chosen]
        their_loss = theirs.train_on_batch(images, targets)
        our_loss = ours.step(images, targets)
    weights = [weight for layer in ours.layers for weight in layer.weights]
    for weight, expected in zip(weights, theirs.get_weights(), strict=True):
        np.testing.assert_allclose(weight, expected, rtol=0, atol=1e-4)
    assert np.isfinite(our_loss)
    assert np.isfinite(their_loss).all()


def test_rmsprop_takes_the_steps_of_keras_on_any_slopes():
    random = np.random.default_rng(4)
    start = random.normal(size=(4, 3)).astype("float32")
    theirs, ours = tf.Variable(start), start.copy()
    their_optimizer, our_optimizer = keras.optimizers.RMSprop(), RMSprop()
    for scale in (1, 1e-3, 1e-6, 0, 10):
        slopes = (scale * random.normal(size=(4, 3))).astype("float32")
        their_optimizer.apply([tf.constant(slopes)], [theirs])
        our_optimizer.update([ours], [slopes])
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-6, atol=1e-7)


def test_rmsprop_needs_a_slope_for_every_weight():
    with pytest.raises(ValueError, match="shorter"):
        RMSprop().update([np.zeros(2), np.zeros(3)], [np.zeros(2)])


def test_softmax_stays_finite_on_scores_that_exp_cannot_take():
    np.testing.assert_array_equal(softmax(np.array([[1000.0, 0.0], [0.0, 0.0]])), [[1, 0], [0.5, 0.5]])


def test_cross_entropy_is_keras_s():
    probabilities = softmax(np.random.default_rng(5).normal(size=(8, 10))).astype("float32")
    targets = one_hot(np.arange(8))
    expected = float(keras.ops.mean(keras.losses.categorical_crossentropy(targets, probabilities)))
    assert cross_entropy(probabilities, targets) == pytest.approx(expected, rel=1e-6)


def test_cross_entropy_stays_finite_where_the_right_class_got_nothing():
    assert cross_entropy(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])) == pytest.approx(30 * np.log(10))


def test_the_gradient_leaves_images_targets_and_weights_as_they_were(sample):
    network = two_layers()
    images, targets = sample[0][:10].copy(), sample[1][:10].copy()
    before = [weight.copy() for layer in network.layers for weight in layer.weights]
    network.gradient(images, targets)
    np.testing.assert_array_equal(images, sample[0][:10])
    np.testing.assert_array_equal(targets, sample[1][:10])
    for weight, kept in zip((w for layer in network.layers for w in layer.weights), before, strict=True):
        np.testing.assert_array_equal(weight, kept)


def test_fit_goes_through_every_image_once_an_epoch_and_reports_each_batch():
    seen, reports = [], []
    network = two_layers(inputs=1, hidden=2, classes=2)
    step = network.step
    network.step = lambda images, targets: seen.append(images[:, 0]) or step(images, targets)
    history = network.fit(
        np.arange(10, dtype="float32")[:, np.newaxis],
        one_hot(np.arange(10) % 2, 2),
        epochs=2,
        batch_size=4,
        progress=lambda epoch, batches, loss: reports.append((epoch, batches, loss)),
    )
    assert [len(batch) for batch in seen] == [4, 4, 2] * 2
    epochs = [np.concatenate(seen[:3]), np.concatenate(seen[3:])]
    assert [sorted(epoch) for epoch in epochs] == [list(range(10))] * 2
    assert not np.array_equal(*epochs)
    assert [report[:2] for report in reports] == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)]
    assert history == pytest.approx(np.reshape([loss for *_, loss in reports], (2, 3)).mean(axis=1))


def test_the_same_seed_learns_the_same_and_another_something_else(sample):
    def learned(**seed):
        network = two_layers()
        network.fit(sample[0][:512], sample[1][:512], epochs=1, **seed)
        return network.layers[2].weights[0]

    np.testing.assert_array_equal(learned(seed=0), learned(seed=0))
    np.testing.assert_array_equal(learned(), learned(seed=0))
    assert not np.array_equal(learned(), learned(seed=1))


def test_unless_told_otherwise_it_learns_for_5_epochs_in_batches_of_128(sample):
    network, seen = two_layers(hidden=8), []
    network.step = lambda images, _: seen.append(len(images)) or 1.0
    assert network.fit(sample[0][:300], sample[1][:300]) == [1.0] * 5
    assert seen == [128, 128, 44] * 5


@pytest.mark.parametrize(
    ("images", "targets"),
    [
        ((10, 784), (10,)),
        ((10, 784), (10, 10, 1)),
        ((10, 28, 28), (10, 10)),
        ((10,), (10, 10)),
        ((10, 784), (9, 10)),
        ((9, 784), (10, 10)),
    ],
)
def test_what_is_no_one_hot_row_for_each_image_is_refused(images, targets):
    needed = f"fit needs a one-hot row for each image, got shapes {targets} and {images}"
    with pytest.raises(ValueError, match=f"^{re.escape(needed)}$"):
        two_layers().fit(np.zeros(images, "float32"), np.zeros(targets, "float32"))


@pytest.mark.parametrize("name", ["epochs", "batch_size"])
@pytest.mark.parametrize("value", [0, -1])
def test_fewer_than_one_epoch_or_image_is_refused(sample, name, value):
    with pytest.raises(ValueError, match=f"^{name} must be at least 1, got {value}$"):
        two_layers(hidden=8).fit(sample[0][:10], sample[1][:10], **{name: value})


@pytest.mark.nightly  # chapter 7 does the same on its page, and is tested with each change
def test_trained_on_full_mnist_it_reads_978_of_1000_test_digits(full_mnist):
    network = two_layers()
    history = network.fit(prepare_images(full_mnist.train.images), one_hot(full_mnist.train.labels))
    predicted = network.predict(prepare_images(full_mnist.test.images)).argmax(axis=1)
    assert (predicted == full_mnist.test.labels).mean() >= 0.978
    assert history == sorted(history, reverse=True)
