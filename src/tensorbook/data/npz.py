"""MNIST in an .npz archive: Keras's file, or any that holds the same four arrays.

It is unpacked by ISA-L, in half of zlib's time, and hashed in a thread beside: both let go of Python's lock.
"""

import hashlib
import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from tensorbook.data import identity
from tensorbook.data.errors import DataError
from tensorbook.data.streams import CHUNK, plain_words, read_exactly

PACKED = 2**16  # bytes that are unpacked at once


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
            arrays, digests = _read_members(archive, file, path)
    return identity.verify(arrays, identity.MNIST, path, digests)


def _read_members(
    archive: zipfile.ZipFile, file: io.BufferedReader, path: Path
) -> tuple[list[npt.NDArray[np.uint8]], list[str | None]]:
    """Return the four arrays, and the SHA-256 of those that were hashed while they were read."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as beside:
        read = [_read_member(archive, file, expected, path, beside.submit) for expected in identity.MNIST]
    return [array for array, _ in read], [digest and digest.hexdigest() for _, digest in read]


def _read_member(
    archive: zipfile.ZipFile,
    file: io.BufferedReader,
    expected: identity.Published,
    path: Path,
    beside: Callable[..., object],
) -> tuple[npt.NDArray[np.uint8], Any]:
    member = archive.getinfo(f"{expected.key}.npy")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # zipfile unpacks its other methods without a limit; NumPy writes none of them.
        raise DataError(f"{expected.key} in {path} is compressed in a way that NumPy does not write")
    what = f"{expected.key} in {path}"
    with plain_words(what):
        archive.open(member).close()  # zipfile's own checks of the name, the flags and the place
        stream = _Member(file, member)
        if npy.read_magic(stream) != (1, 0):
            # Later versions allow headers of 4 GiB; NumPy writes plain arrays in the first.
            raise DataError(f"{what} is not in version 1.0 of NumPy's format")
        with warnings.catch_warnings():
            # NumPy warns of headers that Python 2 wrote, which are good; hostile ones make Python warn.
            warnings.simplefilter("ignore")
            shape, fortran_order, dtype = npy.read_array_header_1_0(stream)
        identity.check_kind(shape, dtype, expected, path)
        if fortran_order:  # its bytes are not in the order that is hashed
            return np.ascontiguousarray(read_exactly(stream, shape[::-1], what).T), None
        digest = hashlib.sha256()
        return read_exactly(stream, shape, what, lambda part: beside(digest.update, part)), digest


class _Member:
    """The bytes of one array of an archive, unpacked as they are read."""

    def __init__(self, file: io.BufferedReader, member: zipfile.ZipInfo) -> None:
        # Here, not above: who loads nothing need not wait for it.
        from isal import isal_zlib

        file.seek(member.header_offset)
        name, extra = struct.unpack("<26x2H", file.read(30))
        file.seek(name + extra, io.SEEK_CUR)
        self.file, self.left, self.packed = file, member.compress_size, b""
        self.unpacker: Any = isal_zlib.decompressobj(-15) if member.compress_type else None
        self.error: Any = isal_zlib.error

    def read(self, size: int = CHUNK, /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        if self.unpacker is None:
            return self._packed(size)
        while not self.unpacker.eof:
            self.packed = self.packed or self._packed(PACKED)
            ended = not self.packed
            try:
                unpacked: bytes = self.unpacker.decompress(self.packed, size)
            except self.error:
                raise zipfile.BadZipFile from None
            self.packed = self.unpacker.unconsumed_tail
            if unpacked:
                return unpacked
            if ended:
                raise EOFError
        return b""

    def _packed(self, size: int) -> bytes:
        content = self.file.read(min(size, self.left))
        self.left -= len(content)
        return content


class _SmallReads(io.BufferedReader):
    """A file that refuses a large read: zipfile takes an archive's whole table of contents in one."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = CHUNK  # zipfile asks so for an archive's comment, 64 KiB at most
        if size > CHUNK:
            raise zipfile.BadZipFile
        return super().read(size)
