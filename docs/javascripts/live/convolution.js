// Chapter 8: a window of 3 × 3 weights over a digit, the picture that it produces, and max pooling.

import { grid } from "./cells.js";
import { Panel, examples, html, number, pad, sheet, svg, text } from "./shared-controls.js";
import { SIDE, chooseDigit, fetchDigits, inkSquares } from "./first-digits.js";

const MADE = SIDE - 2; // rows and columns after a 3 × 3 window
const POOLED = MADE / 2;
const WINDOWS = {
  "left edges": [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  "top edges": [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  outlines: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  blur: [1, 1, 1, 1, 1, 1, 1, 1, 1],
};

/** Slide a window of nine weights over 28 × 28 pixels: 26 × 26 sums of products, row by row. */
export function convolve(pixels, window) {
  return Array.from({ length: MADE * MADE }, (_, place) => {
    const corner = Math.floor(place / MADE) * SIDE + (place % MADE);
    return window.reduce((sum, weight, k) => sum + weight * pixels[corner + Math.floor(k / 3) * SIDE + (k % 3)], 0);
  });
}

/** Keep the largest number of each 2 × 2 block of 26 × 26 numbers. */
export function maxPool(numbers) {
  return Array.from({ length: POOLED * POOLED }, (_, place) => {
    const corner = 2 * Math.floor(place / POOLED) * MADE + 2 * (place % POOLED);
    return Math.max(...[0, 1, MADE, MADE + 1].map((step) => numbers[corner + step]));
  });
}

/** Read a typed weight. Returns undefined unless it is a number from −99 to 99. */
export function readWeight(written) {
  const plain = written.trim().replace("−", "-");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) && Math.abs(Number(plain)) <= 99 ? Number(plain) : undefined;
}

export async function build(host) {
  const { images, labels } = await fetchDigits();
  const window = [...WINDOWS["left edges"]];
  let [sample, row, column] = [0, 5, 11];
  const drawing = sheet(360, 254);
  const surface = pad(drawing, {
    label: "A window on a digit. The arrow keys move it one pixel at a time, or five with Shift.",
    width: 360,
    area: { x: 2 - 4, y: 24 - 4, side: 4, rows: MADE, columns: MADE },
    place: [row, column],
    change: (down, across) => {
      [row, column] = [down, across];
      update();
    },
  });
  const fields = window.map((weight, k) =>
    html("input", {
      type: "text",
      class: "tb-live__number",
      inputmode: "text",
      autocomplete: "off",
      value: number(weight),
      "aria-label": `weight at row ${Math.floor(k / 3)}, column ${k % 3}`,
      input: () => update(),
    }),
  );
  const panel = new Panel(host, {
    label: "A window over a digit",
    drawing: surface,
    controls: [
      html("div", { class: "tb-live__nine", role: "group", "aria-label": "the nine weights" }, ...fields),
      examples("Try", Object.keys(WINDOWS), (name) => {
        WINDOWS[name].forEach((weight, k) => (fields[k].value = number(weight)));
        update();
      }),
      chooseDigit(labels, sample, (place) => {
        sample = place;
        update();
      }),
    ],
  });

  function update() {
    const weights = fields.map((input) => readWeight(input.value));
    fields.forEach((input, k) =>
      weights[k] === undefined ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid"),
    );
    if (weights.includes(undefined)) {
      panel.say("A weight must be a number from −99 to 99, such as −1 or 0.5.", true);
      return;
    }
    const pixels = Array.from(images[sample], (value) => value / 255);
    const sums = convolve(pixels, weights);
    const positive = sums.map((sum) => Math.max(sum, 0));
    const pooled = maxPool(positive);
    const seen = Array.from({ length: 9 }, (_, k) => pixels[(row + Math.floor(k / 3)) * SIDE + column + (k % 3)]);
    drawing.replaceChildren(
      ...picture(pixels, positive, pooled, row, column),
      ...products(seen, weights, sums[row * MADE + column]),
    );
    const sum = sums[row * MADE + column];
    const cut = sum < 0 ? ", which relu turns into 0" : "";
    const kept = pooled[Math.floor(row / 2) * POOLED + Math.floor(column / 2)];
    panel.say(
      `At row ${row}, column ${column} the nine products sum to ${number(sum)}${cut}. Pooling keeps ${number(kept)}, the largest in its block.`,
    );
  }
  update();
}

// The digit, the result of the window, and that after pooling. In the last two, the largest number is full ink.
function picture(pixels, positive, pooled, row, column) {
  const most = Math.max(...positive) || 1;
  const stretched = (numbers) => numbers.map((one) => one / most);
  const pictures = [
    [2, 4, SIDE, pixels, "28 × 28", [column, row, 3]],
    [124, 4, MADE, stretched(positive), "26 × 26", [column, row, 1]],
    [250, 8, POOLED, stretched(pooled), "pooled: 13 × 13", [Math.floor(column / 2), Math.floor(row / 2), 1]],
  ];
  return pictures.flatMap(([x, side, across, numbers, name, [left, top, size]]) => [
    text(x, 10, name, { anchor: "start", kind: "tb-muted", size: 13 }),
    svg("rect", { class: "tb-box", x, y: 24, width: side * across, height: side * across }),
    inkSquares(numbers, across, { x, y: 24, side }),
    svg("rect", {
      class: "tb-window",
      x: x + side * left,
      y: 24 + side * top,
      width: side * size,
      height: side * size,
    }),
  ]);
}

function products(seen, weights, sum) {
  const rows = (numbers) => [0, 3, 6].map((start) => numbers.slice(start, start + 3));
  return [
    grid(rows(seen), { x: 2, y: 148, side: 34 }),
    text(116, 199, "·", { size: 18 }),
    grid(rows(weights), { x: 128, y: 148, side: 34 }),
    text(244, 199, "=", { size: 18 }),
    text(256, 199, number(sum), { anchor: "start", kind: "tb-text tb-strong" }),
  ];
}
