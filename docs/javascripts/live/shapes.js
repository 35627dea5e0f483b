// Shapes as Python writes them: typed into two fields, read, and written.

import { Panel, button, examples, field, html } from "./shared-controls.js";

export class ShapeError extends Error {}

/**
 * Read a shape such as "(3, 4)", "(4,)", "()", "3, 4" or "4".
 *
 * least is the smallest allowed length. Returns a list of numbers; throws a ShapeError for anything else.
 */
export function readShape(text, { least = 0, axes = 6, length = 100_000 } = {}) {
  const inside = text
    .trim()
    .replace(/^\((.*)\)$/s, "$1")
    .trim();
  if (inside === "" && text.trim() !== "") return [];
  if (!/^[+-]?\d+(\s*,\s*[+-]?\d+)*\s*,?$/.test(inside)) {
    throw new ShapeError("Write a shape as a tuple of whole numbers, such as (3, 4) or (4,).");
  }
  const shape = inside.replace(/,\s*$/, "").split(",").map(Number);
  if (shape.some((one) => one < least)) {
    throw new ShapeError(
      least < 0 ? "A length can't be negative, except for a single −1." : "A length can't be negative.",
    );
  }
  if (shape.length > axes)
    throw new ShapeError(`This figure has room for ${axes} axes, but this shape has ${shape.length}.`);
  if (shape.some((one) => one > length))
    throw new ShapeError(`This figure accepts lengths up to ${length.toLocaleString("en")}.`);
  return shape;
}

/** Write a shape as Python prints it: (3, 4), (4,), (). */
export const writeShape = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** Write a shape as NumPy's own messages do: without spaces. */
export const packed = (shape) => writeShape(shape).replaceAll(" ", "");

/**
 * Make two fields, each for a shape, and buttons that fill in pairs of shapes.
 *
 * change is called whenever one of them changes. Returns { fields, tries, read }: read(reader) reads both, by reader(text, place), and
 * returns { shapes } or, with the field marked, { wrong }: the first message for the reader.
 */
export function shapeFields({ labels, pairs, sign, change }) {
  const fields = labels.map((label, place) => field({ label, value: pairs[0][place], change: () => change() }));
  const names = pairs.map((pair) => pair.join(` ${sign} `));
  const fill = (name) => pairs[names.indexOf(name)].forEach((shape, place) => (fields[place].value = shape));
  const read = (reader) => {
    const messages = [];
    const shapes = fields.map((one, place) => {
      const input = one.querySelector("input");
      try {
        const shape = reader(one.value, place);
        input.removeAttribute("aria-invalid");
        return shape;
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
        input.setAttribute("aria-invalid", "true");
        messages.push(error.message);
        return undefined;
      }
    });
    return messages.length ? { wrong: messages[0] } : { shapes };
  };
  return { fields: html("div", { class: "tb-live__pair" }, ...fields), tries: examples("Try", names, fill), read };
}

/**
 * Make a panel with two shapes, and two buttons that step through the cells of the result.
 *
 * show(shapes) is called with two shapes that reader(text, place) could read, move(by) with 1 or -1. what names the cells;
 * labels, pairs and sign are those of shapeFields. Returns { panel, steps, update }: steps are the two buttons, and update
 * reads the fields.
 */
export function steppedPanel(host, { label, drawing, what, reader, show, move, ...shown }) {
  const { fields, tries, read } = shapeFields({ ...shown, change: update });
  const steps = [button(`Previous ${what}`, () => move(-1)), button(`Next ${what}`, () => move(1))];
  const controls = [fields, html("div", { class: "tb-live__buttons" }, ...steps), tries];
  const panel = new Panel(host, { label, drawing, controls });
  function update() {
    const { shapes, wrong } = read(reader);
    for (const step of steps) step.disabled = Boolean(wrong);
    if (wrong) panel.say(wrong, true);
    else show(shapes);
  }
  return { panel, steps, update };
}
