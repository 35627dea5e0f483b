// Shows a network's answer for a drawing: a sentence, ten bars, the picture it sees, and its strongest hidden units.

const SIZE = 28;
const STRONGEST = 6;
export const SURE = 0.9; // a network is sure of an answer with a higher probability; also in strangers_handwriting.py
const REST = 150; // milliseconds between two changes of the units while the reader draws: nobody can follow faster changes

export const percent = (share) => `${(100 * share).toFixed(share > 0.999 || share < 0.0005 ? 0 : 1)}%`;

/** Return the ten classes, the most probable first. */
export const ranked = (probabilities) =>
  Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);

/** Return a sentence with the class that a network predicts, and how sure it is. */
export function answerTo(probabilities) {
  const [first] = ranked(probabilities);
  const sure = probabilities[first] > SURE;
  return `Prediction: ${first} (${sure ? "" : "only "}${percent(probabilities[first])}).`;
}

/** Return a sentence with the class that a network predicts, or the two that it can't decide between. */
export function verdict(probabilities) {
  const [first, second] = ranked(probabilities);
  return probabilities[first] > SURE ? answerTo(probabilities) : `Not sure: ${first} or ${second}.`;
}

/** Ten bars with probabilities. */
export class Bars {
  #rows;

  constructor(parent) {
    this.#rows = Array.from({ length: 10 }, (_, digit) => bar(parent, digit));
  }

  /** Set the bars; null empties them. */
  show(probabilities) {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    this.#rows.forEach(({ row, fill, number }, digit) => {
      const share = probabilities ? probabilities[digit] : 0;
      fill.style.transform = `scaleX(${share.toFixed(4)})`;
      number.textContent = probabilities ? percent(share) : "";
      row.classList.toggle("tb-draw__bar--best", digit === best);
    });
  }
}

export class View {
  #units;
  #seen;
  #words;
  #changed = 0;

  constructor(box) {
    this.#seen = picture(box.querySelector(".tb-draw__seen .tb-draw__pictures"));
    const pictures = box.querySelector(".tb-draw__units .tb-draw__pictures");
    this.#units = Array.from({ length: STRONGEST }, () => picture(pictures));
    this.#words = ["wanted", "unwanted"].map((name) => box.querySelector(`.tb-draw__${name}`));
  }

  /** Show the 28 × 28 pixels that were prepared, or none. */
  showSeen(pixels) {
    const ink = colourOf(this.#seen.canvas);
    paint(this.#seen, (i) => [ink, pixels ? pixels[i] : 0]);
  }

  /** Show the weights of the units with the largest outputs: where each responds to ink, and where to no ink. */
  showUnits(units, kernel, now = false) {
    if (units && !now && performance.now() - this.#changed < REST) return;
    this.#changed = performance.now();
    const order = units ? strongest(units, STRONGEST) : [];
    const [wanted, unwanted] = this.#words.map(colourOf); // from the caption's words, so the colours always match
    this.#units.forEach((context, rank) => {
      const unit = order[rank];
      const weight = (i) => (unit === undefined ? 0 : kernel[i][unit]);
      let largest = 1e-9;
      for (let i = 0; i < SIZE * SIZE; i++) largest = Math.max(largest, Math.abs(weight(i)));
      paint(context, (i) => [weight(i) > 0 ? wanted : unwanted, (255 * Math.abs(weight(i))) / largest]);
    });
  }
}

function bar(parent, digit) {
  const row = document.createElement("div");
  row.className = "tb-draw__bar";
  row.setAttribute("role", "listitem");
  const parts = ["digit", "track", "share"].map((part) => {
    const span = document.createElement("span");
    span.className = `tb-draw__${part}`;
    return span;
  });
  const [name, track, number] = parts;
  const fill = document.createElement("span");
  fill.className = "tb-draw__fill";
  name.textContent = digit;
  track.append(fill);
  row.append(...parts);
  parent.append(row);
  return { row, fill, number };
}

export function picture(parent) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  parent.append(canvas);
  return canvas.getContext("2d");
}

export function paint(context, pixel) {
  const image = context.createImageData(SIZE, SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const [[red, green, blue], opacity] = pixel(i);
    image.data[4 * i] = red;
    image.data[4 * i + 1] = green;
    image.data[4 * i + 2] = blue;
    image.data[4 * i + 3] = opacity;
  }
  context.putImageData(image, 0, 0);
}

function strongest(units, many) {
  const order = Array.from(units.keys()).sort((a, b) => units[b] - units[a]);
  return order.slice(0, many).filter((unit) => units[unit] > 0);
}

// Return the colour of an element's text as red, green and blue. A canvas silently ignores `light-dark(…)` and custom
// properties, but the computed `color` of an element is always resolved. It is read again each time something is
// painted.
export function colourOf(element) {
  return getComputedStyle(element).color.match(/[\d.]+/g).slice(0, 3).map(Number);
}
