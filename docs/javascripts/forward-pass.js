// The forward pass of the book's network: chapter 5's operations in plain JavaScript.
// A vector is an array of numbers, and a matrix is an array of rows.

// x @ matrix: multiply each row of the matrix by its entry in x, and add up the results.
// Most pixels of a picture are empty paper, or 0, so we skip the rows that they would
// multiply. We add the other rows four at a time, to read and write each sum only once
// for all four.
export function dot(x, matrix, result = zeros(matrix[0].length)) {
  const [rows, factors] = [[], []];
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    rows.push(matrix[i]);
    factors.push(x[i]);
  }
  while (rows.length % 4) { // fill up the last group of four
    rows.push(matrix[0]);
    factors.push(0);
  }
  result.fill(0);
  for (let k = 0; k < rows.length; k += 4) addFour(result, rows, factors, k);
  return result;
}

function addFour(sum, rows, factors, k) {
  const a = rows[k], b = rows[k + 1], c = rows[k + 2], d = rows[k + 3];
  const p = factors[k], q = factors[k + 1], r = factors[k + 2], s = factors[k + 3];
  for (let j = 0; j < sum.length; j++) {
    sum[j] += p * a[j] + q * b[j] + r * c[j] + s * d[j];
  }
}

// Browsers store arrays of integers differently from arrays of floats. They treat 0 as an
// integer and -0 as a float, so an array of -0 doesn't have to be converted later.
export function zeros(length) {
  return Array(length).fill(-0);
}

// x + y
export function add(x, y) {
  const result = x.slice();
  for (let i = 0; i < x.length; i++) result[i] += y[i];
  return result;
}

export function relu(x) {
  const result = x.slice();
  for (let i = 0; i < x.length; i++) result[i] = Math.max(x[i], 0);
  return result;
}

// Turn scores, one for each class, into probabilities.
export function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map((power) => power / sum);
}

// Take the 784 pixels of a picture, as numbers from 0 to 1. Return the outputs of the
// hidden units and the ten probabilities.
export function forward(pixels, { hidden, output, activation = relu }) {
  const dense = (x, { kernel, bias }) => add(dot(x, kernel), bias);
  const units = activation(dense(pixels, hidden));
  return { units, probabilities: softmax(dense(units, output)) };
}
