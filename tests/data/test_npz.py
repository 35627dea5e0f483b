import contextlib
import io
import os
import random
import struct
import zipfile

import numpy as np
import pytest

from tensorbook.data import DataError, checksums, load_mnist, load_sample
from tensorbook.data.npz import read_npz


def npy(header: str, body: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    """Write an .npy file whose header may lie."""
    size = struct.pack("<I" if version == (2, 0) else "<H", len(header))
    return b"\x93NUMPY" + bytes(version) + size + header.encode() + body


def rewrite(path, method=zipfile.ZIP_DEFLATED, field: bytes = b"", **members: bytes) -> None:
    """Replace arrays in an archive with our own bytes, and give each a field that NumPy does not write."""
    with zipfile.ZipFile(path) as archive:
        kept = {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in (kept | members).items():
            member = zipfile.ZipInfo(f"{name}.npy")
            member.extra = field
            archive.writestr(member, content, method)


def refusal(path) -> str:
    """Return the message, which must not contain any part of a traceback."""
    with pytest.raises(DataError) as error:
        load_mnist(path)
    message = str(error.value)
    assert "\n" not in message
    assert error.value.__suppress_context__
    for way_out in ("TENSORBOOK_MNIST", "TENSORBOOK_MNIST=sample", "`tensorbook data fetch`"):
        assert way_out in message
    return message


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_archive_is_read_compressed_or_not(digits, tmp_path, same, save):
    save(tmp_path / "digits.npz", **digits)
    assert same(load_mnist(tmp_path / "digits.npz"), digits)


def test_arrays_in_fortrans_order_are_read(digits, tmp_path, same):
    turned = {key: np.asfortranarray(array) for key, array in digits.items()}
    np.savez(tmp_path / "digits.npz", **turned)
    data = load_mnist(tmp_path / "digits.npz")
    assert same(data, digits)
    assert data.train.images.flags.c_contiguous


def test_a_header_of_python_2_is_read_without_a_warning(digits, archive, same):
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (60L,), }"
    rewrite(archive, y_train=npy(header, digits["y_train"].tobytes()))
    assert same(load_mnist(archive), digits)


def test_extra_arrays_are_left_alone(digits, tmp_path, same):
    bomb = np.array([{"never": "unpickled"}], dtype=object)
    np.savez(tmp_path / "digits.npz", **digits, extra=bomb)
    assert same(load_mnist(str(tmp_path / "digits.npz")), digits)


def test_a_home_folder_is_found_behind_a_tilde(archive, digits, monkeypatch, same):
    monkeypatch.setenv("HOME", str(archive.parent))
    assert same(load_mnist("~/digits.npz"), digits)


def test_missing_arrays_are_named(digits, tmp_path):
    del digits["y_train"], digits["x_test"]
    np.savez(tmp_path / "digits.npz", **digits)
    assert "digits.npz is missing y_train, x_test" in refusal(tmp_path / "digits.npz")


def test_a_truncated_archive_is_refused_wherever_it_is_cut(archive):
    whole = archive.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 23, len(whole) - 1):
        archive.write_bytes(whole[:length])
        assert "is truncated, damaged or in a different format" in refusal(archive)


def test_damaged_compression_is_told_from_a_bad_header(digits, tmp_path):
    path = tmp_path / "digits.npz"
    np.savez_compressed(path, **digits)
    damaged = bytearray(path.read_bytes())
    damaged[61:101] = b"\xff" * 40  # behind the first member's header of 30 bytes, its name of 11 and its sizes of 20
    path.write_bytes(damaged)
    assert f"x_train in {path} is truncated, damaged or in a different format" in refusal(path)


