// The forward pass of chapter 9's network, the reader: the operations of chapter 8, in plain JavaScript.

import { add, dot, relu, softmax } from "./network.js";

// Maps of side × side places are a Float32Array, too: row by row, and at each place the numbers
// of all maps. A kernel has, for each place of its 3 × 3 window and for each map that comes in, the weights of all maps
// that go out.
export function convolve(maps, side, kernel, bias) {
  const [before, after, last] = [maps.length / side ** 2, bias.length, side - 2];
  const result = new Float32Array(last * last * after);
  for (let row = 0; row < last; row++) {
    for (let column = 0; column < last; column++) {
      const place = (row * last + column) * after;
      result.set(bias, place);
      for (let window = 0; window < 9; window++) {
        const from = ((row + Math.floor(window / 3)) * side + column + (window % 3)) * before;
        for (let map = 0; map < before; map++) {
          const number = maps[from + map];
          if (number === 0) continue;
          const weights = (window * before + map) * after;
          for (let k = 0; k < after; k++) result[place + k] += number * kernel[weights + k];
        }
      }
    }
  }
  return result;
}

// The largest of each 2 × 2 places; a last row and column without a neighbour are left out.
export function pool(maps, side) {
  const [depth, half] = [maps.length / side ** 2, Math.floor(side / 2)];
  return Float32Array.from({ length: half * half * depth }, (_, i) => {
    const [row, column] = [Math.floor(i / depth / half), Math.floor(i / depth) % half];
    const first = (2 * row * side + 2 * column) * depth + (i % depth);
    const below = first + side * depth;
    return Math.max(maps[first], maps[first + depth], maps[below], maps[below + depth]);
  });
}

// The reader's network: 784 pixels from 0 to 1 go in, ten probabilities come out.
export function forwardReader(pixels, { first, second, hidden, output }) {
  const strokes = pool(relu(convolve(pixels, 28, first.kernel, first.bias)), 26);
  const parts = pool(relu(convolve(strokes, 13, second.kernel, second.bias)), 11);
  const units = relu(add(dot(parts, hidden.kernel, 128), hidden.bias));
  return softmax(add(dot(units, output.kernel, 10), output.bias));
}
