"""MNIST in an .npz archive: Keras's file, or any that holds the same four arrays."""

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from tensorbook.data import identity
from tensorbook.data.errors import DataError
from tensorbook.data.streams import CHUNK, plain_words, read_exactly


def read_npz(path: Path) -> identity.Mnist:
    """Read and verify the four arrays of an .npz archive; other arrays in it are left alone.

    Raises:
        DataError: The file can't be read, lacks an array, or holds another than MNIST's.
    """
    with plain_words(path):
        if not path.is_file():
            raise DataError(f"{path} is not a file" if path.exists() else f"there is no {path}")
        with _SmallReads(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            missing = [array.key for array in identity.MNIST if f"{array.key}.npy" not in names]
            if missing:
                raise DataError(f"{path} lacks {', '.join(missing)}")
            arrays = [_read_member(archive, expected, path) for expected in identity.MNIST]
    return identity.verify(arrays, identity.MNIST, path)


def _read_member(archive: zipfile.ZipFile, expected: identity.Published, path: Path) -> npt.NDArray[np.uint8]:
    member = archive.getinfo(f"{expected.key}.npy")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # zipfile unpacks its other methods without a limit; NumPy writes none of them.
        raise DataError(f"{expected.key} in {path} is compressed in a way that NumPy does not write")
    what = f"{expected.key} in {path}"
    with plain_words(what), archive.open(member) as stream:
        if npy.read_magic(stream) != (1, 0):
            # Later versions allow headers of 4 GiB; NumPy writes plain arrays in the first.
            raise DataError(f"{what} is not in version 1.0 of NumPy's format")
        with warnings.catch_warnings():
            # NumPy warns of headers that Python 2 wrote, which are good; hostile ones make Python warn.
            warnings.simplefilter("ignore")
            shape, fortran_order, dtype = npy.read_array_header_1_0(stream)
        identity.check_kind(shape, dtype, expected, path)
        array = read_exactly(stream, shape[::-1] if fortran_order else shape, what)
    return np.ascontiguousarray(array.T) if fortran_order else array


class _SmallReads(io.BufferedReader):
    """A file that refuses a large read: zipfile takes an archive's whole table of contents in one."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = CHUNK  # zipfile asks so for an archive's comment, 64 KiB at most
        if size > CHUNK:
            raise zipfile.BadZipFile
        return super().read(size)