def test_whichever_byte_is_damaged_the_digits_are_genuine_or_refused(archive, digits, same):
    whole = archive.read_bytes()
    chance = random.Random(0)
    for _ in range(400):
        damaged = bytearray(whole)
        # Parsers fail most often at headers and the table of contents, so half of the damage is there.
        place = chance.choice([chance.randrange(len(whole)), chance.randrange(300), -1 - chance.randrange(300)])
        damaged[place] ^= 1 << chance.randrange(8)
        archive.write_bytes(damaged)
        try:
            data = read_npz(archive)
        except DataError:
            continue
        assert same(data, digits)


def test_a_flipped_bit_in_every_1000th_byte_is_noticed(tmp_path, monkeypatch):
    """In an archive of 1,000 digits, which count as MNIST here."""
    train, test = load_sample()
    keys = ("x_train", "y_train", "x_test", "y_test")
    arrays = dict(
        zip(keys, (train.images[:800], train.labels[:800], test.images[:200], test.labels[:200]), strict=True)
    )
    path = tmp_path / "thousand.npz"
    np.savez_compressed(path, **arrays)
    published = (
        array._replace(shape=arrays[array.key].shape, sha256=checksums._sha256(arrays[array.key]))
        for array in checksums.MNIST
    )
    monkeypatch.setattr(checksums, "MNIST", tuple(published))
    assert checksums.identify(read_npz(path)) == "mnist"
    whole = path.read_bytes()
    assert len(whole) > 100_000
    genuine = []
    for place in range(0, len(whole), 1000):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place // 1000 % 8
        path.write_bytes(damaged)
        with contextlib.suppress(DataError):  # some bytes contain only a date
            assert checksums.identify(read_npz(path)) == "mnist"
            genuine.append(place)
    assert len(genuine) <= 2


def test_one_flipped_bit_in_a_pixel_is_refused_by_name(digits, tmp_path):
    digits["x_test"][3, 14, 14] ^= 1
    np.savez(tmp_path / "digits.npz", **digits)
    assert "x_test in" in (message := refusal(tmp_path / "digits.npz"))
    assert "does not contain the published digits: its SHA-256 is" in message


def test_labels_past_9_are_refused(digits, tmp_path):
    digits["y_train"][0] = 10
    np.savez(tmp_path / "digits.npz", **digits)
    assert "does not contain the published digits" in refusal(tmp_path / "digits.npz")


@pytest.mark.parametrize("dtype", ["int8", "int64", "float32", "bool"])
def test_another_dtype_is_refused_with_what_was_needed_and_what_came(digits, tmp_path, dtype):
    np.savez(tmp_path / "digits.npz", **digits | {"y_test": digits["y_test"].astype(dtype)})
    needed = f"must be uint8 of shape (10,), got {dtype} of shape (10,)"
    assert needed in refusal(tmp_path / "digits.npz")


def test_another_shape_is_refused_with_what_was_needed_and_what_came(digits, tmp_path):
    np.savez(tmp_path / "digits.npz", **digits | {"x_test": digits["x_test"].reshape(10, 784)})
    assert "must be uint8 of shape (10, 28, 28), got uint8 of shape (10, 784)" in refusal(tmp_path / "digits.npz")


