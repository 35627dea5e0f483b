"""The command ``experiments``: chapter 2's network trained again with one thing changed at a time.

The same command records how the loss falls with different learning rates, and where test digits are in a plane at
several moments of a training run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from tensorbook.atomic_write import write_atomically
from tensorbook.book.results.book_record import check_same_data
from tensorbook.book.results.light_and_dark_figures import draw_pair, picture_path
from tensorbook.book.results.other_records import EXPERIMENT_FIGURES, FurtherRecord
from tensorbook.book.results.recorded_run_figures import panel
from tensorbook.check_keras import check_keras
from tensorbook.data import Mnist, one_hot, prepare_images
from tensorbook.plotting import LIGHT, TEXT, default_style
from tensorbook.scratch import Network, RMSprop
from tensorbook.training_settings import BATCH_SIZE, EPOCHS, HIDDEN_UNITS, SEED

if TYPE_CHECKING:
    import keras
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DIGITS = 200  # test digits in each picture of learning
RATES = (0.001, 0.1, 3.0)  # too small, right and too large for chapter 6's steps
RATE_STEPS = 300
MEAN_OVER = 10  # batches in each point of a curve, because the loss jumps from batch to batch
MOMENTS = (0, 10, 50, 200, 469, 5 * 469)  # numbers of batches after which we look at the test digits
SCATTER = 0.1  # how far digits in the same place are spread out; otherwise, only the last one would be visible


@dataclass(frozen=True)
class Setup:
    """What a training run can change; the defaults are chapter 2's."""

    hidden: tuple[int, ...] = (HIDDEN_UNITS,)
    activation: str = "relu"
    divide_by: int = 255
    spread: float = 1.0
    batch_size: int = BATCH_SIZE
    epochs: int = EPOCHS
    rate: float = RMSprop.learning_rate


CHANGES: dict[str, Setup] = {
    "nothing": Setup(),
    "no relu": Setup(activation="linear"),
    "sigmoid instead of relu": Setup(activation="sigmoid"),
    "pixels from 0 to 255": Setup(divide_by=1),
    "all weights start at 0": Setup(spread=0.0),
    "initial weights multiplied by 30": Setup(spread=30.0),
    "learning rate divided by 100": Setup(rate=0.00001),
    "learning rate multiplied by 10": Setup(rate=0.01),
    "learning rate multiplied by 100": Setup(rate=0.1),
    "batches of 16": Setup(batch_size=16),
    "batches of 2,048": Setup(batch_size=2048),
    "one batch of all pictures": Setup(batch_size=60_000),
    "1 epoch": Setup(epochs=1),
    "15 epochs": Setup(epochs=15),
    "32 hidden units": Setup(hidden=(32,)),
    "128 hidden units": Setup(hidden=(128,)),
    "1,024 hidden units": Setup(hidden=(1024,)),
    "10 hidden layers of 64, relu": Setup(hidden=(64,) * 10),
    "10 hidden layers of 64, sigmoid": Setup(hidden=(64,) * 10, activation="sigmoid"),
}


@dataclass(frozen=True)
class Outcome:
    """How a training run with one change ended: the number of steps, and the accuracy on both sets."""

    name: str
    steps: int
    training: float
    test: float


@dataclass(frozen=True)
class Experiments(FurtherRecord):
    """What the command ``experiments`` found.

    ``losses`` has, for each of ``RATES``, the mean loss of every ten batches. ``places`` has, for each of ``MOMENTS``,
    the probabilities of the first test digits as points of a plane; ``labels`` are their classes.
    """

    file: ClassVar[str] = "experiments.json"
    command: ClassVar[str] = "python -m tensorbook.book experiments"

    outcomes: list[Outcome]
    losses: list[list[float]]
    places: list[list[tuple[float, float]]]
    labels: list[int]

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        outcomes = [Outcome(**one) for one in raw.pop("outcomes")]
        places = [[(float(x), float(y)) for x, y in points] for points in raw.pop("places")]
        return cls(outcomes=outcomes, places=places, **raw)

    def of(self, name: str) -> Outcome:
        """Return the outcome of one change.

        Raises:
            KeyError: There is no such change.
        """
        try:
            return next(one for one in self.outcomes if one.name == name)
        except StopIteration:
            raise KeyError(
                f"there is no experiment {name!r}; choose one of {', '.join(one.name for one in self.outcomes)}"
            ) from None


