"""Prepare a drawing or a photo of a digit the way MNIST's digits were prepared.

``docs/javascripts/drawing/preparation.js`` takes the same steps for drawings on a page.
"""

import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tensorbook.data import DataError
from tensorbook.find_ink import CONTRAST, DETAIL, find_ink, take_means

if TYPE_CHECKING:
    from PIL.Image import Image

EXAMPLE = Path(__file__).with_name("example_drawing.png")  # the three of "Show me", saved with "Save as PNG"
SIZE = 28
BOX = 20  # MNIST's digits were scaled into 20 × 20, then centred in 28 × 28
CENTRE = 14  # the pixel that contains the centre of mass, counted from 0: measured on MNIST's own digits
MAX_PIXELS = 65_000_000  # a larger picture is rejected before it is decoded; 64 megapixels of a phone are fine
STRIP = 1_000_000  # about this many pixels are converted to grey at once
ORIENTATION = 0x0112  # the number of the tag that says how a camera was held
# For each value of the tag, what makes the picture upright.
UPRIGHT: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: np.fliplr,
    3: lambda grey: grey[::-1, ::-1],
    4: np.flipud,
    5: np.transpose,
    6: lambda grey: np.rot90(grey, -1),
    7: lambda grey: grey[::-1, ::-1].T,
    8: np.rot90,
}
# JPEG includes the MPO of phones. Pillow reads many more formats, some of them by running other programs: a stranger's
# file must not be able to choose one.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")


