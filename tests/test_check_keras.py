"""A user's settings for other programs: the library ignores them, or reports them in one line."""

import json
import os
import sys

import pytest

from tensorbook import check_keras


@pytest.fixture
def keras_json(tmp_path, monkeypatch):
    """Write a settings file for Keras, and unset all variables."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for name in ("KERAS_BACKEND", *check_keras.CUTS):
        monkeypatch.delenv(name, raising=False)
    return lambda **values: (tmp_path / "keras.json").write_text(json.dumps(values))


WITH_ALL_SET_OTHERWISE = """
import keras
assert (keras.config.floatx(), keras.config.image_data_format()) == ("float64", "channels_first")
import numpy as np
from tensorbook.models import build_convnet, build_network
from tensorbook.fast_fit import fit
images, targets = np.zeros((9, 784), "float32"), np.eye(10, dtype="float32")[:9]
fit(build_network(), images, targets, batch_size=4, verbose=0)
for network, shape in ((build_network(), (9, 784)), (build_convnet(), (9, 28, 28, 1))):
    network.optimizer.build(network.trainable_variables)
    network.compute_loss(images.reshape(shape), targets, network(images.reshape(shape)))
    variables = [*network.variables, *network.metrics[1].variables, *network.optimizer.variables]
    # The learning rate alone is of the reader's type: it is turned into that of each weight.
    kinds = {one.dtype for one in variables if "float" in one.dtype and one.name != "learning_rate"}
    print(network.count_params(), network(images.reshape(shape)).dtype.name, kinds)
reader_s = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, "softmax")])
reader_s.compile("sgd", "categorical_crossentropy")
print(fit(reader_s, images, targets, batch_size=4, verbose=0).history["loss"][0] > 0)
"""


@pytest.mark.nightly  # imports TensorFlow in another process
def test_types_and_axes_of_keras_s_settings_change_none_of_our_networks(processes, keras_json):
    """A user's own network, with the user's dtype, can be trained, too."""
    keras_json(floatx="float64", image_data_format="channels_first", backend="tensorflow", epsilon=1e-7)
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    printed = processes.run([sys.executable, "-c", WITH_ALL_SET_OTHERWISE], check=True, env=quiet)
    *ours, reader_s = printed.stdout.splitlines()
    assert ours == ["407050 float32 {'float32'}", "225034 float32 {'float32'}"]
    assert reader_s == "True"


REFUSED = {
    "backend": ({"backend": "torch"}, {}, r"{path} sets the backend to 'torch': set KERAS_BACKEND=tensorflow"),
    "variable": ({}, {"KERAS_BACKEND": "jax"}, r"the variable KERAS_BACKEND sets the backend to 'jax'"),
    "floatx": (
        {"floatx": "int8"},
        {},
        r"{path} sets floatx to 'int8', which Keras does not accept: use one of float32",
    ),
    "epochs": ({}, {"KERAS_MAX_EPOCHS": "1"}, r"KERAS_MAX_EPOCHS is set to 1, which would cut training short"),
}


@pytest.mark.parametrize(("config", "variables", "message"), REFUSED.values(), ids=REFUSED)
def test_settings_of_keras_that_can_t_be_passed_over_are_named_before_it_is_imported(
    command, keras_json, monkeypatch, tmp_path, config, variables, message
):
    keras_json(**config)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    status, out, err = command("train", "--out", tmp_path / "out")
    assert (status, out) == (2, "")
    [line] = err.splitlines()
    assert message.format(path=tmp_path / "keras.json") in line
    assert not (tmp_path / "out").exists()
    assert command("predict", "--help")[0] == 0, "only what trains needs Keras"


@pytest.mark.parametrize("text", [None, "", "no JSON", "[]", '{"floatx": "float32"}'])
def test_other_files_of_settings_are_passed_over_as_keras_does(keras_json, tmp_path, text):
    keras_json()
    (tmp_path / "keras.json").unlink()
    if text is not None:
        (tmp_path / "keras.json").write_text(text)
    check_keras.check_keras()


def test_a_variable_that_names_tensorflow_comes_before_the_file(keras_json, monkeypatch):
    keras_json(backend="torch")
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    check_keras.check_keras()
