"""Evaluate a network on test images: accuracy, loss, confusion matrix, calibration and most confident mistakes.

This module needs only NumPy and chapter 7's network.
"""

from dataclasses import dataclass

import numpy as np

from tensorbook.data import Split, one_hot, prepare_images
from tensorbook.scratch import Network, cross_entropy

CALIBRATION_BINS = 10


@dataclass(frozen=True)
class TestResults:
    """The stored network's results on the test images; ``confusion[true][predicted]`` counts images.

    ``calibration`` has a row for each range of confidence: the number of images, their mean confidence, and the share
    classified correctly.
    """

    loss: float
    accuracy: float
    confusion: list[list[int]]
    calibration: list[tuple[int, float, float]]

    @property
    def images(self) -> int:
        """Return the number of test images."""
        return sum(map(sum, self.confusion))

    @property
    def correct(self) -> int:
        """Return the number of correctly classified images."""
        return sum(row[true] for true, row in enumerate(self.confusion))

    @property
    def errors(self) -> int:
        """Return the number of misclassified images."""
        return self.images - self.correct

    @property
    def recall(self) -> list[float]:
        """Return the share of each class's images that were recognised."""
        return [row[true] / max(sum(row), 1) for true, row in enumerate(self.confusion)]

    @property
    def precision(self) -> list[float]:
        """Return, for each predicted class, the share of its images that really belong to it."""
        columns = zip(*self.confusion, strict=True)
        return [column[predicted] / max(sum(column), 1) for predicted, column in enumerate(columns)]


def evaluate(network: Network, test: Split) -> tuple[TestResults, np.ndarray]:
    """Evaluate a network on test images, in pure NumPy.

    Args:
        network: Chapter 7's network, for images of 784 numbers and 10 classes.
        test: uint8 images of shape ``(n, 28, 28)`` and their labels, n at least 1.

    Returns:
        The results, and the probabilities: float32 of shape ``(n, 10)``.
    """
    probabilities = network.predict(prepare_images(test.images))
    predictions = probabilities.argmax(axis=1)
    return TestResults(
        cross_entropy(probabilities, one_hot(test.labels)),
        float((predictions == test.labels).mean()),
        confusion_matrix(test.labels, predictions).tolist(),
        calibration(probabilities, test.labels),
    ), probabilities


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int = 10) -> np.ndarray:
    """Count how often each true class was predicted as each class.

    Args:
        labels: True classes, integers of shape ``(n,)``, 0 to ``classes - 1``.
        predicted: Predicted classes, of the same shape and range.
        classes: Number of classes.

    Returns:
        int64 array of shape ``(classes, classes)``, with a row for each true class and a column for each predicted
        class.

    Examples:
        >>> import numpy as np
        >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 1, 0]), classes=2)
        array([[1, 0],
               [1, 1]])
    """
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def calibration(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = CALIBRATION_BINS
) -> list[tuple[int, float, float]]:
    """Compare a network's confidence with how often it is right.

    Args:
        probabilities: float array of shape ``(n, classes)``.
        labels: True classes, integers of shape ``(n,)``.
        bins: Number of equal ranges of confidence between 0 and 1.

    Returns:
        For each range that contains images, from least to most confident: the number of images, their mean
        confidence, and the share classified correctly.

    Examples:
        >>> import numpy as np
        >>> calibration(np.array([[0.9, 0.1], [0.95, 0.05], [0.4, 0.6]]), np.array([0, 1, 1]))
        [(1, 0.6, 1.0), (2, 0.925, 0.5)]
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (int(inside.sum()), round(float(confidence[inside].mean()), 6), float(right[inside].mean()))
        for inside in (place == n for n in range(bins))
        if inside.any()
    ]


def most_confident_mistakes(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the indices of the misclassified images, most confident first.

    Args:
        probabilities: float array of shape ``(n, classes)``.
        labels: True classes, integers of shape ``(n,)``.

    Examples:
        >>> import numpy as np
        >>> probabilities = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
        >>> most_confident_mistakes(probabilities, np.array([1, 0, 1]))
        array([0, 1])
    """
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")]
