"""MNIST: the digits of the book, verified to the last pixel, and what prepares them for a network.

Importing this loads NumPy and nothing heavier.
"""

from tensorbook.data.checksums import Mnist, Split, fingerprint, identify
from tensorbook.data.errors import DataError, SampleWarning
from tensorbook.data.preprocessing import one_hot, prepare_images
from tensorbook.data.sample import load_sample
from tensorbook.data.sources import Source, fetch, load_mnist, where

__all__ = [
    "DataError",
    "Mnist",
    "SampleWarning",
    "Source",
    "Split",
    "fetch",
    "fingerprint",
    "identify",
    "load_mnist",
    "load_sample",
    "one_hot",
    "prepare_images",
    "where",
]
