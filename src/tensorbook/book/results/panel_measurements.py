"""Measurements of chapter 6's panel: its experiments in a browser, and Keras on the same digits."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tensorbook.book.browser import browser_page
from tensorbook.book.results.other_records import StoredRecord
from tensorbook.check_keras import check_keras
from tensorbook.data import Mnist, one_hot, prepare_images
from tensorbook.run_record import versions
from tensorbook.training_settings import BATCH_SIZE

# For each experiment: the words in its address, its epochs, and the number of seeds. The panel has the same in
# docs/javascripts/learning/settings.js.
EXPERIMENTS = {
    "chapter-2": (5, 10),
    "lr-0.1": (5, 3),
    "lr-0.00001": (5, 3),
    "no-relu": (5, 10),
    "shuffled-100": (40, 3),
    "units-16": (5, 3),
    "lr-10,sgd,no-relu": (10, 3),
}
# What pages call them.
NAMES = {
    "chapter_2": "chapter-2",
    "too_high": "lr-0.1",
    "far_too_low": "lr-0.00001",
    "no_relu": "no-relu",
    "nonsense": "shuffled-100",
    "sixteen": "units-16",
}
# Everything is as in the panel's worker; a run ends with the step after which the numbers are no longer finite.
TRAIN = """async ({ words, epochs, seed }) => {
  const from = (name) => import(new URL(`javascripts/${name}.js`, document.baseURI));
  const [{ fetchDigits }, { Trainer, scores }, { Curves }, { fromWords }] = await Promise.all(
    ["sample-digits", "learning/trainer", "learning/curve-points", "learning/settings"].map(from));
  globalThis.digits ??= await fetchDigits();
  const trainer = new Trainer(digits, fromWords(words).settings, seed);
  const curves = new Curves(trainer);
  let [right, seen, highest, blown] = [0, 0, 0, null];
  while (trainer.epoch < epochs) {
    const { loss, labels, probabilities } = curves.step();
    if (!Number.isFinite(loss)) { blown = trainer.steps; break; }
    highest = Math.max(highest, loss);
    if (trainer.epoch <= epochs - 1) continue;
    right += scores(probabilities, labels).right;
    seen += labels.length;
  }
  curves.test();
  const { loss, accuracy } = trainer.evaluate();
  const { training, test } = curves.take();
  return {
    seed, blown, highest_loss: highest, training_accuracy: seen ? right / seen : null,
    test_accuracy: accuracy, test_loss: Number.isFinite(loss) ? loss : null, curves: { training, test },
  };
}"""


@dataclass(frozen=True)
class Run:
    """One run of an experiment.

    ``training_accuracy`` is that of the last epoch, measured on the way and on the labels as they were given.
    ``highest_loss`` is the highest of any batch. ``blown`` is the step whose loss was no longer a number, if any; the
    fields that need numbers are then None.
    """

    seed: int
    blown: int | None
    highest_loss: float
    training_accuracy: float | None
    test_accuracy: float
    test_loss: float | None


@dataclass(frozen=True)
class Experiment:
    """An experiment of the panel, run with several seeds."""

    epochs: int
    runs: Sequence[Run]

    def mean(self, name: str) -> float:
        """Return the mean of a field over the runs."""
        return statistics.fmean(getattr(run, name) for run in self.runs)

    def all(self, name: str) -> list[float]:
        """Return a field of all runs."""
        return [getattr(run, name) for run in self.runs]


@dataclass(frozen=True)
class Learning(StoredRecord):
    """The experiments of the panel, and Keras's test accuracies for the first of them.

    ``curves`` are those of the first run: points with ``epoch``, ``loss`` and ``accuracy``, on ``training`` digits and
    ``test`` digits.
    """

    file: ClassVar[str] = "learning.json"
    command: ClassVar[str] = "python -m tensorbook.book learning"

    browser: str
    versions: dict[str, str]
    keras: Sequence[float]
    experiments: dict[str, Experiment]
    curves: dict[str, list[dict[str, float]]]

    @property
    def keras_mean(self) -> float:
        """Return the mean of Keras's test accuracies."""
        return statistics.fmean(self.keras)

    @property
    def named(self) -> dict[str, Experiment]:
        """Return the experiments by the names that pages use."""
        return {name: self.experiments[words] for name, words in NAMES.items()}

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> Self:
        experiments = {
            words: Experiment(one["epochs"], [Run(**run) for run in one["runs"]])
            for words, one in raw["experiments"].items()
        }
        return cls(**{**raw, "experiments": experiments})


def measure_learning(
    sample: Mnist, digits: bytes, out: Path, *, done: Callable[[str, Run], object] = lambda _words, _run: None
) -> Learning:
    """Run every experiment in a browser, train Keras as often on the same digits, and write the record.

    Args:
        sample: The sample's digits.
        digits: The same as the file that pages fetch.
        out: The results folder.
        done: Called after each run with the experiment's words and the run.

    Raises:
        UserError: There is no browser.
    """
    experiments: dict[str, Experiment] = {}
    curves: dict[str, list[dict[str, float]]] = {}
    with browser_page(digits) as (page, browser):
        for words, (epochs, seeds) in EXPERIMENTS.items():
            runs = []
            for seed in range(seeds):
                raw = page.evaluate(TRAIN, {"words": words, "epochs": epochs, "seed": seed})
                drawn = raw.pop("curves")
                curves = curves or drawn
                runs.append(Run(**raw))
                done(words, runs[-1])
            experiments[words] = Experiment(epochs, runs)
    epochs, seeds = EXPERIMENTS["chapter-2"]
    record = Learning(
        browser, versions(), [keras_accuracy(sample, epochs, seed) for seed in range(seeds)], experiments, curves
    )
    record.write(out)
    return record


def keras_accuracy(sample: Mnist, epochs: int, seed: int) -> float:
    """Return the test accuracy of chapter 2's network, trained by Keras on the sample.

    Each epoch has its own order, as in the panel. With a seed, ``fit`` would repeat its first order in each epoch.
    """
    check_keras()
    import keras

    from tensorbook.models import build_network

    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    network = build_network()
    images, targets = prepare_images(sample.train.images), one_hot(sample.train.labels)
    for _ in range(epochs):
        order = random.permutation(len(images))
        network.fit(images[order], targets[order], batch_size=BATCH_SIZE, shuffle=False, verbose=0)
    _, accuracy = network.evaluate(prepare_images(sample.test.images), one_hot(sample.test.labels), verbose=0)
    return float(accuracy)
