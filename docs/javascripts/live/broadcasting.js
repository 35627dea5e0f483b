// Chapter 5: two shapes, the steps that broadcast them to a common shape, or the axis along which they do not fit.

import { grid } from "./cells.js";
import { Panel, sheet, svg, text } from "./shared-controls.js";
import { packed, readShape, shapeFields, writeShape } from "./shapes.js";

const PAIRS = [
  ["(3, 4)", "(4,)"],
  ["(3, 4)", "(3,)"],
  ["(3, 4)", "(3, 1)"],
  ["(64, 3, 32, 10)", "(32, 10)"],
];
const AXES = 6;

/**
 * Broadcast two shapes.
 *
 * Returns both shapes after step 1, with equal rank, and the common shape. If they do not fit, returns NumPy's message
 * instead, and the axes along which they differ.
 */
export function broadcast(x, y) {
  const rank = Math.max(x.length, y.length);
  const [left, right] = [x, y].map((shape) => [...Array(rank - shape.length).fill(1), ...shape]);
  const misfits = left.flatMap((length, axis) => {
    const other = right[axis];
    return length !== other && length !== 1 && other !== 1 ? [axis] : [];
  });
  if (!misfits.length)
    return { left, right, misfits, shape: left.map((length, axis) => (length === 1 ? right[axis] : length)) };
  // The space at the end is NumPy's own.
  const message = `operands could not be broadcast together with shapes ${packed(x)} ${packed(y)} `;
  return { left, right, misfits, message };
}

/** Describe the two steps in words, or say why there are none. */
export function explain(x, y) {
  const { left, right, misfits, shape, message } = broadcast(x, y);
  if (message) {
    const axis = misfits.at(-1);
    const meeting = `In the aligned shapes, ${left[axis]} is paired with ${right[axis]}, and neither is 1.`;
    return `ValueError: ${message.trim()}. ${meeting}`;
  }
  const steps = [];
  for (const [name, before, after] of [
    ["x", x, left],
    ["y", y, right],
  ]) {
    const added = after.length - before.length;
    if (added) steps.push(`${name} gets ${added === 1 ? "a new axis" : `${added} new axes`} at the front: ${writeShape(after)}.`);
    const along = after.flatMap((length, place) => (length !== shape[place] ? [place] : []));
    if (along.length)
      steps.push(`${name} is repeated along ${along.length === 1 ? "axis" : "axes"} ${along.join(", ")}.`);
  }
  if (!steps.length) steps.push("The shapes are the same, so there is nothing to broadcast.");
  return `${steps.join(" ")} x + y has shape ${writeShape(shape)}.`;
}

export function build(host) {
  const drawing = sheet(360, 250);
  const { fields, tries, read } = shapeFields({
    labels: ["shape of x", "shape of y"],
    pairs: PAIRS,
    sign: "+",
    change: update,
  });
  const panel = new Panel(host, { label: "Broadcasting", drawing, controls: [fields, tries] });

  function update() {
    const { shapes, wrong } = read((text) => readShape(text, { axes: AXES }));
    if (wrong) {
      panel.say(wrong, true);
      return;
    }
    const found = broadcast(...shapes);
    drawing.replaceChildren(...axes(...shapes, found), ...cells(found));
    panel.say(explain(...shapes), Boolean(found.message));
  }
  update();
}

// One shape below the other, aligned on the right, and below them the result.
function axes(x, y, { left, right, misfits, shape }) {
  const [width, height] = [50, 26];
  const rows = [
    ["x", left, left.length - x.length],
    ["y", right, right.length - y.length],
    ["x + y", shape ?? [], 0],
  ];
  return rows.flatMap(([name, lengths, added], row) => {
    const top = 2 + row * (height + 6) + (row === 2 ? 8 : 0);
    const drawn = lengths.flatMap((length, axis) => {
      const start = 356 - width * (lengths.length - axis);
      const isNew = axis < added;
      const repeated = shape && row < 2 && length !== shape[axis];
      const kind = misfits.includes(axis)
        ? "tb-cell tb-cell--hot"
        : isNew
          ? "tb-cell tb-ghost"
          : row === 2
            ? "tb-cell tb-cell--third"
            : "tb-cell";
      return [
        svg("rect", { class: kind, x: start + 2, y: top, width: width - 4, height, rx: 2 }),
        text(start + width / 2, top + height / 2, repeated ? `${length} → ${shape[axis]}` : `${length}`, {
          size: String(length).length > 3 ? 11 : 13,
          kind: "tb-text",
        }),
      ];
    });
    const none = !lengths.length && (row === 2 && !shape ? "no common shape" : "()");
    return [
      text(2, top + height / 2, name, { anchor: "start", kind: "tb-text tb-strong tb-code" }),
      ...drawn,
      ...(none
        ? [text(354, top + height / 2, none, { anchor: "end", kind: row === 2 && !shape ? "tb-mark" : "tb-muted" })]
        : []),
    ];
  });
}

// Small tables as cells; repeated cells are dashed.
function cells({ left, right, shape }) {
  if (!shape) return [text(180, 180, "x + y can't be computed.", { kind: "tb-muted" })];
  if (shape.length > 2 || shape.some((length) => length > 6)) {
    return [text(180, 180, "Too large to draw cell by cell here.", { kind: "tb-muted" })];
  }
  const [rows, columns] = [...Array(2 - shape.length).fill(1), ...shape];
  const side = Math.min(22, 100 / Math.max(columns, 1), 110 / Math.max(rows, 1));
  const table = Array.from({ length: rows }, () => Array(columns).fill(undefined));
  const own = (lengths) => [...Array(2 - lengths.length).fill(1), ...lengths];
  const at = (place) => 60 + 120 * place - (side * columns) / 2;
  const drawn = [left, right].map((lengths, place) => {
    const [down, across] = own(lengths);
    const kind = (i, j) => (i < down && j < across ? `tb-cell ${place ? "tb-cell--first" : ""}` : "tb-cell tb-ghost");
    return grid(table, { x: at(place), y: 132, side, kind });
  });
  const names = [
    ["+", 120],
    ["=", 240],
  ].map(([sign, middle]) => text(middle, 132 + (side * rows) / 2, sign, { size: 18 }));
  return [...drawn, grid(table, { x: at(2), y: 132, side, kind: () => "tb-cell tb-cell--third" }), ...names];
}
