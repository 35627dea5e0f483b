"""A drawing or a photo of a digit, prepared as MNIST's own digits were.

``docs/javascripts/drawing/preparation.js`` does the same, step by step, to what is drawn on a page.
"""

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tensorbook.data import DataError

if TYPE_CHECKING:
    from PIL.Image import Image

EXAMPLE = Path(__file__).with_name("three.png")  # what "Save as PNG" wrote of the three that "Show me" draws
SIZE = 28
BOX = 20  # MNIST's digits were scaled into 20 × 20, then centred in 28 × 28
CENTRE = 14  # the pixel that the centre of mass lies in, counted from 0: measured on MNIST's own digits
FAINT = 48  # paper is never quite even: a shade fainter than this, of 255, is not ink
MAX_PIXELS = 50_000_000  # a larger picture is refused before it is decoded
STRIP = 1_000_000  # pixels whose colours are turned to grey at once
# Pillow reads many more, some with external programs: an untrusted file should not choose one.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")


def load_drawing(path: str | os.PathLike[str]) -> np.ndarray:
    """Read a picture of one digit and prepare it as MNIST's digits were.

    Dark ink on a light ground or light ink on a dark one; which it is, the edge of the picture tells. The ink
    is cut out, scaled into 20 × 20 keeping its proportions, and centred by its centre of mass in 28 × 28.

    Args:
        path: A PNG, JPEG, GIF, BMP, WebP, TIFF or PPM file of up to 50,000,000 pixels.

    Returns:
        uint8 array of shape ``(28, 28)``, 0 (background) to 255 (ink).

    Raises:
        DataError: The file can't be read, is not a picture, is too large, or shows nothing.

    Source:
        The preparation that the MNIST database of LeCun, Cortes and Burges describes. Where the centre of
        mass goes it does not say to the pixel; ``CENTRE`` is where it lies in its digits.
    """
    from PIL import Image, UnidentifiedImageError

    if Path(path).exists() and not Path(path).is_file():
        raise DataError(f"{path} is not a file: a drawing needs to be a PNG or JPEG file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, of odd metadata and of sizes that are refused below
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise DataError(
                        f"{path} has {image.width} × {image.height} pixels; "
                        f"a drawing needs at most {MAX_PIXELS:,}: scale it down."
                    )
                grey = _grey(image)
    except DataError:
        raise
    except UnidentifiedImageError:
        raise DataError(
            f"{path} is not a picture that can be read: a drawing needs to be a PNG or JPEG file."
        ) from None
    except Image.DecompressionBombError:
        raise DataError(f"{path} has too many pixels; a drawing needs at most {MAX_PIXELS:,}: scale it down.") from None
    except OSError as error:
        raise DataError(f"{path} can't be read as a picture ({error.strerror or error}).") from None
    except Exception as error:
        # On damaged files Pillow's decoders hand on whatever they run into, TypeError too: a list has gaps.
        raise DataError(f"{path} is a damaged picture ({error}).") from None
    return prepare_drawing(grey)


def _grey(image: "Image") -> np.ndarray:
    """Return a picture as uint8 grey values, what is transparent laid on white.

    It goes from strip to strip: all colours of a large photo at once would take twice the memory.
    """
    from PIL import Image

    image.load()
    grey = np.empty((image.height, image.width), dtype=np.uint8)
    rows = max(1, STRIP // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height))).convert("RGBA")
        ground = Image.new("RGBA", strip.size, "white")
        grey[top : top + rows] = np.asarray(Image.alpha_composite(ground, strip).convert("L"))
    return grey


def prepare_drawing(grey: np.ndarray) -> np.ndarray:
    """Cut out, scale and centre the ink of a grey picture as MNIST's digits were.

    Args:
        grey: uint8 array of shape ``(height, width)``, 0 (black) to 255 (white), dark ink on light or the
            reverse.

    Returns:
        uint8 array of shape ``(28, 28)``, 0 (background) to 255 (ink).

    Raises:
        DataError: The picture is of one colour: there is no digit to be seen.

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
    if grey.ndim != 2 or min(grey.shape) < 1 or int(grey.max()) - int(grey.min()) < 16:
        raise DataError(
            f"A drawing needs ink that stands out from its ground; this picture of shape {grey.shape} is blank."
        )
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = np.float32(np.median(edge))
    ink = grey.astype(np.float32)
    ink -= ground
    np.abs(ink, out=ink)  # in place: 50,000,000 pixels are 200 MB here
    ink *= 255 / ink.max()
    ink[ink < FAINT] = 0
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
    """Round a half up, as JavaScript does; Python's own ``round`` would take 2.5 to 2."""
    return int(number + 0.5)


def _shares(length: int, parts: int) -> np.ndarray:
    """Return what share each pixel of a line has in each of its parts: ``(parts, length)``, rows sum to 1."""
    edges = np.arange(parts + 1) * length / parts
    pixels = np.arange(length)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(overlap, 0) * parts / length, dtype=np.float32)


def _start(mass: np.ndarray) -> int:
    """Return where ink of a mass along an axis has to start for its centre to lie in pixel 14."""
    centre = float(mass @ np.arange(len(mass)) / mass.sum())
    # An even drawing has its centre between two pixels: the last digits of a sum should not decide.
    centre = _rounded(1000 * centre) / 1000
    return min(max(_rounded(CENTRE - centre), 0), SIZE - len(mass))
