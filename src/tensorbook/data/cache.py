"""Keras's cache: find it, verify its copy of MNIST, or download a copy into it."""

import os
import warnings
from pathlib import Path
from typing import NamedTuple

from tensorbook.data.dataset import Mnist
from tensorbook.errors import DataError


class Copy(NamedTuple):
    """What was found in the cache: the digits, or the reason that there are none."""

    path: Path | None
    data: Mnist | None
    trouble: str


def find_copy() -> Copy:
    """Read and verify the cached copy; treat a damaged copy as missing."""
    from tensorbook.data.npz import read_npz  # imported late to keep `import tensorbook.data` fast

    path = _path()
    if path is None:
        return Copy(None, None, "there is no home folder for Keras's cache")
    try:
        return Copy(path, read_npz(path), "")
    except DataError as error:
        return Copy(path, None, str(error))


def download() -> Mnist:
    """Download MNIST into the cache; if the cache can't be written, warn and return the digits anyway.

    Raises:
        DataError: The download failed; the message also says what is wrong with a cached copy, if there is one.
    """
    copy = find_copy()
    if copy.data is not None:
        return copy.data  # another process was faster
    try:
        if copy.path is not None:
            return _download(copy, copy.path)
        reason = copy.trouble
    except OSError as error:
        reason = f"{copy.path} can't be written: {error.strerror or error}"
    import tempfile  # imported late, likewise

    try:
        with tempfile.TemporaryDirectory() as folder:
            data = _download(copy, Path(folder, "mnist.npz"))
    except OSError as error:
        raise DataError(
            f"{reason}, and a temporary folder can't be written either: {error.strerror or error}"
        ) from None
    warnings.warn(
        f"MNIST was downloaded but could not be saved ({reason}); set KERAS_HOME to a different folder",
        stacklevel=3,
    )
    return data


def fetch() -> Path:
    """Return the path of a good cached copy, downloading it if there is none.

    Raises:
        DataError: The download failed, or the cache can't be written.
    """
    copy = find_copy()
    if copy.path is None:
        raise DataError("there is no home folder to save it in: set KERAS_HOME to a folder")
    if copy.data is None:
        try:
            _download(copy, copy.path)
        except OSError as error:
            raise DataError(
                f"{copy.path} can't be written ({error.strerror or error}): set KERAS_HOME to a different folder"
            ) from None
    return copy.path


def _download(copy: Copy, target: Path) -> Mnist:
    from tensorbook.data import download_mnist  # likewise

    try:
        return download_mnist.download(target)
    except DataError as error:
        raise DataError(f"{copy.trouble}, and {error}") from None


def _path() -> Path | None:
    """Return the path at which Keras keeps MNIST, even if there is no file; None without a home folder."""
    home = os.path.expanduser(os.environ.get("KERAS_HOME") or "~/.keras")  # noqa: PTH111  # never raises
    return None if home.startswith("~") else Path(home, "datasets", "mnist.npz")
