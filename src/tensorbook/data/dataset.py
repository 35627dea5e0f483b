"""What a dataset consists of: images with their labels, in a training set and a test set."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Split(NamedTuple):
    """Images and their labels.

    Attributes:
        images: uint8 array of shape ``(n, 28, 28)``, 0 (background) to 255 (ink).
        labels: uint8 array of shape ``(n,)``, 0 to 9.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]


class Mnist(NamedTuple):
    """A training set and a test set.

    Attributes:
        train: The digits that a network learns from.
        test: The digits that it is evaluated on, which it has never seen.

    Examples:
        >>> from tensorbook.data import load_sample
        >>> (train_images, train_labels), (test_images, test_labels) = load_sample()
        >>> load_sample().train.images.shape
        (4000, 28, 28)
    """

    train: Split
    test: Split
