// Finds the ink in a photo. `tensorbook.find_ink` takes the same steps in Python, with the same float32 numbers.

import { FAINT, digitPlaces } from "../drawing/preparation.js";

export const DETAIL = 280; // pixels: a picture at least twice as long is made smaller by averaging
const COARSE = 100; // pixels: a noisy picture is made smaller until it is less noisy, but not below this
const NOISY = 4; // the largest standard deviation of the paper, of 255, that is not too noisy
export const CONTRAST = 16; // the fewest shades, of 255, by which ink has to differ from its background
const TILES = 40; // the background is measured in at most about this many tiles along each side

const single = Math.fround; // NumPy compares float32 numbers with thresholds of the same kind

/**
 * Return the ink in a picture { values, width, height }, with zero for paper, or null if nothing stands out.
 *
 * `places` are the pixels with ink. There are fewer pixels than in the picture if pixels were averaged.
 */
export function findInk(picture) {
  let grey = takeMeans(picture, Math.floor(Math.max(picture.width, picture.height) / DETAIL));
  let ground = findGround(grey);
  let noise = noiseOf(grey, ground);
  while (noise > NOISY && Math.max(grey.width, grey.height) >= 2 * COARSE) {
    grey = takeMeans(grey, 2);
    ground = findGround(grey);
    noise = noiseOf(grey, ground);
  }
  const darker = ground.map((value, place) => value - grey.values[place]);
  const strong = Math.max(CONTRAST, 5 * noise);
  const sum = darker.reduce((total, value) => (Math.abs(value) >= single(strong) ? total + value : total), 0);
  const most = ground.reduce((largest, value) => Math.max(largest, value, CONTRAST), 0);
  // In less light, ink and background differ by less.
  const light = ground.map((value) => most / Math.max(value, CONTRAST));
  const ink = darker.map((value, place) => (sum >= 0 ? value : -value) * light[place]);
  noise *= median(light);
  const { width, height } = grey;
  let kept = digitPlaces(ink, width, single(Math.max(CONTRAST, 5 * noise)));
  if (!kept.length) return null;
  const usual = percentile(
    Float32Array.from(kept, (place) => ink[place]),
    0.9,
  );
  kept = digitPlaces(ink, width, single(Math.max((FAINT * usual) / 255, 3 * noise)));
  const values = new Float32Array(ink.length);
  for (const place of kept) values[place] = ink[place];
  return { values, width, height, places: kept };
}

/** Return a smaller picture whose pixels are means of squares of the old pixels; the last squares may be cut off. */
export function takeMeans({ values, width, height }, side) {
  if (side < 2) return { values: Float32Array.from(values), width, height };
  const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)];
  const sums = new Float64Array(columns * rows);
  values.forEach((value, place) => {
    const column = place % width;
    sums[Math.floor((place - column) / width / side) * columns + Math.floor(column / side)] += value;
  });
  const means = Float32Array.from(sums, (sum, place) => {
    const [across, down] = [
      Math.min(side, width - side * (place % columns)),
      Math.min(side, height - side * Math.floor(place / columns)),
    ];
    return sum / (across * down);
  });
  return { values: means, width: columns, height: rows };
}

/**
 * Return how bright the paper would be at each pixel if there were no ink, in quarters of a shade.
 *
 * Typical values at the edge are taken as paper. A smooth surface a + bx + cy + dx² + exy + fy² is fitted to them by
 * least squares, then fitted again without the values far from it, first along the edge and then everywhere.
 */
