// Turns a drawing into a picture like MNIST's. `tensorbook.drawings` takes the same steps in Python. The sheet in the
// box is even and free of noise, so only the last of the steps with which `tensorbook.find_ink` finds ink is needed
// here.

const SIZE = 28;
const BOX = 20; // MNIST's digits were scaled into 20 × 20, then centred in 28 × 28
const CENTRE = 14; // the pixel that contains their centre of mass, counted from 0
export const FAINT = 48; // a shade fainter than this, of 255, is not ink
const PART = 1 / 8; // the least length of a part of a digit, as a share of the longest part: shorter parts are dust

const rounded = (number) => Math.floor(number + 0.5);

/**
 * Cut out, scale and centre the ink of a drawing.
 *
 * ink has one number per pixel, row by row, 0 (paper) to 255 (ink). Returns the 784 pixels of a 28 × 28 picture as a
 * Uint8Array, 0 to 255, or null where there is no ink.
 */
export function prepare(ink, width) {
  const places = digitPlaces(ink, width, FAINT);
  return places.length ? centred(small(cutOut(ink, width, places))) : null;
}

/** Scale the cut-out ink so that its longer side is 20, and stretch it so that its strongest ink is 255. */
export function small(cut) {
  const scale = BOX / Math.max(cut.width, cut.height);
  const made = scaled(cut, Math.max(1, rounded(cut.width * scale)), Math.max(1, rounded(cut.height * scale)));
  const most = made.ink.reduce((largest, value) => Math.max(largest, value));
  return { ...made, ink: made.ink.map((value) => (value * 255) / most) };
}

/** Place the scaled ink in 28 × 28 pixels so that its centre of mass is in pixel 14 in both directions. */
export function centred({ ink, width, height }) {
  const across = new Float64Array(width);
  const down = new Float64Array(height);
  ink.forEach((value, place) => {
    across[place % width] += value;
    down[Math.floor(place / width)] += value;
  });
  const left = start(across);
  const top = start(down);
  const digit = new Uint8Array(SIZE * SIZE);
  ink.forEach((value, place) => {
    digit[(top + Math.floor(place / width)) * SIZE + left + (place % width)] = rounded(value);
  });
  return digit;
}

/** Return the smallest rectangle around some places on a sheet, with the ink at these places. */
export function cutOut(ink, width, places) {
  let [left, right, top, bottom] = [Infinity, 0, Infinity, 0];
  for (const place of places) {
    const column = place % width;
    const row = (place - column) / width;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const cut = { width: right - left + 1, height: bottom - top + 1 };
  cut.ink = new Float32Array(cut.width * cut.height);
  for (const place of places) {
    const column = place % width;
    cut.ink[((place - column) / width - top) * cut.width + column - left] = ink[place];
  }
  return cut;
}

/** Return the places of ink that is at least as strong as `faint` and belongs to the digit. */
export function digitPlaces(ink, width, faint) {
  return digitParts(partsOf(ink, width, faint), width, ink.length / width).flatMap((part) => part.places);
}

// A part consists of pixels that touch, including diagonally: its places and its extent.
function partsOf(ink, width, faint) {
  const parts = [];
  const seen = new Uint8Array(ink.length);
  for (let first = 0; first < ink.length; first++) {
    if (seen[first] || !(ink[first] >= faint)) continue;
    seen[first] = 1;
    const part = { places: [first], left: width, right: 0, top: Infinity, bottom: 0 };
    for (const place of part.places) {
      const column = place % width; // the list grows during the loop
      const row = (place - column) / width;
      part.left = Math.min(part.left, column);
      part.right = Math.max(part.right, column);
      part.top = Math.min(part.top, row);
      part.bottom = Math.max(part.bottom, row);
      for (let y = row - 1; y <= row + 1; y++) {
        for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, width - 1); x++) {
          const near = y * width + x;
          if (seen[near] || !(ink[near] >= faint)) continue; // above and below the sheet, the comparison is false
          seen[near] = 1;
          part.places.push(near);
        }
      }
    }
    parts.push(part);
  }
  return parts;
}

// Leave out dust, and thin lines from edge to edge unless they are nearly everything.
function digitParts(parts, width, height) {
  const across = (part) => part.right - part.left + 1;
  const down = (part) => part.bottom - part.top + 1;
  const isLine = (part) =>
    (down(part) === height && across(part) < width / 10) || (across(part) === width && down(part) < height / 10);
  const most = (some, of) => some.reduce((largest, part) => Math.max(largest, of(part)), 0);
  const lines = parts.filter(isLine);
  const others = parts.filter((part) => !isLine(part));
  const pixels = (part) => part.places.length;
  const digit = most(others, pixels) >= PART * most(lines, pixels) ? others : parts;
  const size = (part) => Math.max(across(part), down(part));
  const longest = most(digit, size);
  return digit.filter((part) => size(part) >= PART * longest);
}

// Each new pixel is the mean of the old pixels it covers; those at its border count by the share that is covered.
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

// Return the pixels of each part of a line, each with its share in the part; the shares in a part sum to 1.
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

// Return where ink has to start along an axis, given its mass at each place, so that its centre is in pixel 14. A
// symmetrical drawing has its centre between two pixels. The last digits of a sum should not decide, so we round to
// thousandths.
function start(mass) {
  const total = mass.reduce((sum, value) => sum + value);
  const centre = rounded((1000 * mass.reduce((sum, value, place) => sum + place * value, 0)) / total) / 1000;
  return Math.min(Math.max(rounded(CENTRE - centre), 0), SIZE - mass.length);
}
