"""What a stranger's weights file can contain: it is read as numbers or rejected in one line, and nothing in it runs."""

import contextlib
import io
import json
import os
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from tensorbook.book.results.book_record import Record
from tensorbook.data import DataError, load_sample, prepare_images
from tensorbook.models import build_network
from tensorbook.weights import (
    MOST,
    SHAPES,
    WEIGHTS_FILE,
    dump_weights,
    network_from_weights,
    read_weights,
    trained_network,
    weights_in_order,
)

RESULTS = Path(__file__).parents[1] / "docs/results"


def arrays(**changed):
    """Return good weights, with some of the arrays changed; None leaves one out."""
    good = {name: np.zeros(shape, np.float16) for name, shape in SHAPES.items()}
    changed = {name.replace("_", "/"): array for name, array in changed.items()}
    return {name: array for name, array in {**good, **changed}.items() if array is not None}


class Trap:
    """Unpickling this would create a folder."""

    def __reduce__(self):
        return os.mkdir, ("sprung",)


def lambda_network() -> bytes:
    """A network as Keras saves it, with a layer of Python code that `safe_mode=False` would run."""
    import keras

    network = keras.Sequential([keras.Input((1,)), keras.layers.Lambda(lambda x: [x, Path("sprung").mkdir()][0])])
    Path("sprung").rmdir()  # building it once ran the code
    network.save("stranger.keras")
    return Path("stranger.keras").read_bytes()


def npz(**members) -> bytes:
    content = io.BytesIO()
    np.savez(content, **members)
    return content.getvalue()


def header(length: int, text: bytes = b"{}") -> bytes:
    return struct.pack("<Q", length) + text


def entry(**fields) -> bytes:
    """Return a safetensors file with one array, whose description may be false."""
    about = {"dtype": "F16", "shape": [10], "data_offsets": [0, 20], **fields}
    text = json.dumps({"output/bias": about}).encode()
    return header(len(text), text) + bytes(20)


GOOD = save(arrays())
NO_FORMAT = "is not a weights file in safetensors format"
FILES = {
    "empty": (b"", NO_FORMAT),
    "a page": (b"<html>404</html>", NO_FORMAT),
    "a pickle": (pickle.dumps(Trap()), NO_FORMAT),
    "a pickle of another version": (pickle.dumps([Trap()], protocol=0), NO_FORMAT),
    "pickled arrays": (npz(hidden=np.array([Trap()], dtype=object)), NO_FORMAT),
    "cut short": (GOOD[:-1], NO_FORMAT),
    "cut in the header": (GOOD[:40], NO_FORMAT),
    "a byte more": (GOOD + b"\0", NO_FORMAT),
    "a header of 2 ** 60 bytes": (header(2**60), NO_FORMAT),
    "a header of 200 MB": (header(200_000_000), NO_FORMAT),
    "a header that is not JSON": (header(4, b"{]{]"), NO_FORMAT),
    "a header of brackets": (header(9000, b"[" * 9000), NO_FORMAT),
    "a header with code": (header(28, b'__import__("os").abort()   '), NO_FORMAT),
    "an array past the end": (entry(data_offsets=[0, 2**40]), NO_FORMAT),
    "an array before the start": (entry(data_offsets=[-20, 0]), NO_FORMAT),
    "an enormous shape": (entry(shape=[2**62, 2**62]), NO_FORMAT),
    "a type that nobody knows": (entry(dtype="F17"), NO_FORMAT),
    "a type that NumPy lacks": (entry(dtype="F8_E4M3", shape=[20]), ""),
    "an array too few": (save(arrays(output_bias=None)), "must contain hidden/kernel float16 (784, 512), "),
    "an array too many": (save(arrays(extra=np.zeros(3, np.float16))), "extra float16 (3,)"),
    "another shape": (save(arrays(output_kernel=np.zeros((10, 512), np.float16))), "output/kernel float16 (10, 512)"),
    "another network": (save(arrays(hidden_bias=np.zeros(256, np.float16))), "hidden/bias float16 (256,)"),
    "another dtype": (save(arrays(output_bias=np.zeros(10, np.int64))), "output/bias int64 (10,)"),
    "NaN": (save(arrays(output_bias=np.full(10, np.nan, np.float16))), "output/bias in"),
    "infinity": (save(arrays(output_bias=np.full(10, np.inf, np.float16))), "numbers that are not finite"),
    "too large": (bytes(MOST + 1), "too large for these weights"),
}


