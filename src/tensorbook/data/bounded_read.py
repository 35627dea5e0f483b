"""Read an array from a stream that may lie about its length, in bounded memory."""

import contextlib
import zlib
from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tensorbook.data.errors import DataError

CHUNK = 2**20


class Readable(Protocol):
    """What has a ``read``."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""


@contextlib.contextmanager
def plain_words(origin: object) -> Iterator[None]:
    """Turn what damaged files make zipfile, gzip and NumPy raise into a `DataError`."""
    from zipfile import BadZipFile  # here, not above: who loads nothing need not wait for it

    try:
        yield
    except DataError:
        raise
    except (BadZipFile, EOFError, zlib.error):
        raise DataError(f"{origin} is cut short, damaged or of another kind") from None
    except OSError as error:
        # gzip's BadGzipFile is an OSError without words; the system's own errors have some.
        reason = f"can't be read ({error.strerror})" if error.strerror else "is cut short, damaged or of another kind"
        raise DataError(f"{origin} {reason}") from None
    except Exception:
        # NumPy's header parser hands on whatever Python's own raises, zipfile likewise: a list has gaps.
        raise DataError(f"{origin} has a header that can't be read") from None


def read_exactly(stream: Readable, shape: tuple[int, ...], what: str) -> npt.NDArray[np.uint8]:
    """Read a uint8 array and see that the stream ends behind it.

    At most one byte more than the array is ever read, so a stream that unpacks to terabytes costs no more
    memory than an honest one. Reading to the end also makes gzip and zipfile compare their checksums.
    """
    array = np.empty(shape, dtype=np.uint8)
    view = array.reshape(-1).data
    done = 0
    while done < len(view):
        chunk = stream.read(min(CHUNK, len(view) - done))
        if not chunk:
            raise DataError(f"{what} is cut short: {done:,} of {len(view):,} bytes of its array are there")
        view[done : done + len(chunk)] = chunk
        done += len(chunk)
    if stream.read(1):
        raise DataError(f"{what} goes on behind the {len(view):,} bytes of its array")
    return array
