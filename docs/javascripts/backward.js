// The backward pass of the book's network, and the steps of two optimizers:
// what chapter 7 does in NumPy, in plain JavaScript.

import { dot, forward, relu } from "./network.js";

// Dense.backward: the slopes along the outputs go in. Those along the weights
// come out, and those along the inputs, which nobody needs in the first layer.
export function denseBackward(inputs, gradients, { kernel, bias }, first) {
  const units = bias.length;
  const rows = kernel.length / units;
  return {
    kernel: dot(transposed(inputs, rows), gradients, units),
    bias: sumOfRows(gradients, units),
    inputs: first ? undefined : dot(gradients, transposed(kernel, units), rows),
  };
}

// Relu.backward: a slope goes on to where the output is above zero.
export function reluBackward(outputs, gradients) {
  for (let i = 0; i < outputs.length; i++) {
    if (!(outputs[i] > 0)) gradients[i] = 0;
  }
  return gradients;
}

// Network.gradient: the loss on a batch, and its slope along each weight.
// `labels` has the right class of each picture.
export function gradient(pixels, labels, network) {
  const { units, probabilities } = forward(pixels, network);
  const classes = network.output.bias.length;
  const gradients = probabilities.slice();
  let loss = 0;
  labels.forEach((label, n) => {
    const right = n * classes + label;
    loss -= Math.log(Math.max(probabilities[right], 1e-30)) / labels.length;
    gradients[right] -= 1; // what it said minus what it should have said
  });
  for (let i = 0; i < gradients.length; i++) gradients[i] /= labels.length;

  const output = denseBackward(units, gradients, network.output);
  const { activation = relu } = network;
  const isRelu = activation === relu;
  const between = isRelu ? reluBackward(units, output.inputs) : output.inputs;
  const hidden = denseBackward(pixels, between, network.hidden, true);
  return { loss, probabilities, slopes: { hidden, output } };
}

function transposed(matrix, columns) {
  const result = new matrix.constructor(matrix.length);
  let place = 0;
  for (let j = 0; j < columns; j++) {
    for (let start = 0; start < matrix.length; start += columns) {
      result[place++] = matrix[start + j];
    }
  }
  return result;
}

function sumOfRows(matrix, columns) {
  const result = new matrix.constructor(columns);
  for (let start = 0; start < matrix.length; start += columns) {
    for (let j = 0; j < columns; j++) result[j] += matrix[start + j];
  }
  return result;
}

function arrays({ hidden, output }) {
  return [hidden.kernel, hidden.bias, output.kernel, output.bias];
}

// Move all weights against their slopes, by the same rate.
export class SGD {
  constructor(rate) {
    this.rate = rate;
  }

  update(network, slopes) {
    const gradients = arrays(slopes);
    arrays(network).forEach((weights, k) => {
      sgdStep(weights, gradients[k], this.rate);
    });
  }
}

function sgdStep(weights, gradient, rate) {
  for (let i = 0; i < weights.length; i++) weights[i] -= rate * gradient[i];
}

// Keep a running mean of each slope's squares, and divide the step by its root.
export class RMSprop {
  constructor(rate) {
    this.rate = rate;
  }

  update(network, slopes) {
    const gradients = arrays(slopes);
    this.squares ??= gradients.map((array) => array.slice().fill(0));
    arrays(network).forEach((weights, k) => {
      rmspropStep(weights, gradients[k], this.squares[k], this.rate);
    });
  }
}

function rmspropStep(weights, gradient, square, rate) {
  for (let i = 0; i < weights.length; i++) {
    square[i] = 0.9 * square[i] + 0.1 * gradient[i] ** 2;
    weights[i] -= (rate * gradient[i]) / Math.sqrt(square[i] + 1e-7);
  }
}