export function findGround({ values, width, height }) {
  const [wide, tall] = [width, height].map((length) => Math.max(1, Math.floor(length / TILES)));
  const [columns, rows] = [Math.floor(width / wide), Math.floor(height / tall)];
  const tiles = Array.from({ length: rows * columns }, (_, tile) => {
    const [left, top] = [(tile % columns) * wide, Math.floor(tile / columns) * tall];
    const inside = new Float32Array(wide * tall);
    for (let y = 0; y < tall; y++)
      for (let x = 0; x < wide; x++) inside[y * wide + x] = values[(top + y) * width + left + x];
    return median(inside);
  });
  const terms = tiles.map((_, tile) =>
    termsAt(
      (2 * (Math.floor(tile / columns) + 0.5) * tall) / height - 1,
      (2 * ((tile % columns) + 0.5) * wide) / width - 1,
    ),
  );
  const atEdge = tiles.map((_, tile) => {
    const [row, column] = [Math.floor(tile / columns), tile % columns];
    return row === 0 || row === rows - 1 || column === 0 || column === columns - 1;
  });
  const edge = (list) => list.filter((_, tile) => atEdge[tile]);
  const usual = median(edge(tiles));
  let off = tiles.map((value) => Math.abs(value - usual));
  let [weights, paper] = [null, null];
  for (const everywhere of [false, false, false, false, true, true, true]) {
    const limit = Math.max(2, 3.7 * median(edge(off))); // 2.5 standard deviations
    paper = [...tiles.keys()].filter((tile) => (everywhere || atEdge[tile]) && off[tile] <= limit);
    if (paper.length < 12) return new Float32Array(values.length).fill(usual);
    weights = leastSquares(
      paper.map((tile) => terms[tile]),
      paper.map((tile) => tiles[tile]),
    );
    off = tiles.map((value, tile) => Math.abs(value - dot(terms[tile], weights)));
  }
  const [least, most] = paper.reduce(
    ([low, high], tile) => [Math.min(low, tiles[tile]), Math.max(high, tiles[tile])],
    [Infinity, -Infinity],
  );
  const [a, b, c, d, e, f] = weights;
  const ground = new Float32Array(values.length);
  for (let place = 0, row = 0; row < height; row++) {
    const y = (2 * (row + 0.5)) / height - 1;
    for (let column = 0; column < width; column++, place++) {
      const x = (2 * (column + 0.5)) / width - 1;
      const value = a + b * x + c * y + d * x * x + e * x * y + f * y * y;
      ground[place] = roundHalfToEven(4 * Math.min(Math.max(value, least), most)) / 4;
    }
  }
  return ground;
}

const termsAt = (y, x) => [1, x, y, x * x, x * y, y * y];

const dot = (x, y) => x.reduce((sum, value, place) => sum + value * y[place], 0);

function roundHalfToEven(value) {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 ? rounded - 1 : rounded;
}

// Return the smallest weights that fit best. If the places do not determine a weight, its direction is an eigenvector
// of zero.
function leastSquares(rows, values) {
  const size = rows[0].length;
  const square = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
  );
  const right = Array.from({ length: size }, (_, i) =>
    rows.reduce((sum, row, place) => sum + row[i] * values[place], 0),
  );
  const { lengths, directions } = eigen(square);
  const weights = new Array(size).fill(0);
  lengths.forEach((length, k) => {
    if (length < 1e-11 * Math.max(...lengths)) return;
    const share = directions.reduce((sum, row, i) => sum + row[k] * right[i], 0) / length;
    for (let i = 0; i < size; i++) weights[i] += share * directions[i][k];
  });
  return weights;
}

// Jacobi's method: rotate a symmetric matrix, one pair of axes at a time, until only its diagonal is left.
function eigen(matrix) {
  const size = matrix.length;
  const directions = matrix.map((_, i) => matrix.map((_, j) => (i === j ? 1 : 0)));
  for (let round = 0; round < 30; round++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (matrix[p][q] === 0) continue;
        const angle = Math.atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]) / 2;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        for (const rows of [matrix, directions]) {
          for (const row of rows) [row[p], row[q]] = [cos * row[p] - sin * row[q], sin * row[p] + cos * row[q]];
        }
        for (let j = 0; j < size; j++) {
          [matrix[p][j], matrix[q][j]] = [
            cos * matrix[p][j] - sin * matrix[q][j],
            sin * matrix[p][j] + cos * matrix[q][j],
          ];
        }
      }
    }
  }
  return { lengths: matrix.map((row, i) => row[i]), directions };
}

// The standard deviation of the paper, if at least a quarter of the picture is paper.
function noiseOf({ values }, ground) {
  const off = Float32Array.from(values, (value, place) => Math.abs(value - ground[place]));
  return percentile(off, 0.25) / 0.3186; // of a normal distribution, a quarter is within 0.3186
}

function percentile(values, share) {
  const sorted = Float32Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place % 1);
}

const median = (values) => percentile(values, 0.5);
