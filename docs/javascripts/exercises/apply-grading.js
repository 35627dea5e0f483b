// Grades a typed answer as `check` does, like src/tensorbook/exercises/expected_kinds.py and ValueExercise in grading.py. All
// answers and messages come from there; they are written into the page when the site is built.

import { show } from "./format-value.js";
import { Malformed, parseAnswer, Tuple } from "./parse-answer.js";

// Each parses an answer, or returns null if it is of a different kind.
const KINDS = {
  shape,
  pair: (answer) => (shape(answer)?.length === 2 ? shape(answer) : null),
  count: (answer) => (Number.isInteger(single(answer)) ? single(answer) : null),
  number: single,
  magnitude: (answer) => (single(answer) === null ? null : Math.abs(single(answer))),
  numbers: (answer) => (array(answer)?.shape.length === 1 ? array(answer).numbers : null),
  dtype: (answer, { dtypes }) => {
    if (typeof answer !== "string") return null;
    const name = answer.trim().replace(/^np\./, "");
    return Object.hasOwn(dtypes, name) ? dtypes[name] : null;
  },
  letter: (answer) =>
    typeof answer === "string" && [...answer.trim()].length === 1 ? answer.trim().toLowerCase() : null,
};
const ROUNDED = ["number", "magnitude", "numbers"]; // compared with a tolerance, which the exercise sets in Python
const SINGLE = ["count", "number", "magnitude"];

/**
 * Return whether an answer is right, and what `check` would print.
 *
 * @param {string} typed What is in the field.
 * @param {object} exercise The exercise, as tensorbook.book.site.exercise_data writes it into the page.
 * @param {object} words The messages that all exercises share, from the same place.
 */
export function grade(typed, exercise, words) {
  const { right, text } = verdict(typed, exercise, words);
  return { right, text: filled(right ? words.right : words.wrong, text) };
}

function verdict(typed, exercise, words) {
  let answer;
  try {
    answer = parseAnswer(typed);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { right: false, text: filled(words.malformed, words.reasons[error.reason], exercise.expected) };
  }
  const parse = (value) => KINDS[exercise.kind](value, exercise);
  const value = parse(answer);
  if (value === null) {
    const advice = adviceFor(answer, exercise.kind, parse, words);
    return { right: false, text: filled(words.unreadable, exercise.expected, show(answer), advice) };
  }
  if (same(value, exercise.answer, exercise)) return { right: true, text: exercise.right };
  const mistake = exercise.mistakes.find(([wrong]) => same(value, wrong, exercise));
  return { right: false, text: filled(words.gave, show(answer), mistake ? mistake[1] : exercise.hint) };
}

function adviceFor(answer, kind, parse, { advice }) {
  if (typeof answer === "string") return parse(unquoted(answer)) === null ? "" : advice.quoted;
  if (kind === "shape" && ["number", "bigint", "boolean"].includes(typeof answer)) return advice.one_axis;
  if (SINGLE.includes(kind) && answer instanceof Tuple && answer.length > 1) return advice.commas;
  return "";
}

function unquoted(text) {
  try {
    const value = parseAnswer(text);
    return typeof value === "string" ? null : value;
  } catch {
    return null;
  }
}

function same(value, other, { kind, tolerance, rounding }) {
  if (Array.isArray(value) !== Array.isArray(other)) return false;
  if (Array.isArray(value)) {
    if (value.length !== other.length) return false;
    return value.every((entry, i) => same(entry, other[i], { kind, tolerance, rounding }));
  }
  return ROUNDED.includes(kind) ? Math.abs(value - other) <= rounding + tolerance * Math.abs(other) : value === other;
}

// Convert nested lists as NumPy does: to a shape and numbers, or null if they are ragged or contain anything else.
function array(answer) {
  const lengths = shapeOf(answer);
  const entries = Array.isArray(answer) ? Array.from(answer).flat(Infinity) : [answer];
  if (!lengths || !entries.every((entry) => ["number", "bigint", "boolean"].includes(typeof entry))) return null;
  if (entries.length && entries.every((entry) => typeof entry === "boolean")) return null;
  return { shape: lengths, numbers: entries.map(Number) };
}

function shapeOf(answer) {
  if (!Array.isArray(answer)) return [];
  const inner = Array.from(answer, shapeOf);
  if (inner.some((lengths) => String(lengths) !== String(inner[0]) || lengths === null)) return null;
  return [answer.length, ...(inner[0] ?? [])];
}

function single(answer) {
  const found = array(answer);
  return found?.numbers.length === 1 ? found.numbers[0] : null;
}

function shape(answer) {
  const found = array(answer);
  return found?.shape.length === 1 && found.numbers.every(Number.isInteger) ? found.numbers : null;
}

/** Fill in the pairs of braces of a message, in order. */
function filled(template, ...values) {
  return template.split("{}").reduce((text, part, i) => text + values[i - 1] + part);
}
