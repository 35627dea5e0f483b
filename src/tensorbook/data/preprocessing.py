"""Prepare images and labels for a dense network: rows of floats."""

import numpy as np
import numpy.typing as npt


def prepare_images(images: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Flatten each image to a row and scale its pixels to the range 0 to 1.

    Args:
        images: uint8 array of shape ``(n, 28, 28)``, 0 (background) to 255 (ink).

    Returns:
        float32 array of shape ``(n, 784)``, 0.0 to 1.0; the argument is unchanged.

    Raises:
        ValueError: The images have a different shape or dtype.

    Examples:
        >>> import numpy as np
        >>> rows = prepare_images(np.full((3, 28, 28), 255, dtype=np.uint8))
        >>> rows.shape, rows.dtype, float(rows.max())
        ((3, 784), dtype('float32'), 1.0)
        >>> prepare_images(rows)
        Traceback (most recent call last):
            ...
        ValueError: prepare_images needs uint8 images of shape (n, 28, 28), got float32 of shape (3, 784)
    """
    array = np.asarray(images)
    if array.dtype != np.uint8 or array.shape[1:] != (28, 28):
        raise ValueError(
            f"prepare_images needs uint8 images of shape (n, 28, 28), got {array.dtype} of shape {array.shape}"
        )
    rows = array.reshape(len(array), 28 * 28).astype(np.float32)
    rows /= 255  # in place: full MNIST is 188 MB here
    return rows


def one_hot(labels: npt.ArrayLike, classes: int = 10) -> npt.NDArray[np.float32]:
    """Write each label as a row of zeros with a one at the index of its class.

    Args:
        labels: Integer array of shape ``(n,)``, 0 to ``classes - 1``.
        classes: Number of classes.

    Returns:
        float32 array of shape ``(n, classes)``, 0.0 and 1.0, with one 1.0 per row.

    Raises:
        ValueError: The labels are not a vector of integers, or one of them is not a class.

    Source:
        The same numbers as ``keras.utils.to_categorical(labels, classes)``, except that Keras takes -1 as the last
        class.

    Examples:
        >>> one_hot([2, 0], classes=3)
        array([[0., 0., 1.],
               [1., 0., 0.]], dtype=float32)
        >>> one_hot([2, 3], classes=3)
        Traceback (most recent call last):
            ...
        ValueError: one_hot needs labels from 0 to 2, got 3 at index 1
    """
    array = np.asarray(labels)
    if not np.issubdtype(array.dtype, np.integer) or array.ndim != 1:
        raise ValueError(f"one_hot needs integer labels of shape (n,), got {array.dtype} of shape {array.shape}")
    if classes < 1:
        raise ValueError(f"one_hot needs at least 1 class, got {classes}")
    wrong = np.flatnonzero((array < 0) | (array >= classes))
    if wrong.size:
        raise ValueError(f"one_hot needs labels from 0 to {classes - 1}, got {array[wrong[0]]} at index {wrong[0]}")
    rows = np.zeros((len(array), classes), dtype=np.float32)
    rows[np.arange(len(array)), array] = 1
    return rows
