"""MNIST, verified to the last pixel, and functions that prepare it for a network.

Importing this module loads nothing heavier than NumPy.
"""

from tensorbook.data.checksums import fingerprint, identify
from tensorbook.data.choose_source import Source, fetch, find_mnist, load_mnist
from tensorbook.data.dataset import Mnist, Split
from tensorbook.data.preprocessing import one_hot, prepare_images
from tensorbook.data.sample import load_sample
from tensorbook.errors import DataError, SampleWarning

__all__ = [
    "DataError",
    "Mnist",
    "SampleWarning",
    "Source",
    "Split",
    "fetch",
    "find_mnist",
    "fingerprint",
    "identify",
    "load_mnist",
    "load_sample",
    "one_hot",
    "prepare_images",
]
