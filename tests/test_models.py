"""The book's networks match the chapters' descriptions, layer by layer."""

import keras
import numpy as np
import pytest

from tensorbook.models import build_convnet, build_network
from tensorbook.scratch import RMSprop
from tensorbook.training_settings import HIDDEN_UNITS

SHOWN = ("filters", "kernel_size", "pool_size", "rate", "units", "activation")


def layers(network):
    """Return each layer's kind and settings."""
    configs = [(type(layer).__name__, layer.get_config()) for layer in network.layers]
    return [(kind, *(config[name] for name in SHOWN if name in config)) for kind, config in configs]


def test_chapter_2_has_two_dense_layers():
    network = build_network()
    assert layers(network) == [("Dense", HIDDEN_UNITS, "relu"), ("Dense", 10, "softmax")]
    assert network.input_shape == (None, 784)
    assert isinstance(network.optimizer, keras.optimizers.RMSprop)
    assert float(network.optimizer.learning_rate) == pytest.approx(RMSprop.learning_rate)


def test_chapter_8_has_two_convolutions_before_its_dense_layers():
    network = build_convnet()
    assert layers(network) == [
        ("Conv2D", 32, (3, 3), "relu"),
        ("MaxPooling2D", (2, 2)),
        ("Conv2D", 64, (3, 3), "relu"),
        ("MaxPooling2D", (2, 2)),
        ("Flatten",),
        ("Dropout", 0.25),
        ("Dense", 128, "relu"),
        ("Dropout", 0.5),
        ("Dense", 10, "softmax"),
    ]
    assert network.input_shape == (None, 28, 28, 1)
    assert isinstance(network.optimizer, keras.optimizers.Adam)


@pytest.mark.parametrize(("given", "steps"), [({}, 3752), ({"steps": 100}, 100)], ids=["as given", "100 steps"])
def test_the_learning_rate_of_chapter_8_falls_along_half_a_cosine(given, steps):
    rate = build_convnet(**given).optimizer.get_config()["learning_rate"]
    schedule = keras.optimizers.schedules.deserialize(rate)
    at = np.array([0, steps // 4, steps // 2, steps, steps + 1])
    falls = [float(schedule(step)) for step in at]
    assert falls == pytest.approx(0.001 * (1 + np.cos(np.pi * np.minimum(at / steps, 1))), abs=1e-9)


@pytest.mark.parametrize("build", [build_network, build_convnet])
def test_each_is_compiled_for_one_hot_labels_and_accuracy(build):
    network = build()
    images, targets = np.zeros((2, *network.input_shape[1:]), "float32"), np.eye(10, dtype="float32")[:2]
    assert network.loss.name == "categorical_crossentropy"
    assert network.evaluate(images, targets, verbose=0, return_dict=True).keys() == {"loss", "accuracy"}
    np.testing.assert_allclose(network.predict(images, verbose=0).sum(axis=1), 1, rtol=1e-5)
