// Shapes as Python writes them: read, written, and what NumPy says of those that do not fit.

export class ShapeError extends Error {}

/**
 * Read a shape such as "(3, 4)", "(4,)", "()", "3, 4" or "4".
 *
 * least is the smallest length that is allowed. Returns a list of numbers; anything else is a ShapeError.
 */
export function readShape(text, { least = 0, axes = 6, length = 100_000 } = {}) {
  const inside = text.trim().replace(/^\((.*)\)$/s, "$1").trim();
  if (inside === "" && text.trim() !== "") return [];
  if (!/^[+-]?\d+(\s*,\s*[+-]?\d+)*\s*,?$/.test(inside)) {
    throw new ShapeError("A shape is written as a tuple of whole numbers, such as (3, 4) or (4,).");
  }
  const shape = inside.replace(/,\s*$/, "").split(",").map(Number);
  if (shape.some((one) => one < least)) {
    throw new ShapeError(least < 0 ? "A length can't be negative, except for a single −1." : "A length can't be negative.");
  }
  if (shape.length > axes) throw new ShapeError(`This figure has room for ${axes} axes, and this shape has ${shape.length}.`);
  if (shape.some((one) => one > length)) throw new ShapeError(`Lengths up to ${length.toLocaleString("en")} will do here.`);
  return shape;
}

/** Write a shape as Python prints it: (3, 4), (4,), (). */
export const writeShape = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** Write a shape as NumPy's own messages have it: without spaces. */
export const packed = (shape) => writeShape(shape).replaceAll(" ", "");