def load_drawing(path: str | os.PathLike[str]) -> np.ndarray:
    """Read a picture of a digit and prepare it the way MNIST's digits were prepared.

    The ink may be dark on a light background or the reverse. It is found despite dust, noise and uneven light, cut out,
    scaled to fit into 20 × 20 pixels without distortion, and centred in 28 × 28 pixels by its centre of mass.

    A photo is turned upright if its metadata says how the camera was held (EXIF orientation, 1 to 8). Gamma and ICC
    profiles are ignored: they change how dark the ink looks but not where it is, and the shades are stretched anyway.
    Transparent pixels count as white paper, or as black paper if the ink is white. Pixels may have 8, 16 or 32 bits or
    be floats.

    Args:
        path: A PNG, JPEG, MPO, GIF, BMP, WebP, TIFF or PPM file of up to 65,000,000 pixels.

    Returns:
        uint8 array of shape ``(28, 28)``, 0 (background) to 255 (ink).

    Raises:
        DataError: The file can't be read, is not a picture, is too large, or is blank.

    Source:
        The description of the MNIST database by LeCun, Cortes and Burges. It does not say which pixel gets the centre
        of mass; ``CENTRE`` was measured on MNIST's digits.
    """
    from PIL import Image, UnidentifiedImageError

    if Path(path).exists() and not Path(path).is_file():
        raise DataError(f"{path} is not a file: choose a PNG or JPEG file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow's warnings about odd metadata, and about sizes that are rejected below
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise DataError(
                        f"{path} has {image.width} × {image.height} pixels; "
                        f"a drawing can have at most {MAX_PIXELS:,}: scale it down."
                    )
                grey = _grey(image)
    except DataError as error:
        raise DataError(str(error) if str(path) in str(error) else f"{path} can't be read. {error}") from None
    except UnidentifiedImageError:
        raise DataError(f"{path} is not a picture in a format that can be read: use a PNG or JPEG file.") from None
    except Image.DecompressionBombError:
        raise DataError(
            f"{path} has too many pixels; a drawing can have at most {MAX_PIXELS:,}: scale it down."
        ) from None
    except OSError as error:
        raise DataError(f"{path} can't be read as a picture ({error.strerror or error}).") from None
    except Exception as error:
        # With damaged files Pillow's decoders raise all kinds of errors, even TypeError: no list would be complete.
        raise DataError(f"{path} is a damaged picture ({error}).") from None
    ink = find_ink(grey)
    if not ink.any():
        raise DataError(f"{path} is blank: a drawing needs ink that stands out from its background.")
    return place_ink(ink)


def prepare_drawing(picture: "np.ndarray | Image | Sequence[Sequence[float]]") -> np.ndarray:
    """Find the ink in a picture, cut it out, and scale and centre it like MNIST's digits.

    Args:
        picture: Array of shape ``(height, width)``, ``(height, width, 3)`` in colour, or ``(height, width, 4)`` with
            transparency. It contains numbers from 0 (black) to 255 (white), floats from 0 to 1, booleans, or integers
            of more than 8 bits. The ink may be dark on light or the reverse. Lists and Pillow images are accepted, too.

    Returns:
        uint8 array of shape ``(28, 28)``, 0 (background) to 255 (ink).

    Raises:
        DataError: The picture is none of these, or it is blank.

    Examples:
        >>> import numpy as np
        >>> page = np.full((100, 60), 255, dtype=np.uint8)
        >>> page[20:80, 28:32] = 0
        >>> digit = prepare_drawing(page)
        >>> digit.shape, int(digit.max())
        ((28, 28), 255)
        >>> np.flatnonzero(digit.any(axis=1))[[0, -1]]
        array([ 5, 24])
    """
    from PIL import Image

    grey = _grey(picture) if isinstance(picture, Image.Image) else _grey_array(picture)
    ink = find_ink(grey)
    if not ink.any():
        raise DataError(
            f"A drawing needs ink that stands out from its background; this picture of shape {grey.shape} is blank."
        )
    return place_ink(ink)


def _grey(image: "Image") -> np.ndarray:
    """Return the grey values of a Pillow image, upright; transparent pixels are white, or black if white shows nothing.

    This works strip by strip, because the colours of a whole large photo would take twice the memory. For a large
    photo, it returns the means that ``find_ink`` would compute.
    """
    image.load()
    side = max(1, max(image.size) // DETAIL)
    rows = side * max(1, STRIP // image.width // side)
    strips = []
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        strips.append([take_means(grey, side) for grey in _on_white_and_black(strip)])
    on_white, on_black = (_from_0_to_255(np.concatenate(parts)) for parts in zip(*strips, strict=True))
    grey = on_black if np.ptp(on_white) < CONTRAST else on_white
    upright: np.ndarray = UPRIGHT.get(image.getexif().get(ORIENTATION, 1), np.asarray)(grey)
    return upright


def _on_white_and_black(strip: "Image") -> tuple[np.ndarray, np.ndarray]:
    """Return the grey values of an image on a white background and on a black background."""
    from PIL import Image

    if strip.mode[0] in "IF":  # 16 or 32 bits, or floats: Pillow would cut them off at 255
        grey = np.asarray(strip)
        return grey, grey
    colours = strip.convert("RGBA")
    grounds = (Image.new("RGBA", strip.size, ground) for ground in ("white", "black"))
    on_white, on_black = (np.asarray(Image.alpha_composite(ground, colours).convert("L")) for ground in grounds)
    return on_white, on_black


def _grey_array(picture: "np.ndarray | Sequence[Sequence[float]]") -> np.ndarray:
    """Return an array or lists as grey values from 0 to 255 of shape ``(height, width)``."""
    from PIL import Image

    try:
        array = np.asarray(picture)
    except ValueError:  # lists of different lengths
        raise DataError("A drawing needs rows of equal length: shape (height, width).") from None
    if array.size and array.dtype.kind in "buif" and array.shape[2:] in ((), (1,), (3,), (4,)) and array.ndim > 1:
        array = _from_0_to_255(array)
        if array.shape[2:] in ((3,), (4,)):
            return _grey(Image.fromarray(np.rint(array).astype(np.uint8)))
        one: np.ndarray = array.reshape(array.shape[:2])
        return one
    raise DataError(
        "A drawing needs numbers of shape (height, width), or (height, width, 3) in colour; "
        f"got {array.dtype} of shape {array.shape}."
    )


def _from_0_to_255(values: np.ndarray) -> np.ndarray:
    """Convert booleans, floats from 0 to 1 and numbers of more than 8 bits to the range 0 to 255."""
    low, high = float(values.min()), float(values.max())
    if not 0 <= low <= high < np.inf:
        raise DataError(
            f"A drawing needs numbers from 0 to 255, or from 0 to 1; "
            f"got {values.dtype} of shape {values.shape}, from {low:g} to {high:g}."
        )
    if high <= 1:
        return values.astype(np.float32) * 255
    if high <= 255:
        return values
    largest = 2 ** int(high).bit_length() - 1  # 16 bits, or the 12 of some scanners
    return np.asarray(values, dtype=np.float32) * np.float32(255 / largest)


def place_ink(ink: np.ndarray) -> np.ndarray:
    """Cut out the ink, scale it to fit into 20 × 20 pixels, and centre it in 28 × 28 pixels by its centre of mass.

    Args:
        ink: float array of shape ``(height, width)``, 0.0 where there is no ink; at least one entry is larger.

    Returns:
        uint8 array of shape ``(28, 28)``, 0 (background) to 255 (ink).
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, _rounded(side * BOX / max(cut.shape))) for side in cut.shape)
    small = _shares(cut.shape[0], height) @ cut @ _shares(cut.shape[1], width).T
    small *= 255 / small.max()
    digit = np.zeros((SIZE, SIZE), dtype=np.float32)
    top, left = (_start(small.sum(axis=1 - axis)) for axis in (0, 1))
    digit[top : top + height, left : left + width] = small
    return (digit + 0.5).astype(np.uint8)


def _rounded(number: float) -> int:
    """Round halves up, like JavaScript; Python's own ``round`` rounds 2.5 to 2."""
    return int(number + 0.5)


def _shares(length: int, parts: int) -> np.ndarray:
    """Return the share of each pixel of a line in each of its parts, shape ``(parts, length)``; rows sum to 1."""
    edges = np.arange(parts + 1) * length / parts
    pixels = np.arange(length)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(overlap, 0) * parts / length, dtype=np.float32)


def _start(mass: np.ndarray) -> int:
    """Return where ink has to start along an axis, given its mass at each place, so that its centre is in pixel 14."""
    centre = float(mass @ np.arange(len(mass)) / mass.sum())
    # A symmetrical drawing has its centre between two pixels: the last digits of a sum should not decide.
    centre = _rounded(1000 * centre) / 1000
    return min(max(_rounded(CENTRE - centre), 0), SIZE - len(mass))
