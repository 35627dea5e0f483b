// What live figures share: a panel with labelled controls, a drawing, and a sentence that says the result.

const SVG = "http://www.w3.org/2000/svg";
const REST = 600; // milliseconds without a change before a screen reader announces the sentence

/** Make an element. An attribute that is a function becomes a listener; false and undefined leave the attribute out. */
export function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Make an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Write a line of text into a drawing; y is its middle, and x is its anchor: start, middle or end. */
export function text(x, y, content, { kind = "tb-text", anchor = "middle", size = 14 } = {}) {
  return svg("text", { x, y: y + 0.36 * size, class: kind, "font-size": size, "text-anchor": anchor }, content);
}

/** Format a number for the page: whole numbers without decimals, others rounded, with a true minus sign. */
export function number(value, decimals = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : `${value < 0 ? "−" : ""}∞`;
  const meant = Number(value.toFixed(10)); // 1.8, not 1.7999999999999998
  const rounded = meant.toFixed(decimals);
  return (Number(rounded) === meant ? String(meant) : rounded).replace("-", "−");
}

let made = 0;
export const newId = () => `tb-live-${++made}`;

export class Panel {
  #result = html("p", { class: "tb-live__result" });
  #said = html("p", { class: "tb-visually-hidden", role: "status" });
  #resting;

  /** Build the panel into its place: the drawing and the controls. */
  constructor(host, { label, drawing, controls }) {
    host
      .querySelector(".tb-live__place")
      .append(
        html(
          "div",
          { class: "tb-live__panel", role: "group", "aria-label": label },
          html(
            "div",
            { class: "tb-live__body" },
            html("div", { class: "tb-live__drawing" }, ...[drawing].flat()),
            html("div", { class: "tb-live__controls" }, ...controls),
          ),
          this.#result,
          this.#said,
        ),
      );
    host.classList.add("tb-live--alive");
  }

  /** Say the result. A screen reader announces it, except the first, once nothing has changed for a while. */
  say(sentence, wrong = false) {
    const first = !this.#result.hasChildNodes();
    this.#result.replaceChildren(sentence);
    this.#result.classList.toggle("tb-live__result--wrong", wrong);
    clearTimeout(this.#resting);
    if (first) return;
    this.#resting = setTimeout(() => this.#said.replaceChildren(sentence), REST);
  }
}

/** An empty drawing. Screen readers skip it, since the panel's sentence says what it shows. */
export function sheet(width, height, attributes = {}) {
  return svg("svg", { class: "tb-diagram", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", ...attributes });
}

/**
 * A labelled slider. Arrow keys move it by a step, or by a tenth of a step with Shift; Home and End move it to its
 * ends.
 *
 * change is called with each new value. Returns the element; its `value` may be set.
 */
export function slider({ label, min, max, step, value, show = (one) => number(one), change }) {
  const fine = step / 10;
  const input = html("input", { type: "range", min, max, step: fine, value, "aria-valuetext": show(value) });
  const shown = html("span", { class: "tb-live__value", "aria-hidden": "true" }, show(value)); // the slider says it itself
  const update = () => {
    shown.replaceChildren(show(input.valueAsNumber));
    input.setAttribute("aria-valuetext", show(input.valueAsNumber));
    change(input.valueAsNumber);
  };
  input.addEventListener("input", update);
  input.addEventListener("keydown", (event) => {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const size = event.shiftKey ? fine : step;
    input.value = (Math.round(input.valueAsNumber / size) + direction) * size;
    update();
  });
  const element = html("label", { class: "tb-live__slider" }, html("span", {}, label), input, shown);
  Object.defineProperty(element, "value", {
    get: () => input.valueAsNumber,
    set: (now) => {
      input.value = now;
      update();
    },
  });
  return element;
}

/** A group of options, one of which is chosen. change is called with the index of the new choice. */
export function choice({ label, options, chosen, change }) {
  const name = newId();
  const buttons = options.map((option, place) => {
    const input = html("input", { type: "radio", name, checked: place === chosen, change: () => change(place) });
    return html("label", {}, input, html("span", {}, option));
  });
  return html("fieldset", { class: "tb-live__choice" }, html("legend", {}, label), html("div", {}, ...buttons));
}

/** A labelled field for one line of code. change is called with the text whenever it changes. */
export function field({ label, value, change, size }) {
  const input = html("input", {
    type: "text",
    value,
    size,
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    spellcheck: "false",
    input: () => change(input.value),
  });
  const element = html("label", { class: "tb-live__field" }, html("span", {}, label), input);
  Object.defineProperty(element, "value", {
    get: () => input.value,
    set: (now) => {
      input.value = now;
      change(now);
    },
  });
  return element;
}

/** A button. */
export function button(label, press, attributes = {}) {
  return html("button", { type: "button", click: press, ...attributes }, label);
}

/** A row of buttons that fill in examples. */
export function examples(label, values, press) {
  return html(
    "div",
    { class: "tb-live__examples", role: "group", "aria-label": label },
    html("span", { "aria-hidden": "true" }, label),
    ...values.map((value) => button(value, () => press(value))),
  );
}

/**
 * Let the reader move over the cells of a drawing, by mouse, finger or arrow keys.
 *
 * area says where the cells are: { x, y, side, rows, columns }, in units of the drawing, which is `width` units wide.
 * change is called with the row and the column. Home and End go to the ends of a row. Returns an element that holds the
 * drawing.
 */
export function pad(drawing, { label, width, area, place, change }) {
  let [row, column] = place;
  const element = html(
    "div",
    { class: "tb-live__pad", tabindex: 0, role: "application", "aria-label": label },
    drawing,
  );
  const go = (down, across) => {
    const [before, beside] = [row, column];
    row = Math.min(Math.max(down, 0), area.rows - 1);
    column = Math.min(Math.max(across, 0), area.columns - 1);
    if (row !== before || column !== beside) change(row, column);
  };
  const point = (event) => {
    const box = drawing.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top].map((one) => (one * width) / box.width);
    go(Math.floor((y - area.y) / area.side), Math.floor((x - area.x) / area.side));
  };
  element.addEventListener("pointerdown", point);
  element.addEventListener("pointermove", point);
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const size = event.shiftKey ? 5 : 1;
    const moves = {
      ArrowLeft: [row, column - size],
      ArrowRight: [row, column + size],
      ArrowUp: [row - size, column],
      ArrowDown: [row + size, column],
      Home: [row, 0],
      End: [row, area.columns - 1],
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    go(...moves[event.key]);
  });
  return element;
}
