import numpy as np
import pytest

from tensorbook.data import DataError, Mnist, Split, checksums, fingerprint, identify, load_sample


def changed(data: Mnist, place: int = -1) -> Mnist:
    images = data.test.images.copy()
    images[place, -1, -1] ^= 1
    return data._replace(test=Split(images, data.test.labels))


def test_a_flipped_bit_changes_the_fingerprint_and_makes_the_digits_other():
    data = load_sample()
    assert len(fingerprint(data)) == 64
    assert fingerprint(changed(data)) != fingerprint(data)
    assert {identify(changed(data, place)) for place in range(10)} == {"other"}


def test_the_fingerprint_tells_shapes_and_dtypes_apart():
    (images, labels), test = load_sample()
    others = [Split(images.reshape(4000, 784), labels), Split(images, labels.view(np.int8))]
    prints = {fingerprint(Mnist(train, test)) for train in (Split(images, labels), *others)}
    assert len(prints) == 3


def test_the_fingerprint_is_of_the_values_and_not_of_their_layout():
    (images, labels), test = load_sample()
    assert fingerprint(Mnist(Split(np.asfortranarray(images), labels), test)) == fingerprint(load_sample())


def test_the_fingerprint_can_be_had_without_this_package():
    import hashlib

    data = load_sample()
    keys = ("x_train", "y_train", "x_test", "y_test")
    lines = [
        f"{key} {array.dtype} {array.shape} {hashlib.sha256(array.tobytes()).hexdigest()}\n"
        for key, array in zip(keys, (*data.train, *data.test), strict=True)
    ]
    assert fingerprint(data) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_verify_names_the_array_that_is_not_the_published_one():
    data = changed(load_sample())
    with pytest.raises(DataError, match=r"x_test in here .*its SHA-256 is \w{12}… instead of 886f30da64c7…"):
        checksums.verify((*data.train, *data.test), checksums.SAMPLE, "here")


def test_verify_needs_all_four_arrays():
    with pytest.raises(ValueError, match="longer"):
        checksums.verify([load_sample().train.images], checksums.SAMPLE, "here")


def test_the_shapes_are_those_in_the_headers_of_mnist_s_own_files():
    headers = "00000803 0000ea60 0000001c 0000001c", "00000801 0000ea60"
    headers += "00000803 00002710 0000001c 0000001c", "00000801 00002710"
    numbers = [np.frombuffer(bytes.fromhex(header), ">u4").tolist() for header in headers]
    assert [list(published.shape) for published in checksums.MNIST] == [sizes for _, *sizes in numbers]


def test_the_parts_have_names_and_unpack():
    data = load_sample()
    (train_images, train_labels), (test_images, test_labels) = data
    assert train_images is data.train.images
    assert train_labels is data.train.labels
    assert test_images is data.test.images
    assert test_labels is data.test.labels
