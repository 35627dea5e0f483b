"""Training on data that is not a set of digits: one line says what was needed and what came, and nothing is written."""

import re

import numpy as np
import pytest

from tensorbook.data import Mnist, Split
from tensorbook.training import train_and_evaluate

IMAGES, LABELS = np.zeros((4, 28, 28), np.uint8), np.arange(4, dtype=np.uint8)
NAN = np.full((4, 28, 28), np.nan, np.float32)
BAD = {
    "images that are NaN": (NAN, LABELS, "needs uint8 images of shape (n, 28, 28), got float32 of shape (4, 28, 28)"),
    "images in rows": (IMAGES.reshape(4, 784), LABELS, "got uint8 of shape (4, 784)"),
    "images of another size": (IMAGES[:, 1:], LABELS, "got uint8 of shape (4, 27, 28)"),
    "no images": (IMAGES[:0], LABELS[:0], "needs at least one image and a label for each, got 0 images and 0 labels"),
    "too few labels": (IMAGES, LABELS[:3], "got 4 images and 3 labels"),
    "labels that are NaN": (IMAGES, np.full(4, np.nan), "one_hot needs integer labels of shape (n,), got float64"),
    "labels in rows": (IMAGES, LABELS.reshape(4, 1), "got uint8 of shape (4, 1)"),
    "a label past 9": (IMAGES, np.array([0, 1, 10, 2]), "one_hot needs labels from 0 to 9, got 10 at index 2"),
    "a label below 0": (IMAGES, np.array([0, -1, 1, 2]), "one_hot needs labels from 0 to 9, got -1 at index 1"),
}


@pytest.mark.parametrize("place", ["training", "test"])
@pytest.mark.parametrize(("images", "labels", "message"), BAD.values(), ids=BAD)
def test_bad_images_and_labels_are_refused_before_the_training(images, labels, message, place):
    good, bad = Split(IMAGES, LABELS), Split(images, labels)
    data = Mnist(bad, good) if place == "training" else Mnist(good, bad)
    batches = []
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        train_and_evaluate(data, epochs=1, progress=lambda *done: batches.append(done))
    assert "\n" not in str(error.value)
    assert batches == []


FILES = {
    "images that are NaN": ({"x_train": NAN}, "x_train in"),
    "empty arrays": ({"x_train": IMAGES[:0], "y_train": LABELS[:0]}, "got uint8 of shape (0, 28, 28)"),
    "images in rows": ({"x_train": np.zeros((60_000, 784), np.uint8)}, "got uint8 of shape (60000, 784)"),
    "labels in rows": (
        {"x_train": np.zeros((60_000, 28, 28), np.uint8), "y_train": np.zeros((60_000, 1), np.uint8)},
        "y_train in",
    ),
}


@pytest.mark.parametrize(("arrays", "message"), FILES.values(), ids=FILES)
def test_train_refuses_such_a_file_in_one_line_with_status_2_and_writes_nothing(
    command, monkeypatch, tmp_path, arrays, message
):
    np.savez_compressed(
        tmp_path / "bad.npz", **({"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES, "y_test": LABELS} | arrays)
    )
    monkeypatch.setenv("TENSORBOOK_MNIST", str(tmp_path / "bad.npz"))
    status, _, errors = command("train", "--out", tmp_path / "out")
    assert status == 2
    [line] = errors.splitlines()
    assert line.startswith("tensorbook: MNIST is needed, but ")
    assert message in line
    assert not (tmp_path / "out").exists()