def refusal(path) -> str:
    with pytest.raises(DataError) as error:
        read_weights(path)
    message = str(error.value)
    assert "\n" not in message
    assert "run `tensorbook train` to recreate it" in message
    assert len(message) < 900
    return message


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not Path("sprung").exists()


def test_good_weights_are_read():
    Path("weights").write_bytes(GOOD)
    assert [weights.shape for weights in read_weights(Path("weights"))] == list(SHAPES.values())


@pytest.mark.parametrize(("content", "reason"), FILES.values(), ids=FILES)
def test_other_weights_are_refused_in_one_line_and_never_run(content, reason):
    Path("weights").write_bytes(content)
    assert reason in refusal(Path("weights"))


@pytest.mark.filterwarnings("ignore")
def test_a_network_of_keras_with_python_code_in_it_is_refused_and_never_run():
    Path("weights").write_bytes(lambda_network())
    assert NO_FORMAT in refusal(Path("weights"))


def test_a_folder_and_a_pipe_are_refused_and_not_waited_for(tmp_path):
    os.mkfifo("pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        assert f"{path} is not a file" in refusal(path)


def test_weights_of_another_run_than_the_record_s_are_refused(tmp_path):
    results = Path(__file__).parents[1] / "docs" / "results"
    record = Record.load(results)
    assert record.weights_in(results) == results / record.weights.file
    (tmp_path / record.weights.file).write_bytes(GOOD)
    with pytest.raises(DataError, match=r"is not the weights file from the run in .*record.json: run"):
        record.weights_in(tmp_path)
    (tmp_path / record.weights.file).unlink()
    with pytest.raises(DataError, match=r"can't be read \(No such file or directory\): run"):
        record.weights_in(tmp_path)


def test_whichever_byte_is_flipped_the_weights_are_numbers_or_refused():
    for place in [*range(400), *range(400, len(GOOD), 20_000)]:
        damaged = bytearray(GOOD)
        damaged[place] ^= 1 << place % 8
        Path("weights").write_bytes(damaged)
        with contextlib.suppress(DataError):
            assert all(np.isfinite(weights).all() for weights in read_weights(Path("weights")))


def test_the_recorded_weights_are_written_as_they_were_read():
    network = network_from_weights(read_weights(RESULTS / WEIGHTS_FILE))
    assert [array.shape for array in weights_in_order(network)] == list(SHAPES.values())
    assert dump_weights(network) == (RESULTS / WEIGHTS_FILE).read_bytes()
    assert len(dump_weights(network)) < MOST / 20


def test_the_network_of_the_book_is_the_recorded_one_in_keras_too():
    images = prepare_images(load_sample().test.images[:100])
    in_keras = build_network()
    in_keras.set_weights(read_weights(RESULTS / WEIGHTS_FILE))
    np.testing.assert_allclose(trained_network().predict(images), in_keras.predict(images, verbose=0), atol=1e-5)


def test_without_its_weights_the_installation_is_said_to_be_damaged(monkeypatch, tmp_path):
    monkeypatch.setattr("tensorbook.weights.PLACES", (tmp_path / "weights.safetensors", tmp_path / "elsewhere"))
    with pytest.raises(DataError, match="weights are missing or damaged: reinstall tensorbook"):
        trained_network()


def test_the_file_of_an_installed_package_comes_first(monkeypatch, tmp_path):
    places = tmp_path / "installed", tmp_path / "checkout"
    monkeypatch.setattr("tensorbook.weights.PLACES", places)
    for path, bias in zip(places, (1, 2), strict=True):
        path.write_bytes(save(arrays(output_bias=np.full(10, bias, np.float16))))
    assert weights_in_order(trained_network())[-1].tolist() == [1] * 10
    places[0].unlink()
    assert weights_in_order(trained_network())[-1].tolist() == [2] * 10
