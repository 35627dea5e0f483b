// A drawing becomes what MNIST's digits are. `tensorbook.drawings` does the same in Python, step by step.

const SIZE = 28;
const BOX = 20; // MNIST's digits were scaled into 20 × 20, then centred in 28 × 28
const CENTRE = 14; // the pixel that their centre of mass lies in, counted from 0
const FAINT = 48; // a shade fainter than this, of 255, is not ink

const rounded = (number) => Math.floor(number + 0.5);

/**
 * Cut out, scale and centre the ink of a drawing.
 *
 * ink has a number a pixel, row by row, 0 (paper) to 255 (ink). Returns the 784 pixels of a 28 × 28 picture as a
 * Uint8Array, 0 to 255, or null where there is no ink.
 */
export function prepare(ink, width) {
  const cut = cutOut(ink, width);
  if (!cut) return null;
  const scale = BOX / Math.max(cut.width, cut.height);
  const small = scaled(cut, Math.max(1, rounded(cut.width * scale)), Math.max(1, rounded(cut.height * scale)));
  const most = Math.max(...small.ink);
  const across = new Float64Array(small.width);
  const down = new Float64Array(small.height);
  small.ink.forEach((value, place) => {
    across[place % small.width] += value;
    down[Math.floor(place / small.width)] += value;
  });
  const left = start(across);
  const top = start(down);
  const digit = new Uint8Array(SIZE * SIZE);
  small.ink.forEach((value, place) => {
    const row = top + Math.floor(place / small.width);
    digit[row * SIZE + left + (place % small.width)] = rounded((value * 255) / most);
  });
  return digit;
}

// The smallest rectangle that holds all ink.
function cutOut(ink, width) {
  let [left, right, top, bottom] = [width, -1, -1, -1];
  for (let place = 0; place < ink.length; place++) {
    if (ink[place] < FAINT) continue;
    const column = place % width;
    bottom = (place - column) / width;
    if (top < 0) top = bottom;
    if (column < left) left = column;
    if (column > right) right = column;
  }
  if (top < 0) return null;
  const cut = { width: right - left + 1, height: bottom - top + 1 };
  cut.ink = new Float32Array(cut.width * cut.height);
  for (let row = 0; row < cut.height; row++) {
    for (let column = 0; column < cut.width; column++) {
      const value = ink[(top + row) * width + left + column];
      if (value >= FAINT) cut.ink[row * cut.width + column] = value;
    }
  }
  return cut;
}

// Each new pixel is the mean of the old ones that it covers, those at its border by the share that it covers.
function scaled(cut, width, height) {
  const columns = shares(cut.width, width);
  const rows = shares(cut.height, height);
  const ink = new Float32Array(width * height);
  rows.forEach((inRow, row) => {
    for (const [y, shareOfRow] of inRow) {
      columns.forEach((inColumn, column) => {
        let sum = 0;
        for (const [x, share] of inColumn) sum += share * cut.ink[y * cut.width + x];
        ink[row * width + column] += shareOfRow * sum;
      });
    }
  });
  return { width, height, ink };
}

// For each part of a line: its pixels, each with its share in the part; the shares of a part sum to one.
function shares(length, parts) {
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [(part * length) / parts, ((part + 1) * length) / parts];
    const pixels = [];
    for (let pixel = Math.floor(from); pixel < Math.min(to, length); pixel++) {
      pixels.push([pixel, ((Math.min(to, pixel + 1) - Math.max(from, pixel)) * parts) / length]);
    }
    return pixels;
  });
}

// Where ink of this mass along an axis has to start for its centre to lie in pixel 14. An even drawing has its centre
// between two pixels: the last digits of a sum should not decide, so we round to thousandths.
function start(mass) {
  const total = mass.reduce((sum, value) => sum + value);
  const centre = rounded((1000 * mass.reduce((sum, value, place) => sum + place * value, 0)) / total) / 1000;
  return Math.min(Math.max(rounded(CENTRE - centre), 0), SIZE - mass.length);
}
