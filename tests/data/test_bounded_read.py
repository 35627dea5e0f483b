"""Reading from a stream that may lie; the stream notes how much is requested."""

import io

import numpy as np
import pytest

from tensorbook.data import DataError
from tensorbook.data.bounded_read import CHUNK, read_exactly

LENGTH = 2 * CHUNK + 3


class Stream(io.BytesIO):
    """Bytes that remember how many were asked for at a time."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.append(size or 0)
        return super().read(size)


def test_no_more_is_ever_asked_for_than_is_missing_and_one_byte_behind_it():
    stream = Stream(bytes(LENGTH))
    assert read_exactly(stream, (LENGTH,), "it").shape == (LENGTH,)
    assert stream.asked == [CHUNK, CHUNK, 3, 1]


def test_every_part_is_put_where_it_belongs():
    content = np.random.default_rng(0).integers(0, 256, LENGTH, dtype=np.uint8).tobytes()
    array = read_exactly(Stream(content), (LENGTH, 1), "it")
    assert array.tobytes() == content


def test_a_stream_that_drips_is_asked_until_all_is_there():
    class Dripping(Stream):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 4))

    stream = Dripping(b"0123456789")
    assert read_exactly(stream, (10,), "it").tobytes() == b"0123456789"
    assert stream.tell() == 10


def test_a_stream_that_ends_early_says_how_much_there_was():
    with pytest.raises(DataError, match=r"^it is truncated: 2,000,000 of 2,097,155 bytes of its array are present$"):
        read_exactly(Stream(bytes(2_000_000)), (LENGTH,), "it")
