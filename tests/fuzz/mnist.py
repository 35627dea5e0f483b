"""Fuzzing the readers of MNIST: .npz archives and IDX files.

The first byte of an input decides how the rest becomes a file: as it is, or as a part that random changes could not
otherwise reach because of a checksum or compression.
"""

import gzip
import io
import itertools
import struct
import zipfile
from pathlib import Path

import numpy as np

from fuzz.harness import ARRAYS, must, write
from tensorbook.data import Mnist, checksums
from tensorbook.data.idx import read_idx
from tensorbook.data.npz import read_npz


def fuzz_npz(data: bytes, folder: Path) -> Mnist:
    """Read an archive as it is, or with different bytes in its n-th array."""
    kind, rest = data[0] % 5, data[1:]
    if kind:
        members = {key: _npy(array) for key, array in ARRAYS.items()}
        rest = _archive({**members, list(ARRAYS)[kind - 1]: rest})
    return _genuine(read_npz(write(folder / "fuzzed.npz", rest)))


def npz_seeds() -> list[bytes]:
    """Return an archive and the bytes of each of its arrays, including one in Fortran order."""
    whole = _archive({key: _npy(array) for key, array in ARRAYS.items()})
    members = [bytes([n]) + _npy(array) for n, array in enumerate(ARRAYS.values(), start=1)]
    return [b"\0" + whole, *members, b"\1" + _npy(np.asfortranarray(ARRAYS["x_train"]))]


def fuzz_idx(data: bytes, folder: Path) -> Mnist:
    """Read one of four IDX files: plain, gzipped by us, or claiming to be a gzip file."""
    turn, form, rest = data[0] % 4, data[0] // 4 % 3, data[1:]
    for path in folder.glob("*-ubyte*"):
        path.unlink()
    for number, (published, array) in enumerate(zip(checksums.MNIST, ARRAYS.values(), strict=True)):
        path = folder / f"{published.idx}-idx{array.ndim}-ubyte"
        if number != turn:
            write(path, _idx(array))
        elif form == 0:
            write(path, rest)
        else:
            write(path.with_suffix(".gz"), gzip.compress(rest, 1) if form == 1 else rest)
    return _genuine(read_idx(folder))


def idx_seeds() -> list[bytes]:
    """Return each file in each form."""
    files = [_idx(array) for array in ARRAYS.values()]
    plain = [bytes([n + 4 * form]) + file for n, file in enumerate(files) for form in (0, 1)]
    return plain + [bytes([n + 8]) + gzip.compress(file, mtime=0) for n, file in enumerate(files)]


def _genuine(data: Mnist) -> Mnist:
    arrays = itertools.chain.from_iterable(data)
    same = (np.array_equal(array, good) for array, good in zip(arrays, ARRAYS.values(), strict=True))
    must(all(same), "arrays that are not the published ones were returned")
    return data


def _npy(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def _archive(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in members.items():
            about = zipfile.ZipInfo(f"{name}.npy")  # of no date: the same bytes every time
            archive.writestr(about, member, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _idx(array: np.ndarray) -> bytes:
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()
