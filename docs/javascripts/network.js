// The forward pass of the book's network: the operations of chapter 5, in plain JavaScript.
// A matrix is a Float32Array: its rows, one after the other. A vector is one row.

// x @ matrix. Most of a picture is paper, which is 0, so the rows that it would multiply
// are left out. The others are added eight at a time: each sum is fetched and stored once
// for all eight, which takes half the time.
export function dot(x, matrix, columns) {
  const inputs = matrix.length / columns;
  const result = new matrix.constructor((x.length / inputs) * columns);
  for (let from = 0, to = 0; from < x.length; from += inputs, to += columns) {
    const [rows, factors] = [[], []];
    for (let i = 0; i < inputs; i++) {
      if (x[from + i] === 0) continue;
      rows.push(i * columns);
      factors.push(x[from + i]);
    }
    while (rows.length % 8) { // the last eight are made full
      rows.push(0);
      factors.push(0);
    }
    for (let k = 0; k < rows.length; k += 8) {
      const [a, b, c, d] = [rows[k], rows[k + 1], rows[k + 2], rows[k + 3]];
      const [e, f, g, h] = [rows[k + 4], rows[k + 5], rows[k + 6], rows[k + 7]];
      const [p, q, r, s] = [factors[k], factors[k + 1], factors[k + 2], factors[k + 3]];
      const [t, u, v, w] = [factors[k + 4], factors[k + 5], factors[k + 6], factors[k + 7]];
      for (let j = 0; j < columns; j++) {
        result[to + j] +=
          p * matrix[a + j] + q * matrix[b + j] + r * matrix[c + j] + s * matrix[d + j] +
          t * matrix[e + j] + u * matrix[f + j] + v * matrix[g + j] + w * matrix[h + j];
      }
    }
  }
  return result;
}

// x + y, with y added to each row of x.
export function add(x, y) {
  const result = x.slice();
  for (let row = 0; row < x.length; row += y.length) {
    for (let j = 0; j < y.length; j++) result[row + j] += y[j];
  }
  return result;
}

export function relu(x) {
  const result = x.slice();
  for (let i = 0; i < x.length; i++) result[i] = Math.max(x[i], 0);
  return result;
}

// Each row of scores, one score for each class, becomes shares of 1.
export function softmax(x, classes = x.length) {
  const result = x.slice();
  for (let start = 0; start < x.length; start += classes) {
    const row = x.slice(start, start + classes);
    const largest = Math.max(...row);
    const shares = row.map((score) => Math.exp(score - largest));
    const sum = shares.reduce((total, share) => total + share);
    shares.forEach((share, j) => { result[start + j] = share / sum; });
  }
  return result;
}

// The pixels of one picture or of many go in, 784 numbers from 0 to 1 each. The answers of
// the hidden units come out, and ten probabilities for each picture.
export function forward(pixels, { hidden, output, activation = relu }) {
  const dense = (x, { kernel, bias }) => add(dot(x, kernel, bias.length), bias);
  const units = activation(dense(pixels, hidden));
  return { units, probabilities: softmax(dense(units, output), output.bias.length) };
}
