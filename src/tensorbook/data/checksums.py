"""The SHA-256 of everything that is published: Keras's file, and the arrays, which identify digits from any file."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from tensorbook.data.dataset import Mnist, Split
from tensorbook.errors import DataError


class Published(NamedTuple):
    """A published array: Keras's key, the stem of the IDX file's name, the shape, and the SHA-256 of its bytes."""

    key: str
    idx: str
    shape: tuple[int, ...]
    sha256: str


NPZ_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"  # of Keras's mnist.npz

# Computed from arrays whose IDX files have the MD5s that are published for MNIST's own four files.
MNIST = (
    Published(
        "x_train",
        "train-images",
        (60_000, 28, 28),
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    Published(
        "y_train",
        "train-labels",
        (60_000,),
        "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    ),
    Published(
        "x_test",
        "t10k-images",
        (10_000, 28, 28),
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ),
    Published("y_test", "t10k-labels", (10_000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
)

SAMPLE = (
    Published(
        "x_train",
        "train-images",
        (4_000, 28, 28),
        "18e6c54d30697cd24c6d177e10ee9889258b406c314bd250054c9cd0a4497740",
    ),
    Published(
        "y_train",
        "train-labels",
        (4_000,),
        "e4506a92cb4cb0bf94f5c5a7c60e05c2100b9dbf3d3cf62509cc40568727777e",
    ),
    Published(
        "x_test",
        "t10k-images",
        (1_000, 28, 28),
        "886f30da64c7e63bf1863a00db6dbd3a6c485c2377cb71ec9dbf471f46d3d163",
    ),
    Published("y_test", "t10k-labels", (1_000,), "2928eb98f70aec88886e4ff13e4c099525f7e57116ab712a2026856fb4a3168d"),
)


def verify(
    arrays: Sequence[npt.NDArray[Any]],
    published: Sequence[Published],
    origin: object,
) -> Mnist:
    """Return four arrays as `Mnist` if they equal the published arrays to the last byte.

    Raises:
        DataError: An array has a different shape, dtype or content; the message names it.
    """
    for array, expected in zip(arrays, published, strict=True):
        check_kind(array.shape, array.dtype, expected, origin)
        digest = _sha256(array)
        if digest != expected.sha256:
            raise DataError(
                f"{expected.key} in {origin} does not contain the published digits: "
                f"its SHA-256 is {digest[:12]}… instead of {expected.sha256[:12]}…"
            )
    train_images, train_labels, test_images, test_labels = arrays
    return Mnist(Split(train_images, train_labels), Split(test_images, test_labels))


def check_kind(shape: tuple[int, ...], dtype: np.dtype[Any], expected: Published, origin: object) -> None:
    """Reject a shape or dtype that differs from that of the published array."""
    if shape != expected.shape or dtype != np.uint8:
        raise DataError(
            f"{expected.key} in {origin} must be uint8 of shape {expected.shape}, got {dtype} of shape {shape}"
        )


def fingerprint(data: Mnist) -> str:
    """Return a single SHA-256 for all four arrays, including their names, dtypes and shapes.

    Args:
        data: Digits from anywhere.

    Returns:
        64 hexadecimal digits, which are the same for equal arrays, regardless of the file they came from.

    Examples:
        >>> from tensorbook.data import load_sample
        >>> fingerprint(load_sample()) == fingerprint(load_sample())
        True
    """
    arrays = (*data.train, *data.test)
    return _combine(
        (expected.key, str(array.dtype), array.shape, _sha256(array))
        for array, expected in zip(arrays, MNIST, strict=True)
    )


def identify(data: Mnist) -> Literal["mnist", "sample", "other"]:
    """Say whether some digits are MNIST, the sample, or something else.

    Args:
        data: Digits from anywhere.

    Returns:
        ``"mnist"`` for MNIST's 70,000 digits, ``"sample"`` for the 5,000 digits of `load_sample`, and ``"other"`` for
        anything else.

    Examples:
        >>> from tensorbook.data import load_sample
        >>> identify(load_sample())
        'sample'
    """
    found = fingerprint(data)
    if found == _published_fingerprint(MNIST):
        return "mnist"
    return "sample" if found == _published_fingerprint(SAMPLE) else "other"


def _published_fingerprint(published: Sequence[Published]) -> str:
    return _combine((expected.key, "uint8", expected.shape, expected.sha256) for expected in published)


def _combine(arrays: Iterable[tuple[str, str, tuple[int, ...], str]]) -> str:
    import hashlib  # imported late to keep `import tensorbook.data` fast

    lines = (f"{key} {dtype} {shape} {sha256}\n" for key, dtype, shape, sha256 in arrays)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sha256(array: npt.NDArray[Any]) -> str:
    import hashlib

    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
