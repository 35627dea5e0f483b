"""`tensorbook train` and the NumPy network compared with Keras's `fit`, and how their costs grow."""

import contextlib
import statistics
import time

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.config import disable_op_determinism  # TensorFlow's own tests have it, too

from benchmarks.measuring import seconds, weigh
from tensorbook.book.results.benchmarks import GROWTH, UNITS_IMAGES
from tensorbook.book.results.seed_variance import Seeds
from tensorbook.data import one_hot, prepare_images
from tensorbook.fast_fit import fit
from tensorbook.models import build_network
from tensorbook.training_settings import BATCH_SIZE, EPOCHS
from tensorbook.weights import network_from_weights

QUICK = 1_000  # images


@pytest.fixture(scope="module")
def digits(full_mnist):
    return prepare_images(full_mnist.train.images), one_hot(full_mnist.train.labels)


@pytest.fixture
def some(digits, quick):
    return tuple(array[:QUICK] for array in digits) if quick else digits


def trained(learn, images, targets, epochs):
    """Return the seconds that a training run takes, and its network."""
    keras.utils.set_random_seed(0)
    network = build_network()
    return seconds(learn, network, images, targets, epochs=epochs, batch_size=BATCH_SIZE, verbose=0), network


@contextlib.contextmanager
def one_order():
    """Make TensorFlow deterministic, which `tensorbook train` does and scripts usually don't."""
    tf.config.experimental.enable_op_determinism()
    yield
    disable_op_determinism()


def keras_fit(network, *arguments, **options):
    network.fit(*arguments, **options)


@pytest.fixture(scope="module", autouse=True)
def warm(digits):
    """Warm up both before timing anything, since the first call in a process loads what later calls need."""
    for learn in (fit, keras_fit):
        trained(learn, *(array[:QUICK] for array in digits), 1)


def multiply(images, epochs):
    """Compute only the matrix products of a training run."""
    batch, steps = tf.constant(images[:BATCH_SIZE]), epochs * -(-len(images) // BATCH_SIZE)
    hidden, output = tf.random.normal((784, 512)), tf.random.normal((512, 10))
    slopes, hidden_slopes = tf.random.normal((BATCH_SIZE, 10)), tf.random.normal((BATCH_SIZE, 512))

    @tf.function
    def products():
        total = tf.constant(0.0)
        for step in tf.range(steps):
            nothing = 0.0 * tf.cast(step, tf.float32)  # so that each step has to be computed again
            x, s, h = batch + nothing, slopes + nothing, hidden_slopes + nothing
            for one in (
                x @ hidden,
                h @ output,
                tf.matmul(h, s, transpose_a=True),
                tf.matmul(s, output, transpose_b=True),
                tf.matmul(x, h, transpose_a=True),
            ):
                total += one[0, 0]
        return total

    return lambda: products().numpy()


def test_training(rounds, some, quick, full_mnist):
    epochs = 1 if quick else EPOCHS
    products = multiply(some[0], epochs)
    products()
    accuracies = []
    test = prepare_images(full_mnist.test.images), one_hot(full_mnist.test.labels)

    def one_round():
        with one_order():
            ours, network = trained(fit, *some, epochs)
        theirs, keras_s = trained(keras_fit, *some, epochs)
        accuracies.append([one.evaluate(*test, verbose=0)[1] for one in (network, keras_s)])
        return {"train": (ours, theirs), "floor": (seconds(products), ours)}

    rounds(one_round)
    if not quick:
        ours, theirs = np.array(accuracies).T
        np.testing.assert_allclose(ours, theirs, atol=Seeds.load().tolerance("test accuracy"))


def test_an_epoch_in_numpy(rounds, some):
    keras_s = build_network()
    engine = network_from_weights(keras_s.get_weights())
    keras_s.fit(*(array[:QUICK] for array in some), batch_size=BATCH_SIZE, verbose=0)

    def one_round():
        ours = seconds(engine.fit, *some, 1, BATCH_SIZE)
        return {"scratch": (ours, seconds(keras_s.fit, *some, BATCH_SIZE, 1, verbose=0))}

    rounds(one_round)


def epoch(learn, images, targets, units):
    """Return the seconds of an epoch with some number of hidden units, excluding the creation of graphs."""
    network = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(units, "relu"), keras.layers.Dense(10, "softmax")]
    )
    network.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    times = []

    class Clock(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):  # noqa: ARG002  # Keras's signature
            times.append(time.perf_counter())

        def on_epoch_end(self, epoch, logs=None):  # noqa: ARG002  # called as Keras calls it
            times.append(time.perf_counter())

    learn(network, images, targets, epochs=2, batch_size=BATCH_SIZE, verbose=0, callbacks=[Clock()])
    return times[3] - times[2]


def median_growth(at, rounds):
    """Return the values, and for each the medians of both sides over the rounds."""
    medians = [
        [statistics.median(pair[side] for pair in pairs) for pairs in zip(*rounds, strict=True)] for side in (0, 1)
    ]
    return [list(at), *medians]


@pytest.mark.parametrize("name", GROWTH)
def test_growth(benchmark, request, digits, quick, name):
    at = GROWTH[name][:2] if quick else GROWTH[name]
    found = []

    def one_round():
        pairs = []
        for value in at:
            images, units = (value, 512) if name == "images" else (QUICK if quick else UNITS_IMAGES, value)
            some = [array[:images] for array in digits]
            pairs.append(tuple(epoch(learn, *some, units) for learn in (fit, keras_fit)))
        found.append(pairs)
        print(
            f"growth-{name}: round {len(found)}: {[tuple(round(one, 3) for one in pair) for pair in pairs]}", flush=True
        )

    benchmark.pedantic(one_round, rounds=request.config.getoption("--rounds"), iterations=1)
    benchmark.extra_info[f"growth-{name}"] = median_growth(at, found)


KERAS_SCRIPT = """
import sys
import keras, numpy as np
with np.load(sys.argv[1]) as file:
    x_train, y_train, x_test, y_test = (file[key] for key in ("x_train", "y_train", "x_test", "y_test"))
x_train, x_test = (x.reshape(-1, 784).astype("float32") / 255 for x in (x_train, x_test))
y_train, y_test = (keras.utils.to_categorical(y) for y in (y_train, y_test))
network = keras.Sequential(
    [keras.Input((784,)), keras.layers.Dense(512, "relu"), keras.layers.Dense(10, "softmax")]
)
network.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
network.fit(x_train, y_train, epochs=int(sys.argv[2]), batch_size=128, verbose=0)
network.evaluate(x_test, y_test, verbose=0)
"""
TRAIN = "from tensorbook.cli.run_command import main; main()"


def test_memory_of_training(rounds, mnist_path, tmp_path, quick):
    epochs = 1 if quick else EPOCHS

    def one_round():
        data = "sample" if quick else str(mnist_path)
        train = ("train", f"--epochs={epochs}", f"--out={tmp_path / 'results'}")
        _, ours = weigh("-c", TRAIN, *train, TENSORBOOK_MNIST=data)
        _, theirs = weigh("-c", KERAS_SCRIPT, mnist_path, epochs)
        return {"memory-train": (ours, theirs)}

    rounds(one_round)
