"""The handwriting network in NumPy compared with Keras, 8-bit weights, and damaged files."""

import numpy as np
import pytest
from safetensors.numpy import load, save

from tensorbook.data import DataError, load_sample
from tensorbook.handwriting_network import (
    KERNELS,
    PLACES,
    HandwritingNetwork,
    convolve,
    dump_handwriting_network,
    pool,
    read_handwriting_network,
    round_to_bytes,
)
from tensorbook.handwriting_network import trained_handwriting_network as trained
from tensorbook.models import build_convnet


@pytest.fixture(scope="module")
def handwriting_network():
    return trained()


def test_numpy_gives_what_keras_gives(handwriting_network):
    images = load_sample().test.images[::3]
    network = build_convnet()
    network.set_weights([array for layer in handwriting_network.layers.values() for array in layer])
    in_keras = network.predict(images[..., np.newaxis].astype("float32") / 255, verbose=0)
    in_numpy = handwriting_network.predict(images)
    assert np.abs(in_keras - in_numpy).max() < 1e-4
    assert np.array_equal(in_keras.argmax(axis=1), in_numpy.argmax(axis=1))


def test_a_convolution_is_a_dot_product_at_every_place():
    random = np.random.default_rng(0)
    images = random.normal(size=(2, 6, 5, 3)).astype(np.float32)
    kernel, bias = random.normal(size=(3, 2, 3, 4)).astype(np.float32), np.arange(4, dtype=np.float32)
    maps = convolve(images, kernel, bias)
    assert maps.shape == (2, 4, 4, 4)
    for n, row, column, channel in np.ndindex(maps.shape):
        window = images[n, row : row + 3, column : column + 2]
        assert maps[n, row, column, channel] == pytest.approx((window * kernel[..., channel]).sum() + channel, abs=1e-4)


def test_pooling_keeps_the_largest_and_leaves_out_an_odd_edge():
    maps = np.random.default_rng(0).normal(size=(2, 5, 7, 3))
    pooled = pool(maps)
    assert pooled.shape == (2, 2, 3, 3)
    for n, row, column, channel in np.ndindex(pooled.shape):
        assert (
            pooled[n, row, column, channel]
            == maps[n, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2, channel].max()
        )


def test_weights_in_bytes_are_off_by_half_a_step_at_most():
    kernel = np.random.default_rng(0).normal(size=(3, 3, 8, 16)).astype(np.float32)
    kernel[..., 5] = 0
    whole, scale = round_to_bytes(kernel)
    assert whole.dtype == np.int8
    assert (np.abs(whole).max(axis=(0, 1, 2)) == np.where(np.arange(16) == 5, 0, 127)).all()
    assert (np.abs(whole * scale - kernel) <= scale / 2 * 1.001).all()


def test_a_stored_network_is_read_as_it_was_stored(handwriting_network, tmp_path):
    path = tmp_path / "handwriting-network.safetensors"
    path.write_bytes(dump_handwriting_network(handwriting_network.layers))
    again = read_handwriting_network(path)
    for name in KERNELS:
        for one, other in zip(again.layers[name], handwriting_network.layers[name], strict=True):
            assert np.allclose(one, other, rtol=1e-6, atol=0)


def test_no_images_have_no_answers(handwriting_network):
    assert handwriting_network.predict(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"first/scale": None}, "must contain first/kernel int8 (3, 3, 1, 32), "),
        ({"output/kernel": np.zeros((128, 10), np.float16)}, "output/kernel float16 (128, 10)"),
        ({"output/bias": np.full(10, np.nan, np.float32)}, "output/bias in"),
    ],
)
def test_a_file_of_another_kind_is_not_taken_for_a_handwriting_network(tmp_path, changed, message):
    arrays = {**load(PLACES[1].read_bytes()), **changed}
    path = tmp_path / "handwriting-network.safetensors"
    path.write_bytes(save({name: array for name, array in arrays.items() if array is not None}))
    with pytest.raises(DataError) as error:
        read_handwriting_network(path)
    assert message in str(error.value)
    assert "run `python -m tensorbook.book handwriting` to recreate it" in str(error.value)


def test_an_installation_without_the_handwriting_network_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr("tensorbook.handwriting_network.PLACES", (tmp_path / "a", tmp_path / "b"))
    with pytest.raises(DataError, match="reinstall tensorbook"):
        trained()


def test_images_of_another_kind_are_refused(handwriting_network):
    assert isinstance(handwriting_network, HandwritingNetwork)
    with pytest.raises(ValueError, match="uint8 images"):
        handwriting_network.predict(np.zeros((1, 784), np.float32))
