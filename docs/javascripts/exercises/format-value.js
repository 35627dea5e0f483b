// Formats the values that a reader can type, like `show` in src/tensorbook/exercises/expected_kinds.py.

import { Tuple } from "./parse-answer.js";

const LONGEST = 100;
const DIGITS = 6; // significant digits of a float

export function show(value) {
  if (typeof value === "number") return float(rounded(value));
  const text = Array.isArray(value) ? sequence(value) : plain(value);
  const letters = [...text.split(" ").filter(Boolean).join(" ")];
  return letters.length <= LONGEST ? letters.join("") : `${letters.slice(0, LONGEST - 3).join("")}...`;
}

function sequence(values) {
  const inner = values.map(show).join(", "); // of a Tuple, `map` makes a Tuple
  if (!(values instanceof Tuple)) return `[${inner}]`;
  return `(${inner}${values.length === 1 ? "," : ""})`;
}

function plain(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "bigint" ? String(value) : quoted(value);
}

/** Return a text as Python's `repr` writes it. */
function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const letters = Array.from(text, (letter) => {
    if (letter === mark) return `\\${letter}`;
    if (letter === "\t") return "\\t";
    if (letter === " " || !/[\p{C}\p{Z}]/u.test(letter)) return letter;
    const code = letter.codePointAt(0).toString(16);
    if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
    return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
  });
  return mark + letters.join("") + mark;
}

/** Round a number to six digits. Halves are rounded to the even digit, as in Python; `toPrecision` rounds them up. */
function rounded(number) {
  if (!Number.isFinite(number) || number === 0) return number;
  const [mantissa, exponent] = number.toExponential(60).split("e");
  const point = mantissa.indexOf(".");
  const kept = mantissa.slice(0, point + DIGITS);
  const even = "02468".includes(kept.at(-1));
  const halfway = /^50*$/.test(mantissa.slice(point + DIGITS));
  return even && halfway ? Number(`${kept}e${exponent}`) : Number(number.toPrecision(DIGITS));
}

/** Return the shortest form that is read as the same number, written as in Python: 1e-05, 1e+16, 2.0. */
function float(number) {
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  const sign = number < 0 || Object.is(number, -0) ? "-" : "";
  const [mantissa, power] = Math.abs(number).toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const digits = mantissa.replace(".", "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}