def measure_experiments(
    data: Mnist,
    out: Path,
    *,
    seed: int = SEED,
    changes: Mapping[str, Setup] = CHANGES,
    done: Callable[[Outcome], object] = lambda _: None,
) -> Experiments:
    """Run all experiments and write the record and its figures.

    Args:
        data: The digits to train and to test on.
        out: The results folder.
        seed: Seed for the weights and of the order of the images.
        changes: What to change, by name.
        done: Called after each training with its outcome.

    Raises:
        DataError: The folder has a record of different data.
    """
    check_same_data(data, out)
    outcomes = []
    for name, setup in changes.items():
        outcomes.append(run(data, name, setup, seed))
        done(outcomes[-1])
    record = Experiments(
        **Experiments.origin(data, seed),
        outcomes=outcomes,
        losses=[falling_losses(data, rate, seed) for rate in RATES],
        places=[[(round(float(x), 3), round(float(y), 3)) for x, y in points] for points in watch(data, seed)],
        labels=[int(label) for label in data.test.labels[:DIGITS]],
    )
    record.write(out)
    for name, figure in draw_experiments(record).items():
        for scheme, svg in draw_pair(figure).items():
            write_atomically(picture_path(out, name, scheme), svg)
    return record


def build(setup: Setup) -> "keras.Sequential":
    """Build and compile chapter 2's network with a change."""
    check_keras()
    import keras

    layers = [keras.layers.Dense(units, activation=setup.activation) for units in setup.hidden]
    network = keras.Sequential([keras.Input(shape=(784,)), *layers, keras.layers.Dense(10, activation="softmax")])
    network.set_weights([setup.spread * weight for weight in network.get_weights()])
    network.compile(keras.optimizers.RMSprop(setup.rate), "categorical_crossentropy", metrics=["accuracy"])
    return network


