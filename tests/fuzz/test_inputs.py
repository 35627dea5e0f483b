"""How an input becomes a file for a reader, and which inputs fuzzing starts from and derives."""

import gzip
import io
import json
import struct
import zipfile

import numpy as np
import pytest
from PIL import Image

from fuzz import drawings_and_weights, mnist
from fuzz.harness import ARRAYS, WEIGHTS
from tensorbook.data import DataError, Mnist, Split, checksums

STRANGE = np.arange(7)
GOOD = Mnist(Split(*[*ARRAYS.values()][:2]), Split(*[*ARRAYS.values()][2:]))


def npy(array):
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def idx(array):
    lengths = b"".join(struct.pack(">I", length) for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + bytes(array.ravel().tolist())


@pytest.fixture
def given(monkeypatch):
    """The paths that readers of MNIST were given."""
    paths = []
    for reader in ("read_npz", "read_idx"):
        monkeypatch.setattr(mnist, reader, lambda path: paths.append(path) or GOOD)
    return paths


@pytest.mark.parametrize("first", range(11))
def test_one_array_of_an_archive_is_the_input_or_the_whole_is(first, given, tmp_path):
    rest = npy(STRANGE)
    mnist.fuzz_npz(bytes([first]) + rest, tmp_path)
    [path] = given
    if first % 5 == 0:
        assert path.read_bytes() == rest
        return
    with np.load(path) as archive:
        assert list(archive) == list(ARRAYS)
        for number, (key, good) in enumerate(ARRAYS.items(), start=1):
            assert np.array_equal(archive[key], STRANGE if number == first % 5 else good)


def test_an_archive_to_start_from_is_deflated_and_of_no_date():
    whole, *members, fortran = mnist.npz_seeds()
    with zipfile.ZipFile(io.BytesIO(whole[1:])) as archive:
        about = {one.filename: (one.compress_type, one.date_time) for one in archive.infolist()}
    assert about == {f"{key}.npy": (zipfile.ZIP_DEFLATED, (1980, 1, 1, 0, 0, 0)) for key in ARRAYS}
    for number, (member, good) in enumerate(zip(members, ARRAYS.values(), strict=True), start=1):
        assert member[0] == number
        assert np.array_equal(np.load(io.BytesIO(member[1:])), good)
    array = np.load(io.BytesIO(fortran[1:]))
    assert fortran[0] == 1
    assert np.array_equal(array, ARRAYS["x_train"])
    assert np.isfortran(array)


@pytest.mark.parametrize("first", range(25))
def test_one_of_four_idx_files_is_the_input_plain_or_gzipped_or_called_so(first, given, tmp_path):
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_text("left by the input before")
    (tmp_path / "notes.txt").write_text("stays")
    rest = b"any bytes at all" * 50
    mnist.fuzz_idx(bytes([first]) + rest, tmp_path)
    assert given == [tmp_path]
    names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]
    expected = {name: idx(array) for name, array in zip(names, ARRAYS.values(), strict=True)}
    del expected[names[first % 4]]
    form = first // 4 % 3
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found.pop("notes.txt") == b"stays"
    strange = found.pop(names[first % 4] + (".gz" if form else ""))
    assert (gzip.decompress(strange) if form == 1 else strange) == rest
    assert found == expected


def test_idx_files_to_start_from_are_each_in_each_form_and_of_no_date():
    seeds = {seed[0]: seed[1:] for seed in mnist.idx_seeds()}
    assert sorted(seeds) == list(range(12))
    for number, array in enumerate(ARRAYS.values()):
        assert seeds[number] == seeds[number + 4] == idx(array), "plain, and as what is gzipped for it"
        assert gzip.decompress(seeds[number + 8]) == idx(array)
        assert seeds[number + 8][4:8] == bytes(4), "no time in the header"


