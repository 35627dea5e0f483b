"""Tests on all 70,000 digits, which are skipped without them."""

import gzip
import hashlib
import shutil

import numpy as np
import pytest

from tensorbook.data import DataError, fetch, find_mnist, fingerprint, identify, load_mnist

# The published MD5s of MNIST's four IDX files, unpacked.
PUBLISHED = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.fixture(scope="module")
def mnist(mnist_file):
    return load_mnist(mnist_file)


def test_what_is_recognised_as_mnist_has_the_published_md5s(mnist, idx_bytes):
    md5s = [hashlib.md5(idx_bytes(array), usedforsecurity=False).hexdigest() for array in (*mnist.train, *mnist.test)]
    assert md5s == list(PUBLISHED.values())


def test_shapes_dtypes_and_ranges_are_as_the_docstring_says(mnist):
    (train_images, train_labels), (test_images, test_labels) = mnist
    assert train_images.shape == (60000, 28, 28)
    assert train_labels.shape == (60000,)
    assert test_images.shape == (10000, 28, 28)
    assert test_labels.shape == (10000,)
    for array in (train_images, train_labels, test_images, test_labels):
        assert array.dtype == np.uint8
        assert array.flags.writeable
    assert (train_images.min(), train_images.max()) == (0, 255)
    assert sorted(set(train_labels.tolist())) == list(range(10))
    assert train_labels[:5].tolist() == [5, 0, 4, 1, 9]


def test_mnist_is_told_from_anything_else(mnist):
    assert identify(mnist) == "mnist"
    assert fingerprint(mnist) == "87a0286cb53f86c134d521cedb40d4e58d3e347ba1b741bbfe2cd94cd4ef544c"


def test_numpy_reads_the_same_arrays_from_the_same_file(mnist, mnist_file):
    with np.load(mnist_file, allow_pickle=False) as arrays:
        for array, key in zip((*mnist.train, *mnist.test), ("x_train", "y_train", "x_test", "y_test"), strict=True):
            np.testing.assert_array_equal(array, arrays[key], strict=True)


def test_a_copy_in_keras_cache_is_used_and_nothing_is_downloaded(mnist_file, cached):
    shutil.copyfile(mnist_file, cached)
    assert find_mnist().kind == "cache"
    assert fetch() == cached
    assert identify(load_mnist()) == "mnist"


@pytest.mark.parametrize("packed", [False, True])
def test_mnist_makes_the_round_through_idx(mnist, tmp_path, idx_bytes, packed):
    for name, array in zip(PUBLISHED, (*mnist.train, *mnist.test), strict=True):
        content = idx_bytes(array)
        path = tmp_path / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content, 1) if packed else content)
    assert identify(load_mnist(tmp_path)) == "mnist"


def test_one_bit_in_440_million_is_noticed(mnist, tmp_path):
    images = mnist.test.images.copy()
    images[-1, -1, -1] ^= 1
    np.savez(
        tmp_path / "mnist.npz",
        x_train=mnist.train.images,
        y_train=mnist.train.labels,
        x_test=images,
        y_test=mnist.test.labels,
    )
    with pytest.raises(DataError, match=r"x_test in .* does not contain the published digits"):
        load_mnist(tmp_path / "mnist.npz")
