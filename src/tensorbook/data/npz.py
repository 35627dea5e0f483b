"""MNIST in an .npz archive: Keras's file, or any with the same four arrays."""

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from tensorbook.data import checksums
from tensorbook.data.bounded_read import CHUNK, as_data_errors, read_exactly
from tensorbook.data.dataset import Mnist
from tensorbook.errors import DataError


def read_npz(path: Path) -> Mnist:
    """Read and verify the four arrays of an .npz archive; other arrays in it are ignored.

    Raises:
        DataError: The file can't be read, or an array is missing or differs from MNIST's.
    """
    with as_data_errors(path):
        if not path.is_file():
            raise DataError(f"{path} is not a file" if path.exists() else f"{path} does not exist")
        with _SmallReads(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            missing = [array.key for array in checksums.MNIST if f"{array.key}.npy" not in names]
            if missing:
                raise DataError(f"{path} is missing {', '.join(missing)}")
            arrays = [_read_member(archive, expected, path) for expected in checksums.MNIST]
    return checksums.verify(arrays, checksums.MNIST, path)


def _read_member(archive: zipfile.ZipFile, expected: checksums.Published, path: Path) -> npt.NDArray[np.uint8]:
    member, what = archive.getinfo(f"{expected.key}.npy"), f"{expected.key} in {path}"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # zipfile has no size limit when it unpacks other methods; NumPy writes none of them.
        raise DataError(f"{what} is compressed in a way that NumPy does not write")
    with as_data_errors(what), archive.open(member) as stream:
        if npy.read_magic(stream) != (1, 0):
            # Later versions allow headers of 4 GiB; NumPy writes plain arrays in the first.
            raise DataError(f"{what} is not in version 1.0 of NumPy's format")
        with warnings.catch_warnings():
            # NumPy warns about valid headers from Python 2; hostile headers make Python warn.
            warnings.simplefilter("ignore")
            shape, fortran_order, dtype = npy.read_array_header_1_0(stream)
        checksums.check_kind(shape, dtype, expected, path)
        if fortran_order:
            return np.ascontiguousarray(read_exactly(stream, shape[::-1], what).T)
        return read_exactly(stream, shape, what)


class _SmallReads(io.BufferedReader):
    """A file that refuses large reads, since zipfile reads an archive's whole table of contents at once."""

    def read(self, size: int | None = CHUNK, /) -> bytes:
        # zipfile passes no size when it reads an archive's comment, which is at most 64 KiB.
        if size not in range(CHUNK + 1):
            raise zipfile.BadZipFile
        return super().read(size)
