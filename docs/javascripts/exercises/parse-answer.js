// Reads what was typed as a Python value, or says why it can't. The grammar and the reasons are those of
// src/tensorbook/exercises/parse_answer.py. Whole numbers become BigInt, other numbers Number, and None becomes null.

const MOST_DIGITS = 18;
const DEEPEST = 20;
const QUOTES = { "'": "'", '"': '"', "‘": "’", "’": "’", "“": "”", "”": "”" };
const CLOSING = { "(": ")", "[": "]" };
const OPERATORS = "+-*/%@";
const DIGITS = "[0-9](?:_?[0-9])*";
const NUMBER = new RegExp(
  `([+-]?)[ \\t]*((?:${DIGITS}\\.(?:${DIGITS})?|\\.${DIGITS}|${DIGITS})(?:[eE][+-]?${DIGITS})?)`,
  "y",
);
const WHOLE = new RegExp(`^${DIGITS}$`);
const WORD = /[A-Za-z_][A-Za-z0-9_.]*/y;
const STARTS_A_VALUE = /[A-Za-z0-9_.]/;
const NEVER_IN_QUOTES = /[\x00-\x08\x0a-\x1f\\]|\p{Cs}/u;
const WORDS = { True: true, False: false, None: null };

/** A tuple; a list is a plain array. */
export class Tuple extends Array {}

/** A text that is not a value; `reason` is the key of the message in the page. */
export class Malformed extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export function parseAnswer(text) {
  return new Reader(text).read();
}

class Reader {
  #text;
  #place = 0;
  #depth = 0;

  constructor(text) {
    this.#text = text.replace(/^[ \t]+|[ \t]+$/g, "");
  }

  get #next() {
    return this.#text[this.#place] ?? "";
  }

  read() {
    if (!this.#text) fail("empty");
    const { values, commas } = this.#values("");
    return values.length === 1 && !commas ? values[0] : Tuple.from(values);
  }

  /** Values between commas, up to `end`, which is read too. */
  #values(end) {
    const values = [];
    let commas = 0;
    this.#skipBlanks();
    while (this.#next !== end) {
      values.push(this.#value());
      this.#skipBlanks();
      if (this.#next === ",") {
        commas += 1;
        this.#place += 1;
        this.#skipBlanks();
      } else if (this.#next !== end) {
        this.#failAfterValue();
      }
    }
    this.#place += end.length;
    return { values, commas };
  }

  #value() {
    if (this.#next in CLOSING) return this.#bracketed();
    if (this.#next in QUOTES) return this.#quoted();
    const number = this.#match(NUMBER);
    if (number) return this.#number(number);
    const word = this.#match(WORD);
    if (word) return Object.hasOwn(WORDS, word[0]) ? WORDS[word[0]] : word[0];
    if (!this.#next || ")]".includes(this.#next)) fail("brackets");
    return fail(OPERATORS.includes(this.#next) ? "calculation" : "other");
  }

  #bracketed() {
    const opened = this.#next;
    this.#place += 1;
    this.#depth += 1;
    if (this.#depth > DEEPEST) fail("other");
    const { values, commas } = this.#values(CLOSING[opened]);
    this.#depth -= 1;
    if (opened === "[") return values;
    return values.length === 1 && !commas ? values[0] : Tuple.from(values);
  }

  #quoted() {
    const end = this.#text.indexOf(QUOTES[this.#next], this.#place + 1);
    if (end < 0) fail("quotes");
    const content = this.#text.slice(this.#place + 1, end);
    if (NEVER_IN_QUOTES.test(content)) fail("other");
    this.#place = end + 1;
    return content;
  }

  #number([, sign, digits]) {
    const place = this.#place;
    if (this.#match(WORD)) fail("other"); // 12abc, 0x1F, 1_
    this.#place = place;
    const plain = digits.replaceAll("_", "");
    if (!WHOLE.test(digits)) return Number(sign + plain);
    if (plain[0] === "0" && /[^0]/.test(plain)) fail("zero");
    if (plain.length > MOST_DIGITS) fail("long");
    return BigInt(sign + plain);
  }

  /** Read what matches here, if anything does. */
  #match(pattern) {
    pattern.lastIndex = this.#place;
    const match = pattern.exec(this.#text);
    if (match) this.#place = pattern.lastIndex;
    return match;
  }

  #skipBlanks() {
    while (this.#next === " " || this.#next === "\t") this.#place += 1;
  }

  #failAfterValue() {
    if (!this.#next || ")]".includes(this.#next)) fail("brackets");
    if (OPERATORS.includes(this.#next) || this.#next in CLOSING) fail("calculation"); // a call, or an index
    fail(this.#next in QUOTES || STARTS_A_VALUE.test(this.#next) ? "comma" : "other");
  }
}

function fail(reason) {
  throw new Malformed(reason);
}
