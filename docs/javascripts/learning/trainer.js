// The panel's network, starting from random numbers: one step, many steps, and its state between steps.

import { gradient, slopesOf } from "../backward-pass.js";
import { forward, relu, zeros } from "../forward-pass.js";
import { RMSprop, SGD } from "../optimizers.js";

const OPTIMIZERS = { rmsprop: RMSprop, sgd: SGD }; // those of RANGES in settings.js
const PIXELS = 784;
const CLASSES = 10;
const linear = (x) => x;

export class Trainer {
  /**
   * Start from random weights.
   *
   * digits are what `fetchDigits` returns, and settings are described in settings.js. The same seed, a whole number,
   * gives the same weights, batches and shuffled labels.
   */
  constructor(digits, settings, seed = 0) {
    this.random = randomNumbers(seed);
    this.test = digits.test;
    this.images = digits.train.images;
    this.labels = shuffledLabels(digits.train.labels, settings.shuffled / 100, this.random);
    this.network = {
      hidden: dense(PIXELS, settings.units, this.random),
      output: dense(settings.units, CLASSES, this.random),
      activation: settings.activation === "relu" ? relu : linear,
    };
    this.order = Uint16Array.from(this.labels.keys());
    this.next = this.order.length; // the first step shuffles
    this.steps = 0;
    this.seen = 0;
    this.change(settings);
  }

  /** Change the learning rate, batch size or optimizer, starting with the next step. */
  change({ optimizer, rate, batch }) {
    this.batch = batch;
    if (this.optimizerName !== optimizer) this.optimizer = new OPTIMIZERS[optimizer](rate);
    this.optimizerName = optimizer;
    this.optimizer.rate = rate;
  }

  /** The number of passes over all training digits, including the fraction of the current one. */
  get epoch() {
    return this.seen / this.order.length;
  }

  /** Draw the next batch of an epoch. The digits are shuffled, and each comes once. The last batch may be short. */
  draw() {
    if (this.next >= this.order.length) {
      shuffle(this.order, this.random);
      this.next = 0;
    }
    const chosen = this.order.subarray(this.next, this.next + this.batch);
    this.next += chosen.length;
    const labels = Uint8Array.from(chosen, (place) => this.labels[place]);
    return { chosen, labels, pixels: pixelsOf(this.images, chosen) };
  }

  /** Learn from one batch. Return the batch, with its loss and probabilities before the step. */
  step() {
    const batch = this.draw();
    const before = gradient(batch.pixels, batch.labels, this.network);
    this.optimizer.update(this.network);
    this.steps += 1;
    this.seen += batch.labels.length;
    return { ...batch, ...before };
  }

  /** Return loss and accuracy on the test digits. */
  evaluate() {
    const { images, labels } = this.test;
    const { loss, right } = scores(this.predict(pixelsOf(images, labels.keys())), labels);
    return { loss, accuracy: right / labels.length };
  }

  /** Return the probabilities for some pictures with pixels from 0 to 1. */
  predict(pixels) {
    return pixels.map((picture) => forward(picture, this.network).probabilities);
  }

  /** Return the weights of the first hidden units, one unit after another, 784 each. */
  units(many) {
    const { kernel } = this.network.hidden;
    const result = new Float32Array(many * PIXELS);
    for (let unit = 0; unit < many; unit++) {
      for (let i = 0; i < PIXELS; i++) result[unit * PIXELS + i] = kernel[i][unit];
    }
    return result;
  }
}

/** Return the mean loss of predictions, and how many are right. */
export function scores(probabilities, labels) {
  let loss = 0;
  let right = 0;
  labels.forEach((label, n) => {
    const row = probabilities[n];
    loss -= Math.log(Math.max(row[label], 1e-30)) / labels.length;
    right += row.indexOf(Math.max(...row)) === label;
  });
  return { loss, right };
}

/** Return the largest absolute slope of a network in the last step. */
export function largestSlope(network) {
  return slopesOf(network).flat().reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
}

/** Return the chosen pictures in the form the network takes: an array for each, with pixels from 0 to 1. */
export function pixelsOf(images, chosen) {
  return Array.from(chosen, (place) => {
    const picture = zeros(PIXELS);
    for (let i = 0; i < PIXELS; i++) picture[i] = images[place * PIXELS + i] / 255;
    return picture;
  });
}

// Keras draws a layer's weights from the same range.
function dense(inputs, units, random) {
  const limit = Math.sqrt(6 / (inputs + units));
  const kernel = Array.from({ length: inputs }, () => zeros(units).map(() => (2 * random() - 1) * limit));
  return { kernel, bias: zeros(units) };
}

function shuffle(array, random) {
  for (let last = array.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [array[last], array[other]] = [array[other], array[last]];
  }
}

// Some digits exchange labels among themselves, so there are as many of each class as before.
function shuffledLabels(labels, share, random) {
  const places = Uint16Array.from(labels.keys());
  shuffle(places, random);
  const some = places.subarray(0, Math.round(share * labels.length));
  const moved = some.slice();
  shuffle(moved, random);
  const result = labels.slice();
  some.forEach((place, n) => { result[place] = labels[moved[n]]; });
  return result;
}

// Mulberry32, by Tommy Ettinger: numbers from 0 to 1, the same from the same seed in every browser.
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
