"""The inputs that fuzzing starts from are good, and a reader with wrong results is detected."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from fuzz import drawings_and_weights, mnist
from fuzz.file_readers import TARGETS
from fuzz.harness import ARRAYS, LONGEST, WEIGHTS, attempt, must
from tensorbook import drawings
from tensorbook.data import DataError, Mnist, Split, checksums


def test_each_reader_has_its_own_target():
    assert sorted(TARGETS) == ["drawing", "idx", "npz", "weights"]
    assert {name: len(target.seeds()) for name, target in TARGETS.items()} == {
        "npz": 1 + 4 + 1,  # an archive, each array, and one in the other order
        "idx": 4 * 3,  # four files, plain, gzipped and as what calls itself so
        "drawing": 7 * 2 + 3 + 2 + len(drawings.FORMATS) - 3,  # a picture for each kind of pixels; PNG also for repair
        "weights": 2 + 6,
    }
    for target in TARGETS.values():
        assert len(set(target.seeds())) == len(target.seeds())
        assert target.seeds() == target.seeds()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("name", "number"),
    [(name, n) for name in ("npz", "idx", "drawing") for n in range(len(TARGETS[name].seeds()))]
    + [("weights", 0), ("weights", 1)],
)
def test_what_is_good_is_read(name, number, tmp_path):
    TARGETS[name].read(TARGETS[name].seeds()[number], tmp_path)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("number", range(2, 8))
def test_headers_of_weights_of_which_a_part_is_wrong_are_refused(number, tmp_path):
    with pytest.raises(DataError):
        TARGETS["weights"].read(TARGETS["weights"].seeds()[number], tmp_path)


def test_weights_start_from_a_header_that_safetensors_writes():
    from safetensors.numpy import load

    arrays = load(TARGETS["weights"].seeds()[0][1:])
    assert {name: array.shape for name, array in arrays.items()} == WEIGHTS
    assert {array.dtype for array in arrays.values()} == {np.dtype("float16")}


def test_drawings_start_from_a_dark_stroke_on_light_paper_in_every_format():
    seen = set()
    for seed in TARGETS["drawing"].seeds():
        with Image.open(io.BytesIO(seed[1:])) as image:
            seen.add((image.format, image.mode))
            grey = np.asarray(image.convert("RGB").convert("L"), dtype=float)
        assert grey.shape == (12, 9)
        if image.mode != "I;16":
            assert grey[3:9, 4:6].mean() + 50 < grey[:, :2].mean()
    assert {form for form, _ in seen} == set(drawings.FORMATS)
    assert {mode for form, mode in seen if form == "PNG"} == {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}
    assert {mode for form, mode in seen if form == "TIFF"} == {"1", "RGB", "CMYK"}
    assert {mode for form, mode in seen if form == "JPEG"} == {"L", "CMYK"}


def chunks(png):
    """Return the position of each part's checksum in a PNG file."""
    places, place = [], 8
    while place < len(png):
        place += 8 + struct.unpack(">I", png[place : place + 4])[0]
        places.append(place)
        place += 4
    return places


def test_the_checksums_of_a_png_file_are_put_right_and_nothing_else():
    png = TARGETS["drawing"].seeds()[1][1:]
    assert len(chunks(png)) >= 3
    wrong = bytearray(png)
    for place in chunks(png):
        wrong[place : place + 4] = b"\xff\x00\xff\x00"
    assert drawings_and_weights._with_checksums(bytes(wrong)) == png
    assert drawings_and_weights._with_checksums(png) == png
    within = {place + n for place in chunks(png) for n in range(4)}  # a checksum that is cut off is completed
    for length in {*range(len(png))} - within:
        whole = max([8, *(place + 4 for place in chunks(png) if place + 4 <= length)])
        assert (
            drawings_and_weights._with_checksums(bytes(wrong[:length])) == (png[:whole] + bytes(wrong[whole:]))[:length]
        )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (np.zeros((28, 28), np.uint8), "a drawing without ink was returned"),
        (np.ones((28, 27), np.uint8), "a drawing is 28 × 28 bytes"),
        (np.ones((28, 28), np.float32), "a drawing is 28 × 28 bytes"),
    ],
)
def test_a_drawing_that_is_none_is_found_out(answer, told, tmp_path, monkeypatch):
    monkeypatch.setattr(drawings, "load_drawing", lambda _: answer)
    with pytest.raises(AssertionError, match=told):
        drawings_and_weights.fuzz_drawing(b"\0x", tmp_path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda arrays: arrays[:3], "weights of other shapes were returned"),
        (lambda arrays: [*arrays[:3], arrays[3][:1]], "weights of other shapes were returned"),
        (lambda arrays: [*arrays[:3], arrays[3] * np.inf], "weights that are not finite were returned"),
    ],
)
def test_weights_that_are_none_are_found_out(change, told, tmp_path, monkeypatch):
    good = [np.ones(shape, np.float32) for shape in WEIGHTS.values()]
    monkeypatch.setattr(drawings_and_weights, "read_weights", lambda _: good)
    assert drawings_and_weights.fuzz_weights(b"\0x", tmp_path) is good
    monkeypatch.setattr(drawings_and_weights, "read_weights", lambda _: change(good))
    with pytest.raises(AssertionError, match=told):
        drawings_and_weights.fuzz_weights(b"\0x", tmp_path)


@pytest.mark.parametrize("place", range(4))
def test_digits_that_are_not_the_published_ones_are_found_out(place, tmp_path, monkeypatch):
    arrays = [array.copy() for array in ARRAYS.values()]
    for name, fuzz in (("read_npz", mnist.fuzz_npz), ("read_idx", mnist.fuzz_idx)):
        answer = Mnist(Split(*arrays[:2]), Split(*arrays[2:]))
        monkeypatch.setattr(mnist, name, lambda _, answer=answer: answer)
        assert fuzz(b"\0x", tmp_path) is answer
        arrays[place].flat[-1] ^= 1
        with pytest.raises(AssertionError, match="arrays that are not the published ones were returned"):
            fuzz(b"\0x", tmp_path)
        arrays[place].flat[-1] ^= 1


def test_what_stands_for_mnist_is_nobody_s_digits():
    x_train, _, x_test, _ = ARRAYS.values()
    assert x_train.ravel().tolist() == [n % 251 for n in range(2 * 784)]
    assert x_test.ravel().tolist() == [n % 83 for n in range(784)]
    assert {name: (array.shape, array.dtype) for name, array in ARRAYS.items()} == {
        array.key: ((n, *array.shape[1:]), np.dtype("uint8"))
        for array, n in zip(checksums.MNIST, (2, 2, 1, 1), strict=True)
    }


def test_a_message_may_have_one_letter_to_a_thousand_and_an_input_none():
    def refuse(data, _folder):
        raise DataError({b"\0": "x" * LONGEST, b"one": "x", b"none": ""}.get(data, "x" * (LONGEST + 1)))

    target = TARGETS["npz"]._replace(read=refuse)
    attempt(target, b"", None)
    attempt(target, b"one", None)
    for other in (b"none", b"more"):
        with pytest.raises(AssertionError, match="not one line for a person"):
            attempt(target, other, None)
    must(True, "is not raised")
