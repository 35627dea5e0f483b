"""The engine of chapter 7: chapter 2's network in NumPy alone, with layers that go forward and back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tensorbook.errors import check_training

Array = np.typing.NDArray[np.floating]


class Dense:
    """``inputs @ kernel + bias``, float32: shape ``(n, inputs)`` in, ``(n, units)`` out."""

    def __init__(self, inputs: int, units: int, random: np.random.Generator) -> None:
        """Draw the kernel from the range that Keras draws it from; the bias is 0.

        Args:
            inputs: How many numbers come in, at least 1.
            units: How many go out, at least 1.
            random: What the kernel is drawn with.
        """
        limit = np.sqrt(6 / (inputs + units))
        kernel = random.uniform(-limit, limit, (inputs, units)).astype(np.float32)
        self.weights: list[Array] = [kernel, np.zeros(units, np.float32)]

    def forward(self, inputs: Array) -> Array:
        """Weigh and add, and keep the inputs for the way back.

        Args:
            inputs: float32 array of shape ``(n, inputs)``.

        Returns:
            float32 array of shape ``(n, units)``.

        Raises:
            ValueError: The rows are not as long as the kernel has inputs; NumPy says so.
        """
        self.inputs = inputs
        return inputs @ self.weights[0] + self.weights[1]

    def backward(self, slopes: Array, first: bool = False) -> Array:
        """Turn the slopes along the outputs into those along the weights.

        Args:
            slopes: Of the loss along the outputs of the last ``forward``, shape ``(n, units)``.
            first: Whether this is the first layer, before which nothing wants to know its slopes.

        Returns:
            The slopes along the inputs, shape ``(n, inputs)``; of a first layer, what came. Those along the weights
            are in ``slopes`` afterwards.
        """
        self.slopes = [self.inputs.T @ slopes, slopes.sum(axis=0)]
        return slopes if first else slopes @ self.weights[0].T  # nothing comes before the first layer


class Relu:
    """Keeps what is above zero; any shape, and it has no weights."""

    weights = slopes = ()

    def forward(self, inputs: Array) -> Array:
        """Cut off below zero, and keep the outputs for the way back.

        Args:
            inputs: float array of any shape.

        Returns:
            An array of the same shape and dtype.
        """
        self.outputs: Array = np.maximum(inputs, 0)
        return self.outputs

    def backward(self, slopes: Array, first: bool = False) -> Array:  # noqa: ARG002  # called as Dense's is
        """Let a slope through where a number came through.

        Args:
            slopes: Of the loss along the outputs of the last ``forward``, of their shape.
            first: Whether this is the first layer; here it makes no difference.

        Returns:
            The slopes along the inputs, of the same shape.
        """
        return slopes * (self.outputs > 0)


def softmax(scores: Array) -> Array:
    """Turn each row of scores into probabilities that sum to 1.

    Args:
        scores: Finite floats of shape ``(n, classes)``, classes at least 1.

    Returns:
        An array of the same shape and dtype, from 0.0 to 1.0.

    Examples:
        >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
        array([[0.5, 0.5],
               [1. , 0. ]])
    """
    shares: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def cross_entropy(probabilities: Array, targets: Array) -> float:
    """Return the mean of minus the logarithm of what the right class got.

    Args:
        probabilities: Floats of shape ``(n, classes)``, 0.0 to 1.0, n at least 1.
        targets: One-hot rows of the same shape.

    Returns:
        The loss, 0.0 or more.

    Examples:
        >>> round(cross_entropy(np.array([[0.5, 0.5]]), np.array([[0.0, 1.0]])), 4)
        0.6931
    """
    return float(-np.log(np.maximum((probabilities * targets).sum(axis=1), 1e-30)).mean())


@dataclass
class RMSprop:
    """Keras's ``rmsprop``: each weight's step is smaller where its slope has lately been steep.

    Attributes:
        learning_rate: How long a step is, above 0.
        rho: How much of the mean square of the slopes is kept from step to step, 0 to 1.
        epsilon: What keeps a slope of 0 from dividing by 0.
        squares: That mean square for each array of weights; empty before the first step.

    Examples:
        >>> weight = np.array([1.0, 1.0])
        >>> RMSprop().update([weight], [np.array([2.0, -0.1])])
        >>> weight.round(4)
        array([0.9968, 1.0032])
    """

    learning_rate: float = 0.001
    rho: float = 0.9
    epsilon: float = 1e-7
    squares: list[Array] = field(default_factory=list)

    def update(self, weights: Sequence[Array], slopes: Sequence[Array]) -> None:
        """Move the weights against their slopes, in place.

        Args:
            weights: float arrays of any shapes, the same ones at every call.
            slopes: Of the loss along each of them, of the same shapes.

        Raises:
            ValueError: There are not as many slopes as weights.
        """
        self.squares = self.squares or [np.zeros_like(weight) for weight in weights]
        for weight, slope, square in zip(weights, slopes, self.squares, strict=True):
            square *= self.rho
            square += (1 - self.rho) * slope**2
            weight -= self.learning_rate * slope / np.sqrt(square + self.epsilon)


@dataclass
class Network:
    """Layers in a row and softmax at their end, learning by the four steps of chapter 6.

    Attributes:
        layers: The first takes the images, the last gives the scores of the classes.
        optimizer: What moves the weights.

    Examples:
        >>> random = np.random.default_rng(0)
        >>> network = Network([Dense(2, 8, random), Relu(), Dense(8, 2, random)])
        >>> points = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
        >>> losses = network.fit(points, np.eye(2, dtype=np.float32), epochs=300)
        >>> losses[-1] < losses[0]
        True
        >>> network.predict(points).argmax(axis=1)
        array([0, 1])
    """

    layers: Sequence[Dense | Relu]
    optimizer: RMSprop = field(default_factory=RMSprop)

    def predict(self, images: Array) -> Array:
        """Return what the network gives for some images.

        Args:
            images: float32 array of shape ``(n, inputs)``, in the range that it was trained on.

        Returns:
            Probabilities: float32 array of shape ``(n, classes)``, each row adding up to 1.

        Raises:
            ValueError: The images are not as long as the first layer takes; NumPy says so.
        """
        for layer in self.layers:
            images = layer.forward(images)
        return softmax(images)

    def gradient(self, images: Array, targets: Array) -> tuple[float, list[Array]]:
        """Return the loss on a batch and its slopes along all weights.

        Args:
            images: float32 array of shape ``(n, inputs)``, n at least 1.
            targets: One-hot rows: float32 array of shape ``(n, classes)``.

        Returns:
            The mean loss, and an array for each array of weights, layer by layer, of its shape.
        """
        probabilities = self.predict(images)
        slopes: Array = (probabilities - targets) / len(targets)  # of the mean loss, along the scores
        for layer in reversed(self.layers):
            slopes = layer.backward(slopes, first=layer is self.layers[0])
        return cross_entropy(probabilities, targets), [s for layer in self.layers for s in layer.slopes]

    def step(self, images: Array, targets: Array) -> float:
        """Learn from one batch.

        Args:
            images: float32 array of shape ``(n, inputs)``, n at least 1.
            targets: One-hot rows: float32 array of shape ``(n, classes)``.

        Returns:
            The loss on the batch before the step.
        """
        loss, slopes = self.gradient(images, targets)
        self.optimizer.update([w for layer in self.layers for w in layer.weights], slopes)
        return loss

    def fit(
        self, images: Array, targets: Array, epochs: int = 5, batch_size: int = 128, seed: int = 0,
        progress: Callable[[int, int, float], object] | None = None,
    ) -> list[float]:  # fmt: skip
        """Learn in batches whose order is drawn anew in each epoch.

        Args:
            images: float32 array of shape ``(n, inputs)``, n at least 1.
            targets: One-hot rows: float32 array of shape ``(n, classes)``.
            epochs: How often the images are gone through, at least 1.
            batch_size: How many images make a batch, at least 1; the last one of an epoch may have fewer.
            seed: What the order is drawn from, 0 or more.
            progress: Called after each batch: the epoch (from 0), the batches done in it, the loss on this one.

        Returns:
            For each epoch the mean of its batches' losses.

        Raises:
            ValueError: There is not one row an image, or a number is below 1.
        """
        if images.ndim != 2 or targets.ndim != 2 or len(images) != len(targets):
            raise ValueError(f"fit needs a one-hot row an image, got {targets.shape} for {images.shape}")
        check_training(images, targets, epochs=epochs, batch_size=batch_size)
        random, history = np.random.default_rng(seed), list[float]()
        for epoch in range(epochs):
            order, losses = random.permutation(len(images)), list[float]()
            for start in range(0, len(images), batch_size):
                chosen = order[start : start + batch_size]
                losses.append(self.step(images[chosen], targets[chosen]))
                if progress:
                    progress(epoch, len(losses), losses[-1])
            history.append(float(np.mean(losses)))
        return history