def test_a_png_file_is_mended_where_the_first_byte_is_odd(tmp_path):
    png = next(seed[1:] for seed in drawings_and_weights.drawing_seeds() if seed[0] == 1)
    damaged = bytearray(png)
    damaged[29:33] = b"\0\0\0\0"  # the checksum of its header
    drawn = drawings_and_weights.fuzz_drawing(b"\0" + png, tmp_path)
    for first in range(7):
        assert np.array_equal(drawings_and_weights.fuzz_drawing(bytes([first]) + png, tmp_path), drawn)
        if first % 2:
            assert np.array_equal(drawings_and_weights.fuzz_drawing(bytes([first]) + bytes(damaged), tmp_path), drawn)
        else:
            with pytest.raises(DataError):
                drawings_and_weights.fuzz_drawing(bytes([first]) + bytes(damaged), tmp_path)


def test_drawings_that_lose_nothing_hold_the_very_stroke():
    stroke = [[10 if 2 <= row < 10 and 4 <= column < 6 else 250 for column in range(9)] for row in range(12)]
    exact = 0
    for seed in drawings_and_weights.drawing_seeds():
        with Image.open(io.BytesIO(seed[1:])) as image:
            if image.format == "PNG" and image.mode in ("L", "LA", "RGB", "RGBA", "I;16"):
                grey = np.asarray(image if image.mode == "I;16" else image.convert("L"))
                assert grey.tolist() == stroke
                exact += 1
            elif image.mode == "1":
                assert (np.asarray(image) == (np.array(stroke) > 127)).all()
    assert exact == 5 * 2, "each as it is and for repair"


@pytest.mark.usefixtures("small")
def test_a_header_of_weights_gets_its_length_and_numbers_where_the_first_byte_is_odd(tmp_path):
    whole, header, *_ = drawings_and_weights.weights_seeds()
    assert whole[:9] == b"\0" + len(header[1:]).to_bytes(8, "little")
    assert whole[9:] == header[1:] + bytes(46), "23 numbers of two bytes"
    for first in range(7):
        good, other = (header, whole) if first % 2 else (whole, header)
        arrays = drawings_and_weights.fuzz_weights(bytes([first]) + good[1:], tmp_path)
        assert [array.shape for array in arrays] == [(4, 3), (3,), (3, 2), (2,)]
        assert not any(array.any() for array in arrays)
        with pytest.raises(DataError):
            drawings_and_weights.fuzz_weights(bytes([first]) + other[1:], tmp_path)


def test_headers_of_weights_are_good_or_wrong_in_one_thing():
    _, good, *others = [json.loads(seed[1:]) if seed[0] else None for seed in drawings_and_weights.weights_seeds()]
    assert good.pop("__metadata__") == {"book": "tensorbook"}
    assert {name: tuple(one["shape"]) for name, one in good.items()} == WEIGHTS
    assert [one["data_offsets"] for one in good.values()] == [[0, 24], [24, 30], [30, 42], [42, 46]]
    assert {one["dtype"] for one in good.values()} == {"F16"}
    assert [(one["dtype"], one["shape"], one["data_offsets"]) for other in others for one in other.values()] == [
        ("I8", [46], [0, 46]),
        ("BF16", [23], [0, 46]),
        ("F8_E4M3", [46], [0, 46]),
        ("F" * 2000, [23], [0, 46]),
        ("F16", [2**62, 4], [0, 46]),
        ("F16", [23], [46, 0]),
    ]
    assert {name for other in others for name in other} == {"hidden/bias"}


def test_the_small_weights_fit_together_as_a_network_s():
    kernel, bias, output_kernel, output_bias = WEIGHTS.values()
    assert (kernel[1:], bias, output_kernel[1:]) == (bias, output_kernel[:1], output_bias)


@pytest.mark.usefixtures("small")
def test_the_small_ones_pass_for_mnist_and_for_weights_while_fuzzing():
    assert [(one.key, one.shape) for one in checksums.MNIST] == [(key, array.shape) for key, array in ARRAYS.items()]
    assert checksums.verify([*ARRAYS.values()], checksums.MNIST, "memory") == GOOD
    assert drawings_and_weights.drawings.MAX_PIXELS == 100_000
