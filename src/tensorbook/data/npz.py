"""MNIST in an .npz archive: Keras's file, or any that holds the same four arrays.

It is unpacked by ISA-L, in half of zlib's time, by two threads that hash it too: all of that lets go of Python's lock.
"""

import contextlib
import hashlib
import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from tensorbook.data import identity
from tensorbook.data.errors import DataError
from tensorbook.data.streams import CHUNK, plain_words, read_exactly

PACKED = 2**16  # bytes that are unpacked at once

Read = tuple[npt.NDArray[np.uint8], str | None]  # an array, and the SHA-256 of its bytes if it is known


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
            read = _read_members(archive, path)
    return identity.verify([array for array, _ in read], identity.MNIST, path, [digest for _, digest in read])


def _read_members(archive: zipfile.ZipFile, path: Path) -> list[Read]:
    """Return the four arrays, and the SHA-256 of their bytes.

    The first is as large as five of the others. It is unpacked here; a second thread unpacks and hashes the others, and
    then hashes what has come of the first.
    """
    from concurrent.futures import ThreadPoolExecutor

    with contextlib.ExitStack() as files, ThreadPoolExecutor(1) as beside:
        # Headers come first, and one by one: Python can't silence warnings in one thread alone.
        large, *small = [_open_member(archive, expected, path, files) for expected in identity.MNIST]
        later = [beside.submit(array.read) for array in small]
        digest = hashlib.sha256()
        first = large.read(digest, beside.submit)
        rest = [future.result() for future in later]
        beside.shutdown()  # nothing is left to be hashed
        return [(first[0], first[1] and digest.hexdigest()), *rest]


class _Array(NamedTuple):
    """An array whose header has been read: where its bytes come from, and how they are laid out."""

    stream: "_Member"
    shape: tuple[int, ...]
    fortran_order: bool
    what: str

    def read(self, digest: Any = None, do: Callable[..., object] = lambda do, part: do(part)) -> Read:
        """Return the array and, where its bytes are in the order that is hashed, the SHA-256 of what is read so far.

        ``do`` is called with what hashes a part, and with the part.
        """
        with plain_words(self.what):
            if self.fortran_order:
                return np.ascontiguousarray(read_exactly(self.stream, self.shape[::-1], self.what).T), None
            digest = digest or hashlib.sha256()
            array = read_exactly(self.stream, self.shape, self.what, lambda part: do(digest.update, part))
            return array, digest.hexdigest()


def _open_member(
    archive: zipfile.ZipFile, expected: identity.Published, path: Path, files: contextlib.ExitStack
) -> _Array:
    """Read the header of an array, from a file of its own: two threads are going to read."""
    member = archive.getinfo(f"{expected.key}.npy")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # zipfile unpacks its other methods without a limit; NumPy writes none of them.
        raise DataError(f"{expected.key} in {path} is compressed in a way that NumPy does not write")
    what = f"{expected.key} in {path}"
    with plain_words(what):
        archive.open(member).close()  # zipfile's own checks of the name, the flags and the place
        stream = _Member(files.enter_context(path.open("rb")), member)
        if npy.read_magic(stream) != (1, 0):
            # Later versions allow headers of 4 GiB; NumPy writes plain arrays in the first.
            raise DataError(f"{what} is not in version 1.0 of NumPy's format")
        with warnings.catch_warnings():
            # NumPy warns of headers that Python 2 wrote, which are good; hostile ones make Python warn.
            warnings.simplefilter("ignore")
            shape, fortran_order, dtype = npy.read_array_header_1_0(stream)
        identity.check_kind(shape, dtype, expected, path)
    return _Array(stream, shape, fortran_order, what)


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

    def read(self, size: int | None = CHUNK, /) -> bytes:
        # zipfile gives no size for an archive's comment, which has 64 KiB at most.
        if size not in range(CHUNK + 1):
            raise zipfile.BadZipFile
        return super().read(size)
