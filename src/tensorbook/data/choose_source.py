"""Find MNIST: try the argument, the environment variable, Keras's cache and a download, in that order."""

import os
import warnings
from pathlib import Path
from typing import Literal, NamedTuple

from tensorbook.data import cache
from tensorbook.data.bounded_read import as_data_errors
from tensorbook.data.dataset import Mnist
from tensorbook.data.idx import read_idx
from tensorbook.data.sample import INSTALL_SAMPLE, load_sample
from tensorbook.errors import DataError, SampleWarning

VARIABLE = "TENSORBOOK_MNIST"
# A remedy for each kind of source.
REMEDIES = {
    "file": f"set {VARIABLE} to an mnist.npz file or to a folder of the four IDX files",
    "sample": f"set {VARIABLE}=sample for 5,000 digits without internet access (they come with `{INSTALL_SAMPLE}`)",
    "download": "unset it and run `tensorbook data fetch`",
}


class Source(NamedTuple):
    """A source of MNIST.

    Attributes:
        kind: Whether it is a named file or folder, the sample, Keras's cache, or a download.
        place: Its path or address.
        note: Why this source was chosen.
    """

    kind: Literal["file", "sample", "cache", "download"]
    place: str
    note: str

    def __str__(self) -> str:
        """Return the place and why it was chosen."""
        return f"{self.place} ({self.note})"


def load_mnist(path: str | os.PathLike[str] | None = None) -> Mnist:
    """Load MNIST's 70,000 digits, downloading them (11 MB) the first time.

    It uses the first of these that is available: ``path``; the path in the environment variable ``TENSORBOOK_MNIST``;
    Keras's cache; a download into that cache. A wrong path or variable is an error; there is no silent fallback. The
    SHA-256 of every array is checked, so the result is MNIST to the last pixel.

    Args:
        path: An .npz file with the arrays ``x_train``, ``y_train``, ``x_test`` and ``y_test``, or a folder
            with the four IDX files, gzipped or not. ``TENSORBOOK_MNIST`` may also be the word ``sample``.

    Returns:
        Two pairs. The first is for training: uint8 images of shape ``(60000, 28, 28)``, 0 (background) to 255 (ink),
        and uint8 labels of shape ``(60000,)``, 0 to 9. The second is for testing, with 10,000 images and labels. With
        ``TENSORBOOK_MNIST=sample``, it is the result of `load_sample`.

    Raises:
        DataError: MNIST is not available, or the data found is not MNIST.

    Warns:
        SampleWarning: The sample was returned.
        UserWarning: The download could not be saved.

    Source:
        LeCun, Cortes and Burges, *The MNIST database of handwritten digits*, in the form of Keras's file.

    Examples:
        >>> load_mnist("no-such-file.npz")
        Traceback (most recent call last):
            ...
        tensorbook.errors.DataError: MNIST is needed, but no-such-file.npz does not exist (the path ...
    """
    try:
        source, data = _find(path)
        if data is None:
            data = cache.download()
    except DataError as error:
        raise _with_remedies(error, _kind(path)) from None
    if source.kind == "sample":
        message = "this is the 5,000-digit sample, not full MNIST; your numbers will differ from the book's"
        warnings.warn(f"{VARIABLE}=sample: {message}", SampleWarning, stacklevel=2)
    return data


def find_mnist(path: str | os.PathLike[str] | None = None) -> Source:
    """Return the source that `load_mnist` would use now, without downloading anything.

    Args:
        path: As for `load_mnist`.

    Returns:
        The source; ``str()`` gives a line to print.

    Raises:
        DataError: The path or variable is wrong, as in `load_mnist`.
    """
    try:
        return _find(path)[0]
    except DataError as error:
        raise _with_remedies(error, _kind(path)) from None


def fetch() -> Path:
    """Download MNIST into Keras's cache, unless a good copy is already there.

    Returns:
        The path of the copy.

    Raises:
        DataError: The download failed, or the cache can't be written.
    """
    try:
        return cache.fetch()
    except DataError as error:
        raise _with_remedies(error, "download") from None


def _kind(path: str | os.PathLike[str] | None) -> str:
    """Return the kind of source to try; a damaged copy in the cache is downloaded again."""
    variable = _variable()
    if path is None and variable == "sample":
        return "sample"
    return "download" if path is None and not variable else "file"


def _variable() -> str:
    """Return the variable's value, without the spaces and quotes that ``set`` on Windows includes in it."""
    return os.environ.get(VARIABLE, "").strip(" \t\r\n\"'")


def _find(path: str | os.PathLike[str] | None) -> tuple[Source, Mnist | None]:
    """Return the source and, unless it has to be downloaded, its verified digits."""
    if path is not None:
        return _read(path, "the path that was given")
    variable = _variable()
    if variable == "sample":
        return Source("sample", "the 5,000-digit sample", f"{VARIABLE}=sample"), load_sample()
    if variable:
        return _read(variable, f"named by {VARIABLE}")
    copy = cache.find_copy()
    if copy.data is not None:
        return Source("cache", str(copy.path), "Keras's cache"), copy.data
    from tensorbook.data import download_mnist

    return Source("download", download_mnist.URL, f"to be downloaded: {copy.trouble}"), None


def _read(path: str | os.PathLike[str], note: str) -> tuple[Source, Mnist]:
    from tensorbook.data.npz import read_npz

    place = Path(os.path.expanduser(path))  # noqa: PTH111  # never raises
    try:
        with as_data_errors(place):
            read = read_idx if place.is_dir() else read_npz
        return Source("file", str(place), note), read(place)
    except DataError as error:
        raise DataError(f"{error} ({note})") from None


def _with_remedies(reason: object, tried: str) -> DataError:
    """Return an error that says what was needed, what was found, and how to fix it.

    Args:
        reason: What was found instead of MNIST.
        tried: The kind of source that failed. After a bad file, another file may help; the sample and the download
            can't remedy their own failure.
    """
    *ways, last = (way for kind, way in REMEDIES.items() if kind == "file" or kind != tried)
    return DataError(f"MNIST is needed, but {reason}. To fix this: {'; '.join(ways)}; or {last}.")
