"""Loading MNIST beside Keras's loader, and importing the library beside importing NumPy."""

import hashlib
import shutil

import numpy as np
import pytest

from tensorbook.book.measuring import seconds, weigh
from tensorbook.data import download, load_mnist


def keras_load(path, sha256):
    """Do what `keras.datasets.mnist.load_data` does, for a copy of the same arrays that has another SHA-256."""
    import keras

    found = keras.utils.get_file(path.name, origin=download.URL, file_hash=sha256, cache_dir=path.parents[1])
    with np.load(found, allow_pickle=True) as file:
        return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])


@pytest.mark.rows("load")
def test_loading_from_the_cache(rounds, mnist_path, tmp_path, monkeypatch):
    cached = tmp_path / "datasets" / "mnist.npz"
    cached.parent.mkdir()
    shutil.copyfile(mnist_path, cached)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("TENSORBOOK_MNIST", raising=False)
    sha256 = hashlib.sha256(cached.read_bytes()).hexdigest()
    (images, _), _ = keras_load(cached, sha256)
    assert np.array_equal(load_mnist().train.images, images)
    rounds(lambda: {"load": (seconds(load_mnist), seconds(keras_load, cached, sha256))})


@pytest.mark.parametrize(
    ("row", "module"),
    [
        pytest.param(row, module, marks=pytest.mark.rows(row))
        for row, module in (
            ("import", "tensorbook"),
            ("import-data", "tensorbook.data"),
            ("import-ops", "tensorbook.ops"),
        )
    ],
)
def test_importing(rounds, row, module):
    rounds(lambda: {row: tuple(fastest(name) for name in (module, "numpy"))})


def fastest(module):
    """Return the least seconds of three processes that import a module: starting one is at the mercy of all others."""
    return min(weigh("-c", f"import {module}")[0] for _ in range(3))
