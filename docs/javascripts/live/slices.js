// Chapter 4: a typed slice: the part of the training images that it takes and its shape, or NumPy's own error.

import { SIDE, fetchDigits, inkSquares } from "./first-digits.js";
import { Panel, examples, field, sheet, svg, text } from "./shared-controls.js";
import { writeShape } from "./shapes.js";

const SHAPE = [60_000, 28, 28];
const NAMES = [
  ["sample", "samples"],
  ["row", "rows"],
  ["column", "columns"],
];
const TRY = ["[10:100]", "[:, 14:, 14:]", "[:, 7:-7, 7:-7]", "[4, ::2, ::-1]", "[:32, 40]"];

/** NumPy's error, with its type and words; without a type, this figure's own message. */
export class SliceError extends Error {
  constructor(type, message) {
    super(type ? `${type}: ${message}` : message);
  }
}

const NO_INDEX =
  "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices";
const NO_BOUND = "slice indices must be integers or None or have an __index__ method";
const HOW = "This is not a slice yet. Try something like train_images[10:100, 7:-7].";

/**
 * Read the text between the brackets of train_images[…].
 *
 * Returns a list of whole numbers, null for an axis that is added, "..." and slices { start, stop, step }, of which each part
 * is a number or null. A float or a string becomes { refused }: NumPy refuses them.
 */
export function readIndex(written) {
  const match = /^\s*(?:train_images\s*)?\[(.*)\]\s*$/s.exec(written);
  const inside = (match ? match[1] : written).trim();
  if (!inside || (!match && /[[\]]/.test(inside))) throw new SliceError("", HOW);
  if (/^[^[]*\]/.test(inside)) throw new SliceError("", HOW); // one index after another
  if (/[[\]()]/.test(inside))
    throw new SliceError("", "Indexing with a list or a tuple works differently, and this figure cannot show it.");
  return inside
    .replace(/,\s*$/, "")
    .split(",")
    .map((part) => {
      const bounds = part.split(":").map((bound) => bound.trim());
      if (bounds.length === 1) return readPart(bounds[0]);
      if (bounds.length > 3) throw new SliceError("", HOW);
      const [start, stop, step = null] = bounds.map((bound) => (bound === "" ? null : readPart(bound)));
      return { start, stop, step };
    });
}

