import numpy as np
import pytest

from tensorbook.data import load_sample, one_hot, prepare_images


def test_images_become_rows_from_0_to_1():
    images = load_sample().test.images
    rows = prepare_images(images)
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, images.reshape(1000, 784).astype("float32") / 255)
    assert (rows.min(), rows.max()) == (0, 1)


def test_the_images_themselves_stay_as_they_were():
    images = np.full((2, 28, 28), 7, dtype=np.uint8)
    prepare_images(images)[:] = 0
    assert (images == 7).all()


def test_a_view_of_images_is_prepared_as_its_copy():
    images = load_sample().test.images[::-7, :, ::-1]
    np.testing.assert_array_equal(prepare_images(images), prepare_images(images.copy()))


def test_no_images_make_no_rows():
    assert prepare_images(np.empty((0, 28, 28), dtype=np.uint8)).shape == (0, 784)


@pytest.mark.parametrize(
    ("images", "came"),
    [
        (np.zeros((3, 784), np.float32), "float32 of shape (3, 784)"),
        (np.zeros((3, 784), np.uint8), "uint8 of shape (3, 784)"),
        (np.zeros((28, 28), np.uint8), "uint8 of shape (28, 28)"),
        (np.zeros((3, 28, 27), np.uint8), "uint8 of shape (3, 28, 27)"),
        (np.zeros((3, 29, 28), np.uint8), "uint8 of shape (3, 29, 28)"),
        (np.zeros((3, 28, 28, 1), np.uint8), "uint8 of shape (3, 28, 28, 1)"),
        (np.zeros((28,), np.uint8), "uint8 of shape (28,)"),
        (np.zeros((3, 28, 28)), "float64 of shape (3, 28, 28)"),
        (np.zeros((3, 28, 28), np.int8), "int8 of shape (3, 28, 28)"),
        (5, "int64 of shape ()"),
    ],
)
def test_other_images_are_refused_with_what_was_needed_and_what_came(images, came):
    with pytest.raises(ValueError, match="prepare_images needs") as error:
        prepare_images(images)
    assert str(error.value) == f"prepare_images needs uint8 images of shape (n, 28, 28), got {came}"


def test_one_hot_agrees_with_keras():
    to_categorical = pytest.importorskip("keras", reason="comes with TensorFlow").utils.to_categorical
    labels = load_sample().train.labels
    np.testing.assert_array_equal(one_hot(labels), to_categorical(labels))
    np.testing.assert_array_equal(one_hot(labels, 12), to_categorical(labels, 12))


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "uint64", ">i4"])
def test_any_kind_of_integer_is_a_label(dtype):
    expected = np.eye(10, dtype=np.float32)[[9, 0, 9]]
    np.testing.assert_array_equal(one_hot(np.array([9, 0, 9], dtype)), expected, strict=True)


def test_one_class_is_enough():
    np.testing.assert_array_equal(one_hot([0, 0], 1), [[1], [1]])


def test_no_labels_make_no_rows():
    assert one_hot(np.array([], dtype=np.uint8)).shape == (0, 10)


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        ([0, 10], 10, "one_hot needs labels from 0 to 9, got 10 at index 1"),
        ([3, 2, -1], 10, "one_hot needs labels from 0 to 9, got -1 at index 2"),
        ([2], 2, "one_hot needs labels from 0 to 1, got 2 at index 0"),
        ([0, 4, -5], 3, "one_hot needs labels from 0 to 2, got 4 at index 1"),
        ([1.0], 10, "one_hot needs integer labels of shape (n,), got float64 of shape (1,)"),
        ([True], 10, "one_hot needs integer labels of shape (n,), got bool of shape (1,)"),
        (["5"], 10, "one_hot needs integer labels of shape (n,), got <U1 of shape (1,)"),
        ([[1], [2]], 10, "one_hot needs integer labels of shape (n,), got int64 of shape (2, 1)"),
        (3, 10, "one_hot needs integer labels of shape (n,), got int64 of shape ()"),
        ([0], 0, "one_hot needs at least 1 class, got 0"),
    ],
)
def test_other_labels_are_refused_by_name(labels, classes, message):
    with pytest.raises(ValueError, match="one_hot needs") as error:
        one_hot(labels, classes)
    assert str(error.value) == message
