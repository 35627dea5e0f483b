"""The digits that the site's pages learn from: the sample as one file, added to each build and never committed."""

import gzip
from functools import cache

from tensorbook.data import load_sample

DIGITS_FILE = "assets/digits.bin"
LEVEL = 6  # level 9 takes ten times as long and saves two percent


@cache  # `mkdocs serve` builds the site again and again
def packed_digits() -> bytes:
    """Return the sample as the file that ``sample-digits.js`` reads.

    Returns:
        gzip of 3,925,000 bytes: the pixels of the 4,000 training images, row by row, then those of the 1,000 test
        images, then the labels of both. Its name must not end in ``.gz``: some hosts would unpack it on the way.

    Raises:
        DataError: The extra ``sample`` is not installed, or its file is damaged.
    """
    train, test = load_sample()
    arrays = (train.images, test.images, train.labels, test.labels)
    return gzip.compress(b"".join(array.tobytes() for array in arrays), LEVEL, mtime=0)