function readPart(part) {
  if (part === "...") return "...";
  if (["None", "np.newaxis"].includes(part)) return null;
  if (/^[+-]?\s*(0(_?0)*|[1-9](_?\d)*)$/.test(part)) {
    const value = Number(part.replace(/[\s_]/g, ""));
    if (Number.isSafeInteger(value)) return value || 0; // -0 is 0
    throw new SliceError("", "This figure accepts numbers of up to 15 digits.");
  }
  if (/^[+-]?(\d+\.\d*|\.\d+|\d+(\.\d*)?e[+-]?\d+)$/i.test(part)) return { refused: "a float" };
  if (/^(["'])[^"'\\]*\1$/.test(part)) return { refused: "a string" };
  if (["True", "False"].includes(part))
    throw new SliceError("", "Indexing with True or False works differently, and this figure cannot show it.");
  if (/^[A-Za-z_]\w*$/.test(part)) throw new SliceError("NameError", `name '${part}' is not defined`);
  throw new SliceError("", HOW);
}

/** Return the indices that a slice takes from an axis, as Python's `slice.indices` does: { start, step, count }. */
export function indices({ start, stop, step }, length) {
  for (const bound of [step, start, stop]) {
    if (bound?.refused) throw new SliceError("TypeError", NO_BOUND);
    if (step === 0) throw new SliceError("ValueError", "slice step cannot be zero"); // before the others, as in Python
  }
  step ??= 1;
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const clipped = (bound) => Math.min(Math.max(bound < 0 ? bound + length : bound, least), most);
  const from = start === null ? (step > 0 ? least : most) : clipped(start);
  const to = stop === null ? (step > 0 ? most : least) : clipped(stop);
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/**
 * Find the part of an array that an index takes: its shape, and for each axis of the array the indices that are taken.
 *
 * An axis is { start, step, count }, and `single` if a number has removed it. If NumPy rejects the index, throws a
 * SliceError with NumPy's words.
 */
export function take(index, lengths) {
  let ellipses = 0;
  for (const part of index) {
    if (part === "...") ellipses++;
    if (ellipses > 1) throw new SliceError("IndexError", "an index can only have a single ellipsis ('...')");
    if (part?.refused) throw new SliceError("IndexError", NO_INDEX);
  }
  const used = index.filter((part) => part !== null && part !== "...").length;
  if (used > lengths.length) {
    throw new SliceError(
      "IndexError",
      `too many indices for array: array is ${lengths.length}-dimensional, but ${used} were indexed`,
    );
  }
  const whole = { start: null, stop: null, step: null };
  const rest = Array(lengths.length - used).fill(whole);
  const full = ellipses ? index.flatMap((part) => (part === "..." ? rest : [part])) : [...index, ...rest];
  const [shape, axes] = [[], []];
  for (const part of full) {
    if (part === null) {
      shape.push(1);
      continue;
    }
    const [axis, length] = [axes.length, lengths[axes.length]];
    if (typeof part === "number") {
      if (part < -length || part >= length)
        throw new SliceError("IndexError", `index ${part} is out of bounds for axis ${axis} with size ${length}`);
      axes.push({ start: part < 0 ? part + length : part, step: 1, count: 1, single: true });
    } else {
      axes.push(indices(part, length));
      shape.push(axes.at(-1).count);
    }
  }
  return { shape, axes };
}

/** Describe what is taken from an axis: "rows 7 to 20", "all columns", "sample 4". */
export function describe({ start, step, count, single }, axis) {
  const [one, many] = NAMES[axis];
  const written = (value) => value.toLocaleString("en");
  if (single) return `${one} ${written(start)}`;
  if (count === 0) return `no ${many}`;
  if (count === SHAPE[axis] && step === 1) return `all ${many}`;
  const last = start + (count - 1) * step;
  if (count === 1) return `only ${one} ${written(start)}`;
  const every =
    { 1: "", "-1": " backwards" }[step] ??
    (step > 0 ? ` in steps of ${step}` : ` in steps of ${step}`.replace("-", "−"));
  return `${many} ${written(start)} to ${written(last)}${every}`;
}

export async function build(host) {
  const { images } = await fetchDigits();
  const drawing = sheet(360, 238);
  const input = field({ label: "a slice", value: `train_images${TRY[2]}`, change: () => update() });
  const panel = new Panel(host, {
    label: "What a slice selects",
    drawing,
    controls: [input, examples("Try", TRY, (example) => (input.value = `train_images${example}`))],
  });

  function update() {
    try {
      const { shape, axes } = take(readIndex(input.value), SHAPE);
      drawing.replaceChildren(...picture(shape, axes, images));
      const [samples, rows, columns] = axes.map(describe);
      input.querySelector("input").removeAttribute("aria-invalid");
      panel.say(`This slice selects ${samples}, ${rows} and ${columns}. Its shape is ${writeShape(shape)}.`);
    } catch (error) {
      if (!(error instanceof SliceError)) throw error;
      input.querySelector("input").setAttribute("aria-invalid", "true");
      panel.say(error.message, true);
    }
  }
  update();
}

const placesOf = ({ start, step, count }) => Array.from({ length: count }, (_, place) => start + place * step);

// Group consecutive places into pairs of the first and the last.
function runsOf(places) {
  const runs = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    if (runs.length && runs.at(-1)[1] === place - 1) runs.at(-1)[1] = place;
    else runs.push([place, place]);
  }
  return runs;
}

function picture(shape, [samples, rows, columns], images) {
  const [bar, pixel, top] = [340, 5, 76];
  const [down, across] = [placesOf(rows), placesOf(columns)];
  // The samples, as a bar. The mark for the samples that are taken is at least four units wide, or it would be
  // invisible.
  const [first, last] = [samples.start, samples.start + (samples.count - 1) * samples.step].sort((a, b) => a - b);
  const left = (first / SHAPE[0]) * bar;
  const marked =
    samples.count &&
    svg("rect", {
      class: "tb-window",
      x: 10 + Math.min(left, bar - 4),
      y: 22,
      width: Math.max(4, ((last + 1) / SHAPE[0]) * bar - left),
      height: 18,
    });
  const shown = samples.count && samples.start < images.length ? images[samples.start] : undefined;
  const ink = shown ? Array.from(shown, (value) => value / 255) : Array(SIDE * SIDE).fill(0);
  const windows = runsOf(down).flatMap(([from, to]) =>
    runsOf(across).map(([begin, end]) =>
      svg("rect", {
        class: "tb-window",
        x: 14 + begin * pixel,
        y: top + from * pixel,
        width: (end - begin + 1) * pixel,
        height: (to - from + 1) * pixel,
      }),
    ),
  );
  const piece = samples.count ? down.flatMap((row) => across.map((column) => ink[row * SIDE + column])) : [];
  const [height, width] = piece.length ? [down.length * pixel, across.length * pixel] : [0, 0];
  return [
    text(10, 10, "60,000 samples", { anchor: "start", kind: "tb-muted", size: 13 }),
    svg("rect", { class: "tb-cell", x: 10, y: 22, width: bar, height: 18 }),
    ...(marked ? [marked] : []),
    text(14, 61, shown ? `sample ${samples.start}` : "one of the samples", { anchor: "start", size: 13 }),
    svg("rect", { class: "tb-cell", x: 14, y: top, width: SIDE * pixel, height: SIDE * pixel }),
    inkSquares(ink, SIDE, { x: 14, y: top, side: pixel }),
    ...(samples.count ? windows : []),
    text(200, 61, piece.length ? "what the slice selects" : "nothing is selected", { anchor: "start", size: 13 }),
    svg("rect", { class: "tb-cell", x: 200, y: top, width, height }),
    inkSquares(piece, across.length, { x: 200, y: top, side: pixel }),
    text(200, top + SIDE * pixel + 14, writeShape(shape), { anchor: "start", kind: "tb-text tb-code", size: 13 }),
  ];
}
