// The forward pass of the book's network: the operations of chapter 5, in plain JavaScript.
// A vector is an array of numbers, and a matrix is an array of rows.

// x @ matrix: each row of the matrix times its number in x, and all of them added up. Most
// of a picture is paper, which is 0, so the rows that it would multiply are left out. The
// others are added four at a time: each sum is fetched and stored once for all four.
export function dot(x, matrix, result = zeros(matrix[0].length)) {
  const [rows, factors] = [[], []];
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    rows.push(matrix[i]);
    factors.push(x[i]);
  }
  while (rows.length % 4) { // the last four are made full
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

// Browsers store an array of whole numbers differently from one of fractions. To them, 0 is
// a whole number and -0 is not: so this array need not be stored again for the fractions.
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

// Scores, one for each class, become shares of 1.
export function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map((power) => power / sum);
}

// The pixels of a picture go in, 784 numbers from 0 to 1. The answers of the hidden units
// come out, and ten probabilities.
export function forward(pixels, { hidden, output, activation = relu }) {
  const dense = (x, { kernel, bias }) => add(dot(x, kernel), bias);
  const units = activation(dense(pixels, hidden));
  return { units, probabilities: softmax(dense(units, output)) };
}
