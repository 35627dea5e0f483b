"""Read an array from a stream that may lie about its length, in bounded memory."""

import contextlib
import zlib
from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tensorbook.errors import DataError

CHUNK = 2**20


class Readable(Protocol):
    """An object with a ``read`` method."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, or none at the end."""


@contextlib.contextmanager
def as_data_errors(origin: object) -> Iterator[None]:
    """Turn the errors that zipfile, gzip and NumPy raise for damaged files into a `DataError`."""
    from zipfile import BadZipFile  # imported late to keep `import tensorbook.data` fast

    try:
        yield
    except DataError:
        raise
    except (BadZipFile, EOFError, zlib.error):
        raise DataError(f"{origin} is truncated, damaged or in a different format") from None
    except OSError as error:
        # gzip's BadGzipFile is an OSError without a message; errors of the operating system have one.
        reason = (
            f"can't be read ({error.strerror})" if error.strerror else "is truncated, damaged or in a different format"
        )
        raise DataError(f"{origin} {reason}") from None
    except Exception:
        # NumPy's header parser and zipfile pass on any error of Python's parser; no list of them would be complete.
        raise DataError(f"{origin} has a header that can't be read") from None


def read_exactly(stream: Readable, shape: tuple[int, ...], what: str) -> npt.NDArray[np.uint8]:
    """Read a uint8 array and check that the stream ends after it.

    This never reads more than one byte beyond the array, so a stream that unpacks to terabytes takes no more memory
    than a valid one. Reading to the end also makes gzip and zipfile verify their checksums.
    """
    array = np.empty(shape, dtype=np.uint8)
    view = array.reshape(-1).data
    done = 0
    while done < len(view):
        chunk = stream.read(min(CHUNK, len(view) - done))
        if not chunk:
            raise DataError(f"{what} is truncated: {done:,} of {len(view):,} bytes of its array are present")
        view[done : done + len(chunk)] = chunk
        done += len(chunk)
    if stream.read(1):
        raise DataError(f"{what} has extra data after the {len(view):,} bytes of its array")
    return array