class Trap:
    """Unpickling it would leave a folder."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_pickled_object_is_refused_and_never_run(digits, tmp_path):
    trap = np.empty(10, dtype=object)
    trap[:] = [Trap(str(tmp_path / "sprung"))] * 10
    np.savez(tmp_path / "digits.npz", **digits | {"y_test": trap})
    assert "got object of shape (10,)" in refusal(tmp_path / "digits.npz")
    assert not (tmp_path / "sprung").exists()


def uint8(shape: str) -> str:
    return f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"


UNREADABLE = "header that can't be read"
HEADERS = {
    "an enormous shape": (npy(uint8("(1000000000000,)")), "got uint8 of shape (1000000000000,)"),
    "a negative shape": (npy(uint8("(-10,)")), "got uint8 of shape (-10,)"),
    "wide items": (npy(uint8("(10,)").replace("|u1", "|V1000000000")), "got |V1000000000"),
    "nested brackets": (npy("(" * 9000), UNREADABLE),
    "a deep sum": (npy("-" * 9999 + "1"), UNREADABLE),
    "no dictionary": (npy("[1, 2, 3]"), UNREADABLE),
    "code": (npy("__import__('os').abort()"), UNREADABLE),
    "a bad dtype": (npy(uint8("(10,)").replace("|u1", "zz")), UNREADABLE),
    "4 GiB of header": (npy("{", version=(2, 0))[:8] + b"\xff" * 4, "version 1.0"),
    "a version before the first": (npy(uint8("(10,)"), bytes(10), version=(0, 9)), "version 1.0"),
    "another magic": (b"\x93NUMPZ\x01\x00", UNREADABLE),
    "nothing at all": (b"", UNREADABLE),
    "too few bytes": (npy(uint8("(10,)"), b"123"), "is truncated: 3 of 10 bytes"),
    "one byte more": (npy(uint8("(10,)"), b"1" * 11), "has extra data after the 10 bytes"),
}


@pytest.mark.parametrize(("member", "reason"), HEADERS.values(), ids=HEADERS)
def test_a_lying_header_is_refused(archive, member, reason):
    rewrite(archive, y_test=member)
    message = refusal(archive)
    assert f"y_test in {archive}" in message
    assert reason in message


def test_a_zip_bomb_is_refused_without_the_memory_it_asks_for(archive, traced):
    rewrite(archive, y_test=npy(uint8("(10,)")) + bytes(200 * 2**20))
    assert archive.stat().st_size < 2**20
    with traced() as peak:
        message = refusal(archive)
    assert "has extra data after the 10 bytes of its array" in message
    assert peak() < 8 * 2**20


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_unpacks_without_a_limit_is_refused(archive, method):
    rewrite(archive, method)
    assert "is compressed in a way that NumPy does not write" in refusal(archive)


def test_an_endless_table_of_contents_is_refused_unread(archive):
    with zipfile.ZipFile(archive, "a") as file:
        for number in range(40_000):
            file.writestr(str(number), b"")
    assert "is truncated, damaged or in a different format" in refusal(archive)


def test_an_encrypted_archive_is_refused(archive):
    content = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(signature, place + 1)) >= 0:
            content[place + offset] |= 1
    archive.write_bytes(content)
    assert "header that can't be read" in refusal(archive)


def test_an_archive_whose_members_have_extra_fields_is_read(archive, digits, same):
    rewrite(archive, field=struct.pack("<2H7s", 0xCAFE, 7, b"a field"))  # as long as the name
    assert same(load_mnist(archive), digits)


def test_an_archive_with_a_long_comment_is_read(archive, digits, same):
    with zipfile.ZipFile(archive, "a") as file:
        file.comment = b"x" * 65_535
    assert same(load_mnist(archive), digits)


def test_a_file_of_another_kind_is_refused(tmp_path):
    buffer = io.BytesIO()
    np.save(buffer, np.arange(3))
    for content in (b"", b"<html>403</html>", buffer.getvalue()):
        (tmp_path / "mnist.npz").write_bytes(content)
        assert "is truncated, damaged or in a different format" in refusal(tmp_path / "mnist.npz")


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert f"{tmp_path}/mnist.npz does not exist (the path that was given)" in refusal(tmp_path / "mnist.npz")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert f"{tmp_path}/pipe is not a file" in refusal(tmp_path / "pipe")


@pytest.fixture
def forbidden(archive):
    archive.chmod(0)
    return archive


def test_a_file_without_permission_is_refused_in_plain_words(forbidden, nobody):  # noqa: ARG001  # in this order
    assert "can't be read (Permission denied)" in refusal(forbidden)


def test_a_name_that_is_too_long_is_refused_in_plain_words(tmp_path):
    assert "can't be read (File name too long)" in refusal(tmp_path / ("x" * 300))
