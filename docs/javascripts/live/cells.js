// Arrays as cells with numbers, in the style of the book's diagrams.

import { number, svg, text } from "./shared-controls.js";

/** The colours of an array's rows, which its numbers keep wherever they move. */
export const ROWS = ["tb-cell tb-cell--first", "tb-cell tb-cell--second", "tb-cell tb-cell--third"];

/**
 * Draw a matrix: a list of rows, each of which is a list of numbers or empty cells.
 *
 * kind gives the class of a cell by row and column; press, if there is one, is called with both when a cell is pressed
 * or pointed at.
 */
export function grid(rows, { x, y, side = 28, kind = () => "tb-cell", press }) {
  const group = svg("g");
  const last = [];
  rows.forEach((row, i) =>
    row.forEach((value, j) => {
      const [left, top, of] = [x + j * side, y + i * side, kind(i, j)];
      const inset = of.includes("tb-ghost") ? 2 : 0;
      const cell = svg(
        "g",
        press
          ? { class: "tb-live__press", pointerdown: () => press(i, j), pointerenter: hovering(() => press(i, j)) }
          : {},
      );
      cell.append(
        svg("rect", { class: of, x: left + inset, y: top + inset, width: side - 2 * inset, height: side - 2 * inset }),
      );
      if (value !== undefined) {
        const hot = of.includes("hot");
        cell.append(
          text(left + side / 2, top + side / 2, number(value), {
            kind: hot ? "tb-text tb-strong" : "tb-text",
            size: 13,
          }),
        );
      }
      if (of.includes("hot"))
        last.push(cell); // drawn last, or its neighbours would cover its edge
      else group.append(cell);
    }),
  );
  group.append(...last);
  return group;
}

// A finger that scrolls over a cell has not pointed at it.
const hovering = (act) => (event) => event.pointerType === "mouse" && act();
