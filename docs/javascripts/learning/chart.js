// A drawing that grows: a curve for the training digits and a curve for the test digits.

import { svg, text } from "../live/shared-controls.js";

const WIDTH = 340;
const HEIGHT = 190;
const LEFT = 34;
const RIGHT = 330;
const TOP = 12;
const BOTTOM = 164;
const MOST = 400; // points of a curve; if there are more, every other one is dropped
const TOPS = [3, 6, 12, 30, 60, 120]; // possible ends of the loss axis; a loss can't exceed 69
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

export class Chart {
  #svg = svg("svg", { class: "tb-diagram tb-learn__chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  #curves = { training: [], test: [] };
  #axes;
  #drawn = ""; // the span and top that the axes were drawn for
  #lines;

  /** The chart shows `loss` or `accuracy`. A level is a dotted line with a name, such as { at: 0.1, name: "guessing" }. */
  constructor(parent, what, level) {
    this.what = what;
    this.level = level;
    this.#axes = svg("g");
    this.#lines = svg("g");
    this.#svg.append(this.#axes, this.#lines);
    parent.append(this.#svg);
  }

  clear() {
    this.#curves = { training: [], test: [] };
  }

  /** Add points to the curves, each with an epoch, a loss and an accuracy. */
  grow({ training, test }) {
    for (const [name, more] of Object.entries({ training, test })) {
      const curve = this.#curves[name];
      for (const point of more) if (Number.isFinite(point[this.what])) curve.push([point.epoch, point[this.what]]);
      if (curve.length > MOST) this.#curves[name] = curve.filter((_, i) => i % 2 === 0 || i === curve.length - 1);
    }
  }

  /** Return the newest value of a curve, or undefined. */
  last(name) {
    return this.#curves[name].at(-1)?.[1];
  }

  /** Draw everything on an axis of at least this many epochs. */
  draw(epochs) {
    const points = Object.values(this.#curves).flat();
    const span = Math.max(epochs, ...points.map(([epoch]) => epoch));
    const highest = Math.max(0, ...points.map(([, value]) => value));
    const top = this.what === "accuracy" ? 1 : (TOPS.find((number) => number >= highest) ?? highest);
    const x = (epoch) => LEFT + (epoch / span) * (RIGHT - LEFT);
    const y = (value) => BOTTOM - (value / top) * (BOTTOM - TOP);
    if (this.#drawn !== `${span} ${top}`) {
      this.#axes.replaceChildren(...axes(x, y, span, top, this.what), ...(this.level ? level(y, this.level) : []));
    }
    this.#drawn = `${span} ${top}`;
    this.#lines.replaceChildren(
      ...Object.entries(this.#curves).flatMap(([name, curve]) => {
        const places = curve.map(([epoch, value]) => `${x(epoch).toFixed(1)},${y(value).toFixed(1)}`);
        const line = svg("polyline", { class: `tb-learn__line tb-learn__line--${name}`, points: places.join(" ") });
        if (curve.length === 0) return [line];
        const [cx, cy] = places.at(-1).split(",");
        return [line, svg("circle", { class: `tb-learn__end tb-learn__end--${name}`, cx, cy, r: 3.5 })];
      }),
    );
  }
}

function axes(x, y, span, top, what) {
  const small = { kind: "tb-muted", size: 12 };
  const between = STEPS.find((step) => span / step <= 5);
  const epochs = Array.from({ length: Math.floor(span / between) + 1 }, (_, i) => i * between);
  const heights = what === "accuracy" ? [0, 0.5, 1] : [0, top / 3, (2 * top) / 3, top];
  const shown = (height) => (what === "accuracy" ? `${100 * height}%` : String(Number(height.toPrecision(3))));
  return [
    ...heights.flatMap((height) => [
      svg("polyline", { class: height ? "tb-rule" : "tb-axis", points: `${LEFT},${y(height)} ${RIGHT},${y(height)}` }),
      text(LEFT - 5, y(height), shown(height), { ...small, anchor: "end" }),
    ]),
    ...epochs.map((epoch) => {
      const words = epoch ? String(Number(epoch.toFixed(1))) : "epoch 0";
      return text(epoch ? x(epoch) : LEFT, BOTTOM + 14, words, { ...small, anchor: epoch ? "middle" : "start" });
    }),
  ];
}

function level(y, { at, name }) {
  return [
    svg("polyline", { class: "tb-guide", points: `${LEFT},${y(at)} ${RIGHT},${y(at)}` }),
    text(RIGHT, y(at) - 9, name, { kind: "tb-muted", size: 12, anchor: "end" }),
  ];
}
