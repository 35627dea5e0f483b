// The backward pass of the book's network: what chapter 7 does in NumPy, written
// in plain JavaScript.

import { add, dot, forward, relu, zeros } from "./forward-pass.js";

// Dense.backward: take the slopes of a batch's outputs. Store the slopes of the
// weights in the layer, where they replace those of the last batch. Return the
// slopes of the inputs, except in the first layer, where nothing needs them.
export function denseBackward(inputs, gradients, layer, first) {
  const { kernel, bias } = layer;
  layer.slopes ??= { kernel: kernel.map(() => zeros(bias.length)) };
  const { slopes } = layer;
  // inputs.T @ gradients
  transposed(inputs).forEach((x, i) => dot(x, gradients, slopes.kernel[i]));
  // gradients.sum(axis=0)
  slopes.bias = gradients.reduce(add);
  if (first) return undefined;
  // gradients @ kernel.T
  const columns = transposed(kernel);
  return gradients.map((gradient) => dot(gradient, columns));
}

// Relu.backward: let a slope through where the output is above zero.
export function reluBackward(outputs, gradients) {
  gradients.forEach((gradient, n) => {
    const output = outputs[n];
    for (let j = 0; j < output.length; j++) {
      if (!(output[j] > 0)) gradient[j] = 0;
    }
  });
  return gradients;
}

// Network.gradient: find the loss on a batch, and its slope with respect to
// each weight. `labels` contains the right class of each picture.
export function gradient(pixels, labels, network) {
  const passes = pixels.map((picture) => forward(picture, network));
  const units = passes.map((pass) => pass.units);
  const probabilities = passes.map((pass) => pass.probabilities);
  let loss = 0;
  const gradients = probabilities.map((answer, n) => {
    loss -= Math.log(Math.max(answer[labels[n]], 1e-30)) / labels.length;
    // what the network said, minus what it should have said
    return answer.map((p, k) => (p - (k === labels[n])) / labels.length);
  });

  const { hidden, output, activation = relu } = network;
  const between = denseBackward(units, gradients, output);
  if (activation === relu) reluBackward(units, between);
  denseBackward(pixels, between, hidden, true);
  return { loss, probabilities };
}

function transposed(matrix) {
  const result = matrix[0].map(() => zeros(matrix.length));
  for (let i = 0; i < matrix.length; i++) {
    const row = matrix[i];
    for (let j = 0; j < row.length; j++) result[j][i] = row[j];
  }
  return result;
}

// All the weights of a network, row by row.
export function weightsOf({ hidden, output }) {
  return [...hidden.kernel, hidden.bias, ...output.kernel, output.bias];
}

// Their slopes, in the same order.
export function slopesOf({ hidden, output }) {
  return weightsOf({ hidden: hidden.slopes, output: output.slopes });
}
