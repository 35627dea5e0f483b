"""Fuzzing the readers of drawings and weights.

As for MNIST's readers, the first byte of an input decides how the rest becomes a file.
"""

import io
import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fuzz.harness import WEIGHTS, must, write
from tensorbook import drawings
from tensorbook.weights import read_weights


def fuzz_drawing(data: bytes, folder: Path) -> np.ndarray:
    """Read a picture as it is, or a PNG file with corrected checksums."""
    content = _with_checksums(data[1:]) if data[0] % 2 else data[1:]
    digit = drawings.load_drawing(write(folder / "fuzzed.png", content))
    must(digit.shape == (28, 28) and digit.dtype == np.uint8, "a drawing is 28 × 28 bytes")
    must(bool(digit.any()), "a drawing without ink was returned")
    return digit


def drawing_seeds() -> list[bytes]:
    """Return a stroke in every supported format, with every kind of pixel."""
    return list(_pictures())


def _pictures() -> Iterator[bytes]:
    from PIL import Image

    grey = np.full((12, 9), 250, dtype=np.uint8)
    grey[2:10, 4:6] = 10
    stroke = Image.fromarray(grey)
    modes = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), "TIFF": ("1", "RGB", "CMYK"), "JPEG": ("L", "CMYK")}
    for form in drawings.FORMATS:
        for mode in modes.get(form, ("RGB",)):
            content = io.BytesIO()
            stroke.convert("I" if mode == "I;16" else mode).convert(mode).save(content, form)
            yield b"\0" + content.getvalue()
            if form == "PNG":
                yield b"\1" + content.getvalue()


def _with_checksums(png: bytes) -> bytes:
    """Correct the checksum after each part of a PNG file, as far as its parts are complete."""
    parts, place = [png[:8]], 8
    while place + 12 <= len(png):
        end = place + 8 + int.from_bytes(png[place : place + 4])
        if end > len(png):
            break
        parts += [png[place:end], struct.pack(">I", zlib.crc32(png[place + 4 : end]))]
        place = end + 4
    return b"".join(parts) + png[place:]


def fuzz_weights(data: bytes, folder: Path) -> list[np.ndarray]:
    """Read a weights file as it is, or good numbers after a header with a corrected length."""
    content = data[1:]
    if data[0] % 2:
        content = struct.pack("<Q", len(content)) + content + bytes(2 * sum(map(_entries, WEIGHTS.values())))
    arrays = read_weights(write(folder / "fuzzed.safetensors", content))
    must([array.shape for array in arrays] == list(WEIGHTS.values()), "weights of other shapes were returned")
    must(all(np.isfinite(array).all() for array in arrays), "weights that are not finite were returned")
    return arrays


def weights_seeds() -> list[bytes]:
    """Return a good file, its header alone, and headers with an error in one part. The header is read in Rust, where
    fuzzing sees no branches, so it needs examples of each case.
    """
    about: dict[str, Any] = {"__metadata__": {"book": "tensorbook"}}
    end = 0
    for name, shape in WEIGHTS.items():
        start, end = end, end + 2 * _entries(shape)
        about[name] = {"dtype": "F16", "shape": shape, "data_offsets": [start, end]}
    good = _json(about)
    single = {"dtype": "F16", "shape": [end // 2], "data_offsets": [0, end]}
    others = [
        *(
            {**single, "dtype": dtype, "shape": [end // size]}
            for dtype, size in (("I8", 1), ("BF16", 2), ("F8_E4M3", 1))
        ),
        {**single, "dtype": "F" * 2000},
        {**single, "shape": [2**62, 4]},
        {**single, "data_offsets": [end, 0]},
    ]
    headers = [good, *(_json({"hidden/bias": other}) for other in others)]
    return [b"\0" + struct.pack("<Q", len(good)) + good + bytes(end), *(b"\1" + header for header in headers)]


def _json(about: dict[str, Any]) -> bytes:
    return json.dumps(about).encode()


def _entries(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape))
