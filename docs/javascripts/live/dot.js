// Chapter 5: a dot product cell by cell: each number of the result is a row of x times a column of y.

import { ROWS, grid } from "./cells.js";
import { number, sheet, text } from "./shared-controls.js";
import { ShapeError, packed, readShape, steppedPanel, writeShape } from "./shapes.js";

const PAIRS = [
  ["(2, 3)", "(3, 2)"],
  ["(3, 4)", "(4, 2)"],
  ["(3,)", "(3,)"],
  ["(3, 4)", "(3, 2)"],
];
const MOST = 5; // the largest number of rows and columns

/** Return the shape of the dot product of two arrays of rank 1 or 2, or NumPy's message if they have none. */
export function dotShape(x, y) {
  const [axis, other] = [x.length - 1, Math.max(y.length - 2, 0)];
  if (x[axis] === y[other]) return { shape: [...x.slice(0, -1), ...y.filter((_, place) => place !== other)] };
  const why = `${x[axis]} (dim ${axis}) != ${y[other]} (dim ${other})`;
  return { message: `shapes ${packed(x)} and ${packed(y)} not aligned: ${why}` };
}

/** Multiply two matrices, given as lists of rows. */
export const matrixDot = (x, y) =>
  x.map((row) => y[0].map((_, j) => row.reduce((sum, value, k) => sum + value * y[k][j], 0)));

/** Write the sum of products for one cell of the result. */
export function cellSum(x, y, i, j) {
  const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));
  return x[i].map((value, k) => `${factor(value)}·${factor(y[k][j])}`).join(" + ");
}

// Small whole numbers, so that readers can check a dot product in their heads.
const filled = (rows, columns, shift) =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => [2, 1, 0, 3, -1, 4, -2][(i * columns + j + shift) % 7]),
  );

function readDrawn(text) {
  const shape = readShape(text, { axes: 2 });
  if (!shape.length) throw new ShapeError("In this figure, x and y need at least one axis, as in (3,).");
  if (shape.some((length) => length < 1 || length > MOST)) {
    throw new ShapeError(`This figure has room for 1 to ${MOST} rows and columns.`);
  }
  return shape;
}

export function build(host) {
  const drawing = sheet(360, 300);
  const { panel, steps, update } = steppedPanel(host, {
    label: "The dot product, cell by cell",
    drawing,
    labels: ["shape of x", "shape of y"],
    pairs: PAIRS,
    sign: "·",
    what: "cell",
    reader: readDrawn,
    show: (read) => {
      [shapes, cell] = [read, 0];
      show();
    },
    move,
  });
  let shapes;
  let cell; // of the result, counted row by row

  function move(by) {
    const { shape } = dotShape(...shapes);
    const cells = shape?.reduce((product, length) => product * length, 1) ?? 1;
    cell = (cell + by + cells) % cells;
    show();
  }

  function show() {
    const [x, y] = shapes;
    const { shape, message } = dotShape(x, y);
    // A vector on the left is drawn as a row, and a vector on the right as a column.
    const left = x.length === 2 ? filled(...x, 0) : filled(1, x[0], 0);
    const right = y.length === 2 ? filled(...y, 3) : filled(y[0], 1, 3);
    const columns = right[0].length;
    const [i, j] = message ? [-1, -1] : [Math.floor(cell / columns), cell % columns];
    for (const step of steps) step.disabled = Boolean(message);
    const side = Math.min(44, 330 / (left[0].length + columns), 225 / (left.length + right.length));
    const [across, down] = [2 + side * left[0].length + 22, 28 + side * right.length + 22];
    const mark = message ? "tb-cell tb-cell--hot" : "";
    drawing.replaceChildren(
      text(across + (side * columns) / 2, 14, `y ${writeShape(y)}`, { kind: "tb-text tb-code" }),
      text(2, down - 12, `x ${writeShape(x)}`, { anchor: "start", kind: "tb-text tb-code" }),
      grid(left, { x: 2, y: down, side, kind: (row) => mark || (row === i ? ROWS[0] : "tb-cell") }),
      grid(right, { x: across, y: 28, side, kind: (_, column) => mark || (column === j ? ROWS[1] : "tb-cell") }),
    );
    if (message) {
      panel.say(
        `ValueError: ${message}. A row of x has ${left[0].length} numbers, but a column of y has ${right.length}.`,
        true,
      );
      return;
    }
    const product = matrixDot(left, right);
    drawing.append(
      grid(product, {
        x: across,
        y: down,
        side,
        kind: (row, column) => (row === i && column === j ? "tb-cell tb-cell--hot" : "tb-cell"),
        press: (row, column) => {
          if (cell === row * columns + column) return;
          cell = row * columns + column;
          show();
        },
      }),
    );
    const rule = shape.length ? `has shape ${writeShape(shape)}` : "is a single number";
    const row = x.length === 2 ? `Row ${i} of x` : "x";
    const column = y.length === 2 ? `column ${j} of y` : "y";
    panel.say(`${row} times ${column}: ${cellSum(left, right, i, j)} = ${number(product[i][j])}. The result ${rule}.`);
  }
  update();
}
