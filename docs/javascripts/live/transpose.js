// Chapter 5: the same numbers reshaped and transposed, side by side. Where does each number go?

import { ROWS, grid } from "./cells.js";
import { sheet, text } from "./shared-controls.js";
import { ShapeError, readShape, steppedPanel, writeShape } from "./shapes.js";

const PAIRS = [
  ["(2, 3)", "(3, 2)"],
  ["(3, 2)", "(6,)"],
  ["(2, 6)", "(3, -1)"],
  ["(2, 3)", "(4, 2)"],
];
const MOST = 6; // the largest number of rows and columns

/** Return the shape to which NumPy reshapes this many entries, with −1 replaced, or NumPy's message. */
export function reshaped(size, shape) {
  if (shape.filter((length) => length === -1).length > 1) return { message: "can only specify one unknown dimension" };
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const fits = shape.includes(-1) ? known > 0 && size % known === 0 : known === size;
  if (fits) return { shape: shape.map((length) => (length === -1 ? size / known : length)) };
  // NumPy leaves out a −1 that comes first, and writes any other as newaxis.
  const named = shape.slice(shape[0] === -1 ? 1 : 0).map((length) => (length === -1 ? "newaxis" : length));
  return {
    message: `cannot reshape array of size ${size} into shape (${named.join()}${shape.length === 1 ? "," : ""})`,
  };
}

/** Return the row and column of entry k in a matrix with this many columns. */
export const placeOf = (k, columns) => [Math.floor(k / columns), k % columns];

function readDrawn(text, place) {
  if (place) return readShape(text, { least: -1 });
  const shape = readShape(text, { axes: 2 });
  if (shape.length === 2 && shape.every((length) => length >= 1 && length <= MOST)) return shape;
  throw new ShapeError(`In this figure, x is a matrix with 1 to ${MOST} rows and columns, such as (2, 3).`);
}

export function build(host) {
  const drawing = sheet(360, 330);
  const { panel, update } = steppedPanel(host, {
    label: "Reshaping and transposing",
    drawing,
    labels: ["shape of x", "x.reshape"],
    pairs: PAIRS,
    sign: "→",
    what: "number",
    reader: readDrawn,
    show: (read) => {
      shapes = read;
      show();
    },
    move,
  });
  let shapes;
  let chosen = 1;

  function move(by) {
    const size = shapes[0][0] * shapes[0][1];
    chosen = (chosen + by + size) % size;
    show();
  }

  function show() {
    const [[rows, columns], wanted] = shapes;
    const size = rows * columns;
    chosen = Math.min(chosen, size - 1);
    const { shape, message } = reshaped(size, wanted);
    const table = (down, across, value) =>
      Array.from({ length: down }, (_, i) => Array.from({ length: across }, (_, j) => value(i, j)));
    const press = (value) => {
      if (value === chosen) return;
      chosen = value;
      show();
    };
    // Each number keeps the colour of its row in x.
    const look = (value) => `${ROWS[placeOf(value, columns)[0] % 3]}${value === chosen ? " tb-cell--hot" : ""}`;
    const sideOf = (array, most) => Math.min(32, 172 / array[0].length, most / array.length);
    const shown = (array, x, y, side = sideOf(array, 156)) =>
      grid(array, { x, y, side, kind: (i, j) => look(array[i][j]), press: (i, j) => press(array[i][j]) });
    const name = (x, y, words) => text(x, y, words, { anchor: "start", kind: "tb-text tb-code", size: 13 });
    const before = table(rows, columns, (i, j) => i * columns + j);
    const after = table(columns, rows, (i, j) => j * columns + i);
    drawing.replaceChildren(name(2, 10, `x ${writeShape([rows, columns])}`), shown(before, 2, 22));
    drawing.append(name(182, 10, `np.transpose(x) ${writeShape([columns, rows])}`), shown(after, 182, 22));
    const flat = shape && (shape.length === 2 || shape.length === 1);
    drawing.append(name(2, 200, `x.reshape(${writeShape(shape ?? wanted)})`));
    const [down, across] = shape?.length === 1 ? [1, shape[0]] : (shape ?? []);
    if (flat) {
      const side = Math.min(32, 356 / across, 114 / down);
      drawing.append(
        shown(
          table(down, across, (i, j) => i * across + j),
          2,
          212,
          side,
        ),
      );
    } else {
      drawing.append(
        text(2, 226, shape ? `has rank ${shape.length} and is not drawn here` : "raises an error", {
          anchor: "start",
          kind: shape ? "tb-muted" : "tb-mark",
        }),
      );
    }
    if (message) {
      panel.say(`ValueError: ${message}`, true);
      return;
    }
    const [row, column] = placeOf(chosen, columns);
    const moved = `Transposing moves it from row ${row}, column ${column} to row ${column}, column ${row}.`;
    const [i, j] = placeOf(chosen, across);
    const kept =
      shape.length === 2 ? `Reshaping puts it at row ${i}, column ${j}` : `Reshaping puts it at index ${chosen}`;
    panel.say(`${chosen} is entry ${chosen} of x, counted row by row. ${kept}. ${moved}`);
  }
  update();
}
