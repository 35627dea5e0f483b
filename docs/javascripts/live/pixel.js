// Chapter 3: the pixels of a digit, one at a time: row, column, value, and index among the 784.

import { Panel, html, pad, sheet, svg, text } from "./shared-controls.js";
import { SIDE, chooseDigit, fetchDigits, inkSquares } from "./first-digits.js";

const AREA = { x: 40, y: 22, side: 10, rows: SIDE, columns: SIDE };
const STRIP = { x: 10, y: 318, width: 340, height: 14 }; // all 784 in a row

/** Say where a pixel is and what it is. */
export function describe(sample, row, column, value) {
  const ink = value === 0 ? "0 (empty paper)" : value === 255 ? "255 (full ink)" : `${value} out of 255`;
  const place = `${row} · 28 + ${column} = ${row * SIDE + column}`;
  return `train_images[${sample}, ${row}, ${column}] is ${ink}. In the row of 784 pixels, its index is ${place}.`;
}

export async function build(host) {
  const { images, labels } = await fetchDigits();
  let [sample, row, column] = [4, 7, 12];
  const drawing = sheet(360, 340);
  const surface = pad(drawing, {
    label: "Pixels of a digit. The arrow keys move from pixel to pixel, or five pixels at a time with Shift.",
    width: 360,
    area: AREA,
    place: [row, column],
    change: (down, across) => {
      [row, column] = [down, across];
      update();
    },
  });
  const numbers = html("div", { class: "tb-live__near" });
  const panel = new Panel(host, {
    label: "Pixels of a digit",
    drawing: surface,
    controls: [
      chooseDigit(labels, sample, (place) => {
        sample = place;
        update();
      }),
      numbers,
    ],
  });

  function update() {
    const digit = images[sample];
    const [x, y] = [AREA.x + column * AREA.side, AREA.y + row * AREA.side];
    const place = row * SIDE + column;
    const along = (where) => STRIP.x + (where / digit.length) * STRIP.width;
    drawing.replaceChildren(
      svg("rect", { class: "tb-box", x: AREA.x, y: AREA.y, width: SIDE * AREA.side, height: SIDE * AREA.side }),
      inkSquares(
        Array.from(digit, (value) => value / 255),
        SIDE,
        AREA,
      ),
      svg("polyline", { class: "tb-guide", points: `${AREA.x - 4},${y + 5} ${x},${y + 5}` }),
      svg("polyline", { class: "tb-guide", points: `${x + 5},${AREA.y - 4} ${x + 5},${y}` }),
      svg("rect", { class: "tb-window", x: x - 1, y: y - 1, width: AREA.side + 2, height: AREA.side + 2 }),
      text(AREA.x - 8, y + 5, `${row}`, { anchor: "end", size: 13 }),
      text(x + 5, 9, `${column}`, { size: 13 }),
      svg("rect", { class: "tb-cell", x: STRIP.x, y: STRIP.y, width: STRIP.width, height: STRIP.height }),
      svg("rect", {
        class: "tb-cell tb-cell--first",
        x: along(row * SIDE),
        y: STRIP.y,
        width: along(SIDE) - along(0),
        height: STRIP.height,
      }),
      svg("rect", { class: "tb-window", x: along(place) - 1, y: STRIP.y - 3, width: 3, height: STRIP.height + 6 }),
    );
    numbers.replaceChildren(...around(digit, row, column));
    panel.say(describe(sample, row, column, digit[place]));
  }
  update();
}

// The numbers of the pixel and its neighbours, as a table.
function around(digit, row, column) {
  const middle = (one) => Math.min(Math.max(one, 2), SIDE - 3);
  const [top, left] = [middle(row) - 2, middle(column) - 2];
  const rows = Array.from({ length: 5 }, (_, i) =>
    html(
      "tr",
      {},
      ...Array.from({ length: 5 }, (_, j) =>
        html(
          "td",
          { class: top + i === row && left + j === column && "tb-live__here" },
          `${digit[(top + i) * SIDE + left + j]}`,
        ),
      ),
    ),
  );
  return [
    html(
      "table",
      { class: "tb-live__table" },
      html("caption", {}, "neighbouring pixels"),
      html("tbody", {}, ...rows),
    ),
  ];
}
