// The steps of chapter 7's two optimizers, in plain JavaScript. Before each
// step, the backward pass has stored the slopes in the network's layers.

import { slopesOf, weightsOf } from "./backward-pass.js";
import { zeros } from "./forward-pass.js";

// Move all the weights against their slopes, with the same learning rate.
export class SGD {
  constructor(rate) {
    this.rate = rate;
  }

  update(network) {
    const slopes = slopesOf(network);
    weightsOf(network).forEach((weights, k) => {
      sgdStep(weights, slopes[k], this.rate);
    });
  }
}

function sgdStep(weights, gradient, rate) {
  for (let i = 0; i < weights.length; i++) weights[i] -= rate * gradient[i];
}

// For each weight, keep a running mean of its squared slopes, and divide the
// step by the square root of that mean.
export class RMSprop {
  constructor(rate) {
    this.rate = rate;
  }

  update(network) {
    const slopes = slopesOf(network);
    this.squares ??= slopes.map(({ length }) => zeros(length));
    weightsOf(network).forEach((weights, k) => {
      rmspropStep(weights, slopes[k], this.squares[k], this.rate);
    });
  }
}

function rmspropStep(weights, gradient, square, rate) {
  for (let i = 0; i < weights.length; i++) {
    square[i] = 0.9 * square[i] + 0.1 * gradient[i] ** 2;
    weights[i] -= (rate * gradient[i]) / Math.sqrt(square[i] + 1e-7);
  }
}
