import gzip

import pytest

from tensorbook.data import DataError, load_mnist

NAMES = {
    "x_train": "train-images{}idx3-ubyte",
    "y_train": "train-labels{}idx1-ubyte",
    "x_test": "t10k-images{}idx3-ubyte",
    "y_test": "t10k-labels{}idx1-ubyte",
}


@pytest.fixture
def folder(tmp_path, digits, idx_bytes):
    """The four IDX files as they were published, unpacked."""
    folder = tmp_path / "idx"
    folder.mkdir()
    for key, name in NAMES.items():
        (folder / name.format("-")).write_bytes(idx_bytes(digits[key]))
    return folder


def refusal(folder) -> str:
    with pytest.raises(DataError) as error:
        load_mnist(folder)
    message = str(error.value)
    assert "\n" not in message
    assert "TENSORBOOK_MNIST=sample" in message
    return message


@pytest.mark.parametrize("dot", ["-", "."])
@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_is_read_in_either_spelling_gzipped_or_not(tmp_path, digits, idx_bytes, same, dot, packed):
    for key, name in NAMES.items():
        content = idx_bytes(digits[key])
        path = tmp_path / (name.format(dot) + (".gz" if packed else ""))
        path.write_bytes(gzip.compress(content) if packed else content)
    assert same(load_mnist(tmp_path), digits)


def test_a_folder_may_hold_both_kinds(folder, digits, same):
    plain = folder / "t10k-images-idx3-ubyte"
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert same(load_mnist(str(folder)), digits)


def test_the_variable_may_name_a_folder(folder, digits, same, monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", str(folder))
    assert same(load_mnist(), digits)


def test_files_that_are_not_there_are_named(folder):
    (folder / "train-labels-idx1-ubyte").unlink()
    assert f"the folder {folder} is missing the IDX files train-labels-idx1-ubyte (" in refusal(folder)


def test_an_empty_folder_lacks_all_four(tmp_path):
    message = refusal(tmp_path)
    for name in NAMES.values():
        assert name.format("-") in message


def test_a_folder_with_keras_file_is_told_to_name_the_file(archive):
    archive.rename(archive.with_name("mnist.npz"))
    assert "it contains mnist.npz, so give the path of that file" in refusal(archive.parent)


def test_a_header_that_promises_too_much_is_refused_without_the_memory(folder, traced):
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(b"\0\0\x08\x03" + b"\xff" * 12)
    with traced() as peak:
        message = refusal(folder)
    assert "must begin with the IDX header 000008030000003c0000001c0000001c" in message
    assert "got 00000803ffffffffffffffffffffffff" in message
    assert peak() < 8 * 2**20


@pytest.mark.parametrize("content", [b"", b"\0\0\x08", b"\0\0\x0d\x03" + bytes(12)])
def test_a_file_without_its_header_is_refused(folder, content):
    (folder / "train-images-idx3-ubyte").write_bytes(content)
    assert f"got {content.hex()}" in refusal(folder)


def test_a_file_that_is_cut_short_is_refused(folder):
    path = folder / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1])
    assert f"{path} is truncated: 9 of 10 bytes of its array are present" in refusal(folder)


def test_bytes_behind_the_array_are_refused(folder):
    path = folder / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes() + b"\0")
    assert f"{path} has extra data after the 10 bytes of its array" in refusal(folder)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda content: gzip.compress(content + b"x"), "has extra data after"),
        (lambda content: gzip.compress(content) + b"junk", "is truncated, damaged or in a different format"),
        (lambda content: gzip.compress(content) * 2, "has extra data after"),
        (lambda content: gzip.compress(content)[:-6], "is truncated, damaged or in a different format"),
        (lambda content: gzip.compress(content)[:-8] + bytes(8), "is truncated, damaged or in a different format"),
        (
            lambda content: gzip.compress(content)[:10] + b"\xff" * 40,
            "is truncated, damaged or in a different format",
        ),
        (lambda content: content, "is truncated, damaged or in a different format"),
        (lambda _: b"", "got "),
    ],
    ids=["a byte more", "junk behind", "twice", "cut short", "wrong checksum", "broken", "not gzip", "empty"],
)
def test_a_damaged_gzip_file_is_refused(folder, damage, reason):
    plain = folder / "t10k-labels-idx1-ubyte"
    packed = folder / "t10k-labels-idx1-ubyte.gz"
    packed.write_bytes(damage(plain.read_bytes()))
    plain.unlink()
    message = refusal(folder)
    assert str(packed) in message
    assert reason in message


def test_a_gzip_bomb_is_refused_without_the_memory_it_asks_for(folder, traced):
    plain = folder / "t10k-labels-idx1-ubyte"
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(plain.read_bytes() + bytes(200 * 2**20), 1))
    plain.unlink()
    with traced() as peak:
        message = refusal(folder)
    assert "has extra data after the 10 bytes" in message
    assert peak() < 8 * 2**20


def test_one_flipped_bit_is_refused_by_name(folder):
    path = folder / "train-images-idx3-ubyte"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert f"x_train in {folder} does not contain the published digits" in refusal(folder)


@pytest.fixture
def forbidden(folder):
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def test_a_folder_without_permission_is_refused_in_plain_words(forbidden, nobody):  # noqa: ARG001  # in this order
    assert "can't be read (Permission denied)" in refusal(forbidden)
