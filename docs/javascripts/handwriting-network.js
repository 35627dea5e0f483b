// The forward pass of the handwriting network: convolution and pooling on top of
// chapter 5's operations. Maps of side × side places are stored in a Float32Array, row by
// row, with the numbers of all maps at each place.

import { add, dot, relu, softmax } from "./forward-pass.js";

// For each place in its 3 × 3 window and each input map, a kernel has the weights of all
// output maps.
export function convolve(maps, side, { kernel, bias }) {
  const [before, after, last] = [maps.length / side ** 2, bias.length, side - 2];
  const result = new Float32Array(last * last * after);
  for (let row = 0; row < last; row++) {
    for (let column = 0; column < last; column++) {
      const place = (row * last + column) * after;
      result.set(bias, place);
      for (let window = 0; window < 9; window++) {
        const [down, right] = [Math.floor(window / 3), window % 3];
        const from = ((row + down) * side + column + right) * before;
        for (let map = 0; map < before; map++) {
          const number = maps[from + map];
          if (number === 0) continue; // paper, or set to zero by relu
          const weights = (window * before + map) * after;
          for (let k = 0; k < after; k++) {
            result[place + k] += number * kernel[weights + k];
          }
        }
      }
    }
  }
  return result;
}

// Keeps the largest number of each 2 × 2 block; an odd last row or column is ignored.
export function pool(maps, side) {
  const [depth, half] = [maps.length / side ** 2, Math.floor(side / 2)];
  const result = new Float32Array(half * half * depth);
  for (let i = 0; i < result.length; i++) {
    const place = Math.floor(i / depth);
    const [row, column] = [Math.floor(place / half), place % half];
    const above = (2 * row * side + 2 * column) * depth + (i % depth);
    const below = above + side * depth;
    const upper = Math.max(maps[above], maps[above + depth]);
    result[i] = Math.max(upper, maps[below], maps[below + depth]);
  }
  return result;
}

// Takes 784 pixels from 0 to 1, and returns ten probabilities.
export function forwardHandwriting(pixels, { first, second, hidden, output }) {
  const strokes = pool(relu(convolve(pixels, 28, first)), 26); // 32 maps of 13 × 13
  const parts = pool(relu(convolve(strokes, 13, second)), 11); // 64 maps of 5 × 5
  const units = relu(add(dot(parts, hidden.kernel), hidden.bias));
  return softmax(add(dot(units, output.kernel), output.bias));
}
