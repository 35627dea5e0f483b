"""Loading MNIST compared with Keras's loader, and importing the library compared with importing NumPy."""

import hashlib
import shutil

import numpy as np
import pytest

from benchmarks.measuring import seconds, weigh
from tensorbook.data import find_mnist, load_mnist


@pytest.fixture
def keras_load(mnist_path, monkeypatch, tmp_path):
    """Keras's own loader, with this copy of MNIST in its cache.

    The arrays are the published ones, but the archive may differ from Keras's, so its SHA-256 is passed.
    """
    import keras

    cached = tmp_path / "datasets" / "mnist.npz"
    cached.parent.mkdir()
    shutil.copyfile(mnist_path, cached)
    sha256 = hashlib.sha256(cached.read_bytes()).hexdigest()

    def get_file(**options):
        return keras.utils.get_file(**{**options, "file_hash": sha256, "cache_dir": tmp_path})

    monkeypatch.setattr(keras.datasets.mnist.load_data.__module__ + ".get_file", get_file)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("TENSORBOOK_MNIST", raising=False)
    return keras.datasets.mnist.load_data


def test_loading_from_the_cache(rounds, keras_load):
    (images, _), (_, labels) = keras_load()
    assert find_mnist().kind == "cache"
    assert np.array_equal(load_mnist().train.images, images)
    assert np.array_equal(load_mnist().test.labels, labels)
    rounds(lambda: {"load": (seconds(load_mnist), seconds(keras_load))})


@pytest.mark.parametrize(
    ("row", "module"),
    [("import", "tensorbook"), ("import-data", "tensorbook.data"), ("import-ops", "tensorbook.ops")],
)
def test_importing(rounds, row, module):
    rounds(lambda: {row: tuple(fastest(name) for name in (module, "numpy"))})


def fastest(module):
    """Return the fastest time of three processes that import a module, since other processes slow the start."""
    return min(weigh("-c", f"import {module}")[0] for _ in range(3))
