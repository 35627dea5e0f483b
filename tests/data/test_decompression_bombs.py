"""The cost of a decompression bomb as the operating system counts it: a process's peak resident memory."""

import gzip
import sys
import zipfile

import pytest

CODE = """
import resource, sys
from pathlib import Path
from tensorbook.data import DataError, load_mnist
from tensorbook.drawings import load_drawing
path = Path(sys.argv[1])
try:
    (load_drawing if path.suffix == ".png" else load_mnist)(path)
except DataError as error:
    print("refused:", error)
if sys.platform == "linux":
    # Not `ru_maxrss`: it counts from the fork on, when this process was still a copy of its parent.
    [peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
    print(int(peak) // 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2)
"""
MOST = 400  # MiB: more than all of MNIST needs, but less than the bombs contain


@pytest.fixture
def load(processes):
    """Load a file in a separate process; return its message and its peak memory in MiB."""

    def run(path) -> tuple[str, int]:
        *said, peak = processes.run([sys.executable, "-c", CODE, path], check=True).stdout.splitlines()
        return "".join(said), int(peak)

    return run


def test_all_of_mnist_needs_less_than_the_limit(load, mnist_file):
    said, peak = load(mnist_file)
    assert not said
    assert peak < MOST


def header(shape: str) -> bytes:
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize("shape", ["(60000, 28, 28)", "(536870912,)"])
def test_a_zip_bomb_of_half_a_gib_stays_below_the_limit(load, tmp_path, shape):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("x_train.npy", "w", force_zip64=True) as member:
            member.write(header(shape))
            for _ in range(512):
                member.write(bytes(2**20))
        for key, others in {"y_train": "(60000,)", "x_test": "(10000, 28, 28)", "y_test": "(10000,)"}.items():
            archive.writestr(f"{key}.npy", header(others))
    assert path.stat().st_size < 8 * 2**20
    said, peak = load(path)
    assert "has extra data after the 47,040,000 bytes" in said or "must be uint8 of shape (60000, 28, 28)" in said
    assert peak < MOST


def test_a_gzip_bomb_of_half_a_gib_stays_below_the_limit(load, tmp_path):
    for name in ("train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        (tmp_path / name).touch()
    with gzip.open(tmp_path / "train-images-idx3-ubyte.gz", "wb", compresslevel=1) as file:
        file.write(bytes.fromhex("000008030000ea600000001c0000001c"))
        for _ in range(512):
            file.write(bytes(2**20))
    said, peak = load(tmp_path)
    assert "has extra data after the 47,040,000 bytes" in said
    assert peak < MOST


# By day, those that take the most memory to be made grey.
@pytest.mark.parametrize("mode", ["RGBA", "I;16", *(pytest.param(mode, marks=pytest.mark.nightly) for mode in "1P")])
def test_the_largest_picture_that_is_taken_stays_below_the_limit(load, tmp_path, mode):
    from PIL import Image

    from tensorbook.drawings import MAX_PIXELS

    side = int(MAX_PIXELS**0.5)
    picture = Image.new(mode, (side, side))
    picture.paste(1, (side // 3, side // 3, side // 2, side // 2))
    picture.save(tmp_path / "large.png", compress_level=1)
    said, peak = load(tmp_path / "large.png")
    assert peak < MOST, said
