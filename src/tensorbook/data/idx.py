"""MNIST as it was first published: a folder of four IDX files, gzipped or not."""

import gzip
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tensorbook.data import checksums
from tensorbook.data.bounded_read import as_data_errors, read_exactly
from tensorbook.data.dataset import Mnist
from tensorbook.errors import DataError

UINT8 = 8  # IDX's code for unsigned bytes, the third byte of its magic number


def read_idx(folder: Path) -> Mnist:
    """Read and verify the four IDX files of a folder.

    Raises:
        DataError: A file is missing, can't be read, or does not contain MNIST's array.
    """
    with as_data_errors(folder):
        files = {array: _find(folder, array) for array in checksums.MNIST}
    missing = [_names(array)[0] for array, file in files.items() if file is None]
    if missing:
        hint = "; it contains mnist.npz, so give the path of that file" if (folder / "mnist.npz").is_file() else ""
        raise DataError(f"the folder {folder} is missing the IDX files {', '.join(missing)}{hint}")
    arrays = [_read_file(file, array) for array, file in files.items() if file is not None]
    return checksums.verify(arrays, checksums.MNIST, folder)


def _names(array: checksums.Published) -> list[str]:
    """Return possible file names: the published one, the one that some tools unpack, and both with ``.gz``."""
    names = [f"{array.idx}{dot}idx{len(array.shape)}-ubyte" for dot in "-."]
    return names + [f"{name}.gz" for name in names]


def _find(folder: Path, array: checksums.Published) -> Path | None:
    return next((folder / name for name in _names(array) if (folder / name).is_file()), None)


def _read_file(path: Path, expected: checksums.Published) -> npt.NDArray[np.uint8]:
    with as_data_errors(path), gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        rank = len(expected.shape)
        header = stream.read(4 + 4 * rank)
        needed = struct.pack(f">4B{rank}I", 0, 0, UINT8, rank, *expected.shape)
        if header != needed:
            raise DataError(f"{path} must begin with the IDX header {needed.hex()}, got {header.hex()}")
        return read_exactly(stream, expected.shape, str(path))
