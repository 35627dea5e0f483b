"""Chapter 7's engine: chapter 2's network in pure NumPy, with forward and backward passes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tensorbook.training_settings import BATCH_SIZE, EPOCHS, SEED, check_training

Array = np.typing.NDArray[np.floating]


class Dense:
    """A dense layer: ``inputs @ kernel + bias`` in float32, from shape ``(n, inputs)`` to shape ``(n, units)``."""

    def __init__(self, inputs: int, units: int, random: np.random.Generator) -> None:
        """Draw the kernel from the same range as Keras; the bias starts at 0.

        Args:
            inputs: Number of inputs, at least 1.
            units: Number of outputs, at least 1.
            random: The generator that draws the kernel.
        """
        limit = np.sqrt(6 / (inputs + units))
        kernel = random.uniform(-limit, limit, (inputs, units)).astype(np.float32)
        self.weights: list[Array] = [kernel, np.zeros(units, np.float32)]

    def forward(self, inputs: Array) -> Array:
        """Compute the outputs, and store the inputs for the backward pass.

        Args:
            inputs: float32 array of shape ``(n, inputs)``.

        Returns:
            float32 array of shape ``(n, units)``.

        Raises:
            ValueError: The row length does not match the kernel (raised by NumPy).
        """
        self.inputs = inputs
        return inputs @ self.weights[0] + self.weights[1]

    def backward(self, gradients: Array, first: bool = False) -> Array:
        """Turn gradients with respect to the outputs into gradients with respect to the weights and the inputs.

        Args:
            gradients: Gradients of the loss with respect to the outputs of the last ``forward``, shape ``(n, units)``.
            first: Whether this is the first layer, which does not need the gradients with respect to its inputs.

        Returns:
            The gradients with respect to the inputs, shape ``(n, inputs)``; the first layer returns its argument. The
            gradients with respect to the weights are stored in ``self.gradients``.
        """
        self.gradients = [self.inputs.T @ gradients, gradients.sum(axis=0)]
        return gradients if first else gradients @ self.weights[0].T  # nothing comes before the first layer


class Relu:
    """Sets negative numbers to zero. Works on any shape and has no weights."""

    weights = gradients = ()

    def forward(self, inputs: Array) -> Array:
        """Set negative inputs to zero, and store the outputs for the backward pass.

        Args:
            inputs: float array of any shape.

        Returns:
            An array of the same shape and dtype.
        """
        self.outputs: Array = np.maximum(inputs, 0)
        return self.outputs

    def backward(self, gradients: Array, first: bool = False) -> Array:  # noqa: ARG002  # called as Dense's is
        """Pass the gradient on where the input was above zero, and block it elsewhere.

        Args:
            gradients: Gradients of the loss with respect to the outputs of the last ``forward``, of the same shape.
            first: Whether this is the first layer; it makes no difference here.

        Returns:
            The gradients with respect to the inputs, of the same shape.
        """
        return gradients * (self.outputs > 0)


def softmax(scores: Array) -> Array:
    """Turn each row of scores into probabilities that sum to 1.

    Args:
        scores: Finite floats of shape ``(n, classes)``, at least one class.

    Returns:
        An array of the same shape and dtype, with values from 0.0 to 1.0.

    Examples:
        >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
        array([[0.5, 0.5],
               [1. , 0. ]])
    """
    shares: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def cross_entropy(probabilities: Array, targets: Array) -> float:
    """Return the mean cross-entropy: minus the logarithm of the probability given to the right class.

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
    """Keras's ``rmsprop``: a weight takes smaller steps if its recent gradients were large.

    Attributes:
        learning_rate: The factor that sets the size of each step, above 0.
        rho: The share of the running mean of squared gradients that is kept at each step, 0 to 1.
        epsilon: A small number that avoids division by zero.
        squares: The running mean of squared gradients, one array per array of weights; empty before the first step.

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

    def update(self, weights: Sequence[Array], gradients: Sequence[Array]) -> None:
        """Move the weights against their gradients, in place.

        Args:
            weights: float arrays of any shape; the same arrays in every call.
            gradients: Gradients of the loss with respect to each of them, of the same shapes.

        Raises:
            ValueError: The numbers of gradients and weights differ.
        """
        self.squares = self.squares or [np.zeros_like(weight) for weight in weights]
        for weight, gradient, square in zip(weights, gradients, self.squares, strict=True):
            square *= self.rho
            square += (1 - self.rho) * gradient**2
            weight -= self.learning_rate * gradient / np.sqrt(square + self.epsilon)


@dataclass
class Network:
    """A sequence of layers with softmax at the end, trained with the four steps from chapter 6.

    Attributes:
        layers: The first layer takes the images, and the last returns the scores of the classes.
        optimizer: Updates the weights.

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
        """Return the probability of each class for some images.

        Args:
            images: float32 array of shape ``(n, inputs)``, in the range used in training.

        Returns:
            The probabilities: float32 array of shape ``(n, classes)``, in which each row sums to 1.

        Raises:
            ValueError: The row length does not match the first layer (raised by NumPy).
        """
        for layer in self.layers:
            images = layer.forward(images)
        return softmax(images)

    def gradient(self, images: Array, targets: Array) -> tuple[float, list[Array]]:
        """Return the loss on a batch and its gradients with respect to all weights.

        Args:
            images: float32 array of shape ``(n, inputs)``, n at least 1.
            targets: One-hot rows: float32 array of shape ``(n, classes)``.

        Returns:
            The mean loss, and a gradient array for each array of weights, of the same shape, layer by layer.
        """
        probabilities = self.predict(images)
        gradients: Array = (probabilities - targets) / len(targets)  # of the mean loss, with respect to the scores
        for layer in reversed(self.layers):
            gradients = layer.backward(gradients, first=layer is self.layers[0])
        return cross_entropy(probabilities, targets), [g for layer in self.layers for g in layer.gradients]

    def step(self, images: Array, targets: Array) -> float:
        """Learn from one batch.

        Args:
            images: float32 array of shape ``(n, inputs)``, n at least 1.
            targets: One-hot rows: float32 array of shape ``(n, classes)``.

        Returns:
            The loss on the batch before the step.
        """
        loss, gradients = self.gradient(images, targets)
        self.optimizer.update([w for layer in self.layers for w in layer.weights], gradients)
        return loss

    def fit(
        self, images: Array, targets: Array, epochs: int = EPOCHS, batch_size: int = BATCH_SIZE, seed: int = SEED,
        progress: Callable[[int, int, float], object] | None = None,
    ) -> list[float]:  # fmt: skip
        """Train in batches, shuffling the images again in each epoch.

        Args:
            images: float32 array of shape ``(n, inputs)``, n at least 1.
            targets: One-hot rows: float32 array of shape ``(n, classes)``.
            epochs: Number of passes over the images, at least 1.
            batch_size: Images per batch, at least 1; the last batch of an epoch may be smaller.
            seed: Seed for the shuffling, 0 or more.
            progress: Called after each batch with the epoch (from 0), the number of batches done in it, and the batch's
                loss.

        Returns:
            The mean loss over the batches of each epoch.

        Raises:
            ValueError: The numbers of images and targets differ, or a setting is below 1.
        """
        if images.ndim != 2 or targets.ndim != 2 or len(images) != len(targets):
            raise ValueError(f"fit needs a one-hot row for each image, got shapes {targets.shape} and {images.shape}")
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