def run(data: Mnist, name: str, setup: Setup, seed: int) -> Outcome:
    """Train once and evaluate.

    Args:
        data: The digits.
        name: The name of the change.
        setup: The change.
        seed: Seed for the weights and of the order of the images.
    """
    check_keras()
    import keras

    from tensorbook.fast_fit import fit

    keras.utils.set_random_seed(seed)
    network = build(setup)
    # Chapter 2's preparation divides by 255.
    images, test = (prepare_images(part.images) * (255 / setup.divide_by) for part in (data.train, data.test))
    batch_size = min(setup.batch_size, len(images))
    fit(
        network,
        images,
        one_hot(data.train.labels),
        batch_size=batch_size,
        epochs=setup.epochs,
        verbose=0,
    )
    right = [
        float((network.predict(part, batch_size=1000, verbose=0).argmax(axis=1) == labels).mean())
        for part, labels in ((images, data.train.labels), (test, data.test.labels))
    ]
    return Outcome(name, setup.epochs * -(-len(images) // batch_size), *right)


def untrained(seed: int) -> Network:
    """Return chapter 2's network before its training, in NumPy.

    Args:
        seed: Seed for the weights.
    """
    check_keras()
    import keras

    from tensorbook.models import build_network
    from tensorbook.weights import network_from_weights

    keras.utils.set_random_seed(seed)
    return network_from_weights(build_network().get_weights())


def falling_losses(data: Mnist, rate: float, seed: int) -> list[float]:
    """Return the losses of chapter 6's loop with a learning rate: the mean of every ten batches.

    Args:
        data: The digits.
        rate: The learning rate.
        seed: Seed for the weights and of the batches.
    """
    network = untrained(seed)
    images, targets = prepare_images(data.train.images), one_hot(data.train.labels)
    random = np.random.default_rng(seed)
    losses = []
    for _ in range(RATE_STEPS):
        chosen = random.choice(len(images), size=min(BATCH_SIZE, len(images)), replace=False)
        loss, gradients = network.gradient(images[chosen], targets[chosen])
        losses.append(loss)
        weights = [weight for layer in network.layers for weight in layer.weights]
        for weight, gradient in zip(weights, gradients, strict=True):
            weight -= np.float32(rate) * gradient
    return [round(float(mean), 4) for mean in np.reshape(losses, (-1, MEAN_OVER)).mean(axis=1)]


def watch(data: Mnist, seed: int) -> list[np.ndarray]:
    """Train chapter 2's network in NumPy, and return where the first test digits are at each of ``MOMENTS``.

    Args:
        data: The digits.
        seed: Seed for the weights and of the order of the images.

    Returns:
        For each moment, the points of a plane, float array of shape ``(digits, 2)``.
    """
    network = untrained(seed)
    images, targets = prepare_images(data.train.images), one_hot(data.train.labels)
    test = prepare_images(data.test.images[:DIGITS])
    random = np.random.default_rng(seed)
    seen = []
    order: list[int] = []
    for batches in range(MOMENTS[-1] + 1):
        if batches in MOMENTS:
            seen.append(to_plane(network.predict(test)))
        if not order:
            order = random.permutation(len(images)).tolist()
        chosen, order = order[:BATCH_SIZE], order[BATCH_SIZE:]
        network.step(images[chosen], targets[chosen])
    return seen


def corners() -> np.ndarray:
    """Return a place for each class: ten corners of a circle, 0 at the top, clockwise; shape ``(10, 2)``."""
    angles = 2 * np.pi * np.arange(10) / 10
    return np.stack([np.sin(angles), np.cos(angles)], axis=1)


def to_plane(probabilities: np.ndarray) -> np.ndarray:
    """Return rows of ten probabilities as points: the mean of the ten corners, weighted by the probabilities."""
    return np.asarray(probabilities @ corners())


@default_style()
def draw_experiments(record: Experiments) -> dict[str, "Figure"]:
    """Return the figures of the record by name."""
    import matplotlib.pyplot as plt

    drawn = zip(EXPERIMENT_FIGURES, (plot_rates(record.losses), plot_places(record.places, record.labels)), strict=True)
    figures = {name: ax.get_figure(root=True) for name, ax in drawn}
    plt.close("all")
    return {name: figure for name, figure in figures.items() if figure is not None}


def plot_rates(losses: Sequence[Sequence[float]]) -> "Axes":
    """Draw one curve of the loss for each learning rate."""
    ax = panel(5, 3.2)
    batches = MEAN_OVER * (np.arange(len(losses[0])) + 0.5)
    styles = (("first", "-"), ("second", "--"), ("wrong", ":"))
    for rate, curve, (colour, style) in zip(RATES, losses, styles, strict=True):
        ax.plot(batches, curve, style, color=LIGHT[colour], linewidth=2, label=f"learning rate {rate:g}")
    ax.set_ylim(0, 5)
    ax.set_xlabel("batches", fontsize=TEXT, color=LIGHT["ink"])
    ax.set_ylabel("loss", fontsize=TEXT, color=LIGHT["ink"])
    ax.legend(fontsize=TEXT - 1, frameon=False, labelcolor=LIGHT["ink"])
    return ax


def plot_places(places: Sequence[Sequence[tuple[float, float]]], labels: Sequence[int]) -> "Axes":
    """Draw the digits as numbers in a plane, a panel per moment; those nearest to a wrong corner are marked."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import Circle

    _, axes = plt.subplots(2, 3, figsize=(7, 4.9), facecolor="none", layout="constrained")
    ends, classes = corners(), np.array(labels)
    # Each digit of a class gets its own place around the common one, in a spiral that keeps them apart.
    rank = np.array([int((classes[:index] == label).sum()) for index, label in enumerate(classes)])
    angle, radius = 2.4 * rank, SCATTER * np.sqrt((rank + 0.5) / (rank.max() + 1))
    apart = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    for ax, points, batches in zip(axes.flat, places, MOMENTS, strict=True):
        ax.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35), aspect="equal", facecolor="none")
        ax.set_axis_off()
        ax.set_title(f"after {batches:,} batches" if batches else "before training", fontsize=TEXT, color=LIGHT["ink"])
        ax.add_patch(Circle((0, 0), 1, fill=False, color=LIGHT["grid"], linewidth=0.8))
        for digit, (x, y) in enumerate(ends):
            ax.text(1.25 * x, 1.25 * y, str(digit), ha="center", va="center", fontsize=TEXT, color=LIGHT["muted"])
        where = np.array(points)
        right = np.linalg.norm(where[:, None] - ends, axis=2).argmin(axis=1) == classes
        for digit in range(10):
            for chosen, colour in ((right, "first"), (~right, "wrong")):
                of_class = (where + apart)[chosen & (classes == digit)]
                if len(of_class):
                    ax.scatter(*of_class.T, s=22, marker=f"${digit}$", color=LIGHT[colour], linewidth=0)
    first: Axes = axes.flat[0]
    return first
