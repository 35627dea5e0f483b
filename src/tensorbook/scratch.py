"""The engine of chapter 7: chapter 2's network in NumPy alone, with layers that go forward and back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

Array = np.typing.NDArray[np.floating]


class Dense:
    """``inputs @ kernel + bias``, float32: shape ``(n, inputs)`` in, ``(n, units)`` out."""

    def __init__(self, inputs: int, units: int, random: np.random.Generator) -> None:
        """Draw the kernel from the range that Keras draws it from; the bias is 0."""
        limit = np.sqrt(6 / (inputs + units))
        kernel = random.uniform(-limit, limit, (inputs, units)).astype(np.float32)
        self.weights: list[Array] = [kernel, np.zeros(units, np.float32)]

    def forward(self, inputs: Array) -> Array:
        """Weigh and add, and keep the inputs for the way back."""
        self.inputs = inputs
        return inputs @ self.weights[0] + self.weights[1]

    def backward(self, slopes: Array, first: bool = False) -> Array:
        """Turn the slopes along the outputs into those along the weights; return those along the inputs."""
        self.slopes = [self.inputs.T @ slopes, slopes.sum(axis=0)]
        return slopes if first else slopes @ self.weights[0].T  # nothing comes before the first layer


class Relu:
    """Keeps what is above zero; any shape, and it has no weights."""

    weights = slopes = ()

    def forward(self, inputs: Array) -> Array:
        """Cut off below zero, and keep the outputs for the way back."""
        self.outputs: Array = np.maximum(inputs, 0)
        return self.outputs

    def backward(self, slopes: Array, first: bool = False) -> Array:  # noqa: ARG002  # called as Dense's is
        """Let a slope through where a number came through."""
        return slopes * (self.outputs > 0)


def softmax(scores: Array) -> Array:
    """Turn each row of scores, shape ``(n, classes)``, into probabilities that sum to 1."""
    shares: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def cross_entropy(probabilities: Array, targets: Array) -> float:
    """Return the mean of minus the logarithm of what the right class got; both of shape ``(n, classes)``."""
    return float(-np.log(np.maximum((probabilities * targets).sum(axis=1), 1e-30)).mean())


@dataclass
class RMSprop:
    """Keras's ``rmsprop``: each weight's step is smaller where its slope has lately been steep."""

    learning_rate: float = 0.001
    rho: float = 0.9  # how much of the mean square of the slopes is kept from step to step
    epsilon: float = 1e-7
    squares: list[Array] = field(default_factory=list)

    def update(self, weights: Sequence[Array], slopes: Sequence[Array]) -> None:
        """Move the weights against their slopes, in place."""
        self.squares = self.squares or [np.zeros_like(weight) for weight in weights]
        for weight, slope, square in zip(weights, slopes, self.squares, strict=True):
            square *= self.rho
            square += (1 - self.rho) * slope**2
            weight -= self.learning_rate * slope / np.sqrt(square + self.epsilon)


@dataclass
class Network:
    """Layers in a row and softmax at their end, learning by the four steps of chapter 6."""

    layers: Sequence[Dense | Relu]
    optimizer: RMSprop = field(default_factory=RMSprop)

    def predict(self, images: Array) -> Array:
        """Return probabilities of shape ``(n, classes)`` for images of shape ``(n, inputs)``."""
        for layer in self.layers:
            images = layer.forward(images)
        return softmax(images)

    def gradient(self, images: Array, targets: Array) -> tuple[float, list[Array]]:
        """Return the loss on a batch and its slopes along all weights, layer by layer."""
        probabilities = self.predict(images)
        slopes: Array = (probabilities - targets) / len(targets)  # of the mean loss, along the scores
        for layer in reversed(self.layers):
            slopes = layer.backward(slopes, first=layer is self.layers[0])
        return cross_entropy(probabilities, targets), [s for layer in self.layers for s in layer.slopes]

    def step(self, images: Array, targets: Array) -> float:
        """Learn from one batch; return the loss on it before."""
        loss, slopes = self.gradient(images, targets)
        self.optimizer.update([w for layer in self.layers for w in layer.weights], slopes)
        return loss

    def fit(
        self, images: Array, targets: Array, epochs: int = 5, batch_size: int = 128, seed: int = 0,
        progress: Callable[[int, int, float], object] | None = None,
    ) -> list[float]:  # fmt: skip
        """Learn in shuffled batches from images ``(n, inputs)`` and one-hot rows; return a loss an epoch."""
        if images.ndim != 2 or targets.ndim != 2 or len(images) != len(targets):
            raise ValueError(f"fit needs a one-hot row an image, got {targets.shape} for {images.shape}")
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
