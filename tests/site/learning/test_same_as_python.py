"""The panel's network learns as `tensorbook.scratch` does, and its slopes agree with nudging."""

import base64
import itertools

import numpy as np
import pytest

from tensorbook.data import load_sample, one_hot, prepare_images
from tensorbook.scratch import Dense, Network, Relu

DIGITS = 1_000  # with batches of 32 or 128, the last batch of an epoch is short
AFTER = (1, 10, 100)  # steps

TRAIN = """async ({ base, start, units, optimizer, activation, batch, digits, after }) => {
  const { fetchDigits } = await import(base + "javascripts/sample-digits.js");
  const { gradient, weightsOf } = await import(base + "javascripts/backward-pass.js");
  const { RMSprop, SGD } = await import(base + "javascripts/optimizers.js");
  const { relu } = await import(base + "javascripts/forward-pass.js");
  const { pixelsOf } = await import(base + "javascripts/learning/trainer.js");
  globalThis.digits ??= await fetchDigits();
  const { images, labels } = globalThis.digits.train;
  const numbers = new Float32Array(Uint8Array.from(atob(start), (letter) => letter.charCodeAt(0)).buffer);
  let place = 0;
  const next = (length) => Array.from(numbers.subarray(place, (place += length)));
  const rows = (many, length) => Array.from({ length: many }, () => next(length));
  const network = {
    hidden: { kernel: rows(784, units), bias: next(units) },
    output: { kernel: rows(units, 10), bias: next(10) },
    activation: activation === "relu" ? relu : (x) => x,
  };
  const moves = optimizer === "sgd" ? new SGD(0.01) : new RMSprop(0.001);
  const found = [];
  let first = 0;
  for (let step = 1; step <= Math.max(...after); step++) {
    const many = Math.min(batch, digits - first);
    const chosen = Uint16Array.from({ length: many }, (_, n) => first + n);
    const { loss } = gradient(pixelsOf(images, chosen), labels.subarray(first, first + many), network);
    moves.update(network);
    first = (first + many) % digits;
    if (!after.includes(step)) continue;
    const bytes = new Uint8Array(Float32Array.from(weightsOf(network).flat()).buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
    found.push([loss, btoa(text)]);
  }
  return found;
}"""


class SGD:
    """Chapter 6's update."""

    def update(self, weights, gradients):
        for weight, gradient in zip(weights, gradients, strict=True):
            weight -= 0.01 * gradient


def in_numpy(weights, optimizer, activation, batch, after):
    """Return the loss and weights after this many steps of `tensorbook.scratch`, in float64."""
    units = len(weights[1])
    layers = [Dense(784, units, np.random.default_rng(0)), Relu(), Dense(units, 10, np.random.default_rng(0))]
    layers[0].weights, layers[2].weights = ([w.astype(float) for w in pair] for pair in (weights[:2], weights[2:]))
    network = Network(layers if activation == "relu" else [layers[0], layers[2]])
    if optimizer == "sgd":
        network.optimizer = SGD()
    images, labels = (array[:DIGITS] for array in load_sample().train)
    images, targets = prepare_images(images).astype(float), one_hot(labels).astype(float)
    found, first = [], 0
    for step in range(1, max(after) + 1):
        chosen = slice(first, min(first + batch, DIGITS))
        loss = network.step(images[chosen], targets[chosen])
        first = chosen.stop % DIGITS
        if step in after:
            found.append((loss, np.concatenate([w.ravel() for layer in network.layers for w in layer.weights])))
    return found


def compare(page, address, units, optimizer, activation, batch, after=AFTER):
    random = np.random.default_rng(0)
    layers = Dense(784, units, random), Dense(units, 10, random)
    weights = [weight for layer in layers for weight in layer.weights]
    start = base64.b64encode(b"".join(weight.tobytes() for weight in weights)).decode()
    settings = {"units": units, "optimizer": optimizer, "activation": activation, "batch": batch}
    asked = {"base": address, "start": start, "digits": DIGITS, "after": after, **settings}
    found = page.evaluate(TRAIN, asked)
    for (loss, text), (true_loss, true_weights) in zip(
        found, in_numpy(weights, optimizer, activation, batch, after), strict=True
    ):
        assert abs(loss - true_loss) < 1e-4, settings
        assert np.abs(np.frombuffer(base64.b64decode(text), np.float32) - true_weights).max() < 1e-4, settings


WAYS = list(itertools.product(("rmsprop", "sgd"), ("relu", "none"), (1, 32, 128)))


@pytest.mark.parametrize(("optimizer", "activation", "batch"), WAYS)
def test_after_1_10_and_100_steps_all_weights_are_those_of_numpy(quiet_page, address, optimizer, activation, batch):
    compare(quiet_page, address, 16, optimizer, activation, batch)


def test_the_full_network_learns_as_in_numpy(quiet_page, address):
    compare(quiet_page, address, 512, "rmsprop", "relu", 128, after=(1, 10))


@pytest.mark.nightly  # all ways at full width; during the day, one of them
@pytest.mark.parametrize(("optimizer", "activation", "batch"), WAYS)
def test_the_full_network_learns_as_in_numpy_in_every_way(quiet_page, address, optimizer, activation, batch):
    compare(quiet_page, address, 512, optimizer, activation, batch)


# All slopes of a small network; the nudged slopes are differences of two nearly equal losses.
NUDGE = """async ({ base, activation }) => {
  const { gradient, slopesOf, weightsOf } = await import(base + "javascripts/backward-pass.js");
  const { relu } = await import(base + "javascripts/forward-pass.js");
  let state = 1;
  const random = () => ((state = (state * 48271) % 2147483647) / 2147483647) * 2 - 1;
  const numbers = (length) => Array.from({ length }, random);
  const rows = (many, length) => Array.from({ length: many }, () => numbers(length));
  const network = {
    hidden: { kernel: rows(12, 9), bias: numbers(9) },
    output: { kernel: rows(9, 4), bias: numbers(4) },
    activation: activation === "relu" ? relu : (x) => x,
  };
  const pixels = rows(7, 12).map((row) => row.map((pixel) => Math.max(pixel, 0))); // with zeros, as pictures have
  const labels = Uint8Array.of(0, 1, 2, 3, 0, 2, 2);
  gradient(pixels, labels, network);
  const slopes = slopesOf(network).map((row) => row.slice()); // the next call replaces them
  return weightsOf(network).flatMap((weights, k) => weights.map((before, i) => {
    const [up, down] = [1e-6, -1e-6].map((nudge) => {
      weights[i] = before + nudge;
      return gradient(pixels, labels, network).loss;
    });
    weights[i] = before;
    return [slopes[k][i], (up - down) / 2e-6];
  }));
}"""


@pytest.mark.parametrize("activation", ["relu", "none"])
def test_every_slope_of_a_small_network_is_what_nudging_says(quiet_page, address, activation):
    found = np.array(quiet_page.evaluate(NUDGE, {"base": address, "activation": activation}))
    assert len(found) == 12 * 9 + 9 + 9 * 4 + 4
    assert np.count_nonzero(found[:, 0]) > 0.5 * len(found)
    np.testing.assert_allclose(found[:, 0], found[:, 1], rtol=1e-3, atol=1e-8)
