// The forward pass of the book's network: the operations of chapter 5, in plain JavaScript.
// A vector is a Float32Array, and so is a matrix: its rows, one after the other.

export function dot(x, matrix, columns) {
  const result = new Float32Array(columns);
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue; // paper weighs nothing, and most of a picture is paper
    const row = i * columns;
    for (let j = 0; j < columns; j++) result[j] += x[i] * matrix[row + j];
  }
  return result;
}

export const add = (x, y) => x.map((number, i) => number + y[i]);

export const relu = (x) => x.map((number) => Math.max(number, 0));

export function softmax(x) {
  const largest = Math.max(...x);
  const shares = x.map((number) => Math.exp(number - largest));
  const sum = shares.reduce((total, share) => total + share);
  return shares.map((share) => share / sum);
}

// 784 pixels from 0 to 1 go in; the answers of the 512 hidden units come out, and ten
// probabilities.
export function forward(pixels, { hidden, output }) {
  const units = relu(add(dot(pixels, hidden.kernel, 512), hidden.bias));
  const probabilities = softmax(add(dot(units, output.kernel, 10), output.bias));
  return { units, probabilities };
}
