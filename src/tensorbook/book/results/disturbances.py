"""How many test digits are read on sheets with dust, noise or uneven light, with five steps and with all steps."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from PIL import Image

from tensorbook.book.results.other_records import StoredRecord
from tensorbook.data import DataError, Split, prepare_images
from tensorbook.drawings import SIZE, place_ink, prepare_drawing
from tensorbook.find_ink import FAINT
from tensorbook.run_record import sha256_of, versions
from tensorbook.weights import dump_weights, trained_network

SIDE = 420  # pixels of a sheet
HIGH = 240  # pixels of the digit's picture on it
ROWS, COLUMNS = np.indices((SIDE, SIDE))

Disturb = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Disturbance:
    """What was done to the sheets, and the share of digits that were read with and without the additional steps."""

    name: str
    with_steps: float
    without_steps: float


@dataclass(frozen=True)
class Disturbances(StoredRecord):
    """Accuracy for each way to spoil a sheet; sheets, places and noise are drawn from the seed."""

    file: ClassVar[str] = "disturbances.json"
    command: ClassVar[str] = "python -m tensorbook.book disturbances"

    seed: int
    digits: int
    side: int
    high: int
    weights_sha256: str
    versions: dict[str, str]
    measured: Sequence[Disturbance]

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        return cls(**{**raw, "measured": [Disturbance(**one) for one in raw["measured"]]})


def measure_disturbances(
    test: Split,
    out: Path,
    *,
    digits: int,
    seed: int,
    done: Callable[[Disturbance], None] = lambda _: None,
) -> Disturbances:
    """Spoil sheets with the first test digits, have the stored network read them, and write the record.

    Args:
        test: The test images.
        out: The results folder.
        digits: How many to take.
        seed: What places, dust and noise are drawn from.
        done: Called with each result.
    """
    network = trained_network()
    labels = test.labels[:digits]

    def accuracy(prepared: list[np.ndarray]) -> float:
        return float((network.predict(prepare_images(np.stack(prepared))).argmax(axis=1) == labels).mean())

    measured = []
    for name, disturb in DISTURBANCES.items():
        sheets = [_as_bytes(sheet) for sheet in _disturbed(test.images[:digits], disturb, seed)]
        both = ([_or_nothing(way, sheet) for sheet in sheets] for way in (prepare_drawing, prepare_plainly))
        measured.append(Disturbance(name, *map(accuracy, both)))
        done(measured[-1])
    weights_sha256 = sha256_of(dump_weights(network))
    record = Disturbances(seed, len(labels), SIDE, HIGH, weights_sha256, versions(), measured)
    record.write(out)
    return record


def prepare_plainly(grey: np.ndarray) -> np.ndarray:
    """Prepare a drawing with only chapter 9's first five steps: one background, and the strongest pixel is full ink."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ink = np.abs(grey - np.median(edge))
    ink = ink * 255 / ink.max()
    return place_ink(np.where(ink < FAINT, 0, ink).astype(np.float32))


def _or_nothing(prepare: Callable[[np.ndarray], np.ndarray], sheet: np.ndarray) -> np.ndarray:
    """Return a prepared sheet, or an empty picture if the sheet seems blank, for which the answer is a guess."""
    try:
        return prepare(sheet)
    except DataError:
        return np.zeros((SIZE, SIZE), dtype=np.uint8)


def _disturbed(images: np.ndarray, disturb: Disturb, seed: int) -> Iterator[np.ndarray]:
    """Yield a spoiled sheet for each image, with the digit in black on white at a random place."""
    random = np.random.default_rng(seed)
    for image in images:
        digit = np.asarray(Image.fromarray(image).resize((HIGH, HIGH), Image.Resampling.BICUBIC), dtype=float)
        sheet = np.full((SIDE, SIDE), 255.0)
        top, left = random.integers(40, SIDE - HIGH - 10, 2)
        sheet[top : top + HIGH, left : left + HIGH] -= digit
        yield disturb(sheet, random)


def _as_bytes(sheet: np.ndarray) -> np.ndarray:
    shades: np.ndarray = np.clip(np.rint(sheet), 0, 255).astype(np.uint8)
    return shades


def _speck(sheet: np.ndarray, _: np.random.Generator) -> np.ndarray:
    sheet[2, 2] = 0
    return sheet


def _dust(sheet: np.ndarray, random: np.random.Generator) -> np.ndarray:
    for _ in range(12):
        (row, column), radius = random.integers(0, SIDE, 2), random.uniform(1, 4)
        sheet[(ROWS - row) ** 2 + (COLUMNS - column) ** 2 <= radius**2] = random.integers(0, 120)
    return sheet


def _noise(sigma: float) -> Disturb:
    return lambda sheet, random: np.asarray(0.9 * sheet + random.normal(0, sigma, sheet.shape))


def _salt_and_pepper(sheet: np.ndarray, random: np.random.Generator) -> np.ndarray:
    chance = random.random(sheet.shape)
    sheet[chance < 0.025], sheet[chance > 0.975] = 0, 255
    return sheet


def _across(random: np.random.Generator) -> np.ndarray:
    """Return how far each pixel is in a random direction, 0.0 to 1.0."""
    angle = random.uniform(0, 2 * np.pi)
    far = np.cos(angle) * COLUMNS + np.sin(angle) * ROWS
    return np.asarray((far - far.min()) / np.ptp(far))


def _slope(darkest: float) -> Disturb:
    return lambda sheet, random: sheet * (1 - (1 - darkest) * _across(random))


def _shadow(sheet: np.ndarray, random: np.random.Generator) -> np.ndarray:
    edge = random.uniform(0.3, 0.7)
    return np.asarray(sheet * (0.6 + 0.4 / (1 + np.exp(-60 * (_across(random) - edge)))))


def _margin(sheet: np.ndarray, random: np.random.Generator) -> np.ndarray:
    column, tilt = random.integers(8, 30), random.uniform(-0.02, 0.02)
    sheet[np.abs(COLUMNS - column - tilt * (ROWS - SIDE / 2)) < 1.5] = 110
    return sheet


def _jpeg(quality: int) -> Disturb:
    def saved(sheet: np.ndarray, _: np.random.Generator) -> np.ndarray:
        file = io.BytesIO()
        Image.fromarray(_as_bytes(sheet)).save(file, "JPEG", quality=quality)
        with Image.open(file) as image:
            return np.asarray(image, dtype=float)

    return saved


def _pencil(sheet: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return _dust(235 - 0.35 * (255 - sheet), random) + random.normal(0, 4, sheet.shape)


def _chalk(sheet: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return _slope(0.5)(40 + 0.6 * (255 - sheet), random) + random.normal(0, 6, sheet.shape)


def _photo(sheet: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return _jpeg(40)(_dust(_slope(0.65)(0.85 * sheet, random), random) + random.normal(0, 8, sheet.shape), random)


DISTURBANCES: dict[str, Disturb] = {
    "nothing": lambda sheet, _: sheet,
    "one black pixel in a corner": _speck,
    "twelve specks of dust": _dust,
    "noise with a sigma of 10": _noise(10),
    "noise with a sigma of 20": _noise(20),
    "salt-and-pepper noise on 5% of the pixels": _salt_and_pepper,
    "light that falls off to 65%": _slope(0.65),
    "light that falls off to 40%": _slope(0.4),
    "a margin line": _margin,
    "JPEG compression at quality 5": _jpeg(5),
    "pencil instead of pen, with dust and noise": _pencil,
    "chalk on an unevenly lit blackboard": _chalk,
    "a photo: uneven light, dust, noise and JPEG compression": _photo,
    "a shadow with a sharp edge": _shadow,
}
