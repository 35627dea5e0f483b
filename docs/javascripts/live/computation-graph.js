// Chapter 7: the smallest network as a graph. Values flow forward and slopes of the loss flow back, edge by edge.

import { Panel, number, sheet, slider, svg, text } from "./shared-controls.js";

const RADIUS = 17;
const LINE = 128; // the height of the chain of operations
const PLACES = [50, 122, 194, 266, 338]; // of the operations
const SIGNS = ["×", "relu", "×", "−", "²"];

/** Run the network forward and back. Returns the values and the slopes of the loss with respect to each of them, by name. */
export function walk({ x, w, v, target }) {
  const product = w * x;
  const hidden = Math.max(product, 0);
  const answer = v * hidden;
  const difference = answer - target;
  const values = { x, w, v, target, product, hidden, answer, difference, loss: difference ** 2 };
  const slopes = { loss: 1, difference: 2 * difference };
  slopes.answer = slopes.difference;
  slopes.target = -slopes.difference;
  slopes.hidden = slopes.answer * v;
  slopes.v = slopes.answer * hidden;
  slopes.product = product > 0 ? slopes.hidden : 0;
  slopes.w = slopes.product * x;
  slopes.x = slopes.product * w;
  return { values, slopes };
}

/** Say what the slope of the loss with respect to w is, and what it means. */
export function explain({ values, slopes }) {
  const { x, v, product, difference } = values;
  const on = product > 0;
  const factors = [2 * difference, v, on ? 1 : 0, x];
  const written = factors.map((one) => (number(one).startsWith("−") ? `(${number(one)})` : number(one))).join(" · ");
  const multiplied = factors.reduce((all, one) => all * Number(one.toFixed(2)), 1); // as a reader would multiply
  const equals = Math.abs(multiplied - slopes.w) < 5e-4 ? "=" : "≈";
  const slope = `The slope of the loss with respect to w is ${written} ${equals} ${number(slopes.w, 3)}.`;
  if (!on) return `${slope} w · x is not above zero, so relu lets nothing through, and no slope flows back to w.`;
  if (Math.abs(difference) < 1e-9) return `${slope} The answer is right, so there is nothing to improve.`;
  if (slopes.w === 0) return `${slope} One of the factors is zero, so w has no effect on the loss here.`;
  return `${slope} If w grows by 0.01, the loss changes by about ${number(0.01 * slopes.w, 3)}.`;
}

export function build(host) {
  const given = { x: 2, w: 0.5, v: 3, target: 1 }; // as in the chapter's block
  const drawing = sheet(400, 214);
  const panel = new Panel(host, {
    label: "Forward and back through the smallest network",
    drawing,
    controls: Object.keys(given).map((name) =>
      slider({
        label: name,
        min: -4,
        max: 4,
        step: 0.5,
        value: given[name],
        show: (value) => number(value),
        change: (value) => {
          given[name] = value;
          update();
        },
      }),
    ),
  });

  function update() {
    const found = walk(given);
    drawing.replaceChildren(...picture(found));
    panel.say(explain(found));
  }
  update();
}

// As in the diagram: above each arrow is the value that flows forward, below it the slope that flows back.
function picture({ values, slopes }) {
  const value = (name) => number(values[name]);
  const slope = (name) => number(slopes[name] || 0); // no −0
  const size = 14;
  const chain = ["product", "hidden", "answer", "difference", "loss"].flatMap((name, place) => {
    const start = PLACES[place] + RADIUS;
    const end = place < 4 ? PLACES[place + 1] - RADIUS - 1 : 396;
    const middle = (start + end) / 2;
    return [
      ...arrow([start, LINE], [end, LINE]),
      text(middle, LINE - 13, value(name), { size }),
      text(middle, LINE + 14, slope(name), { kind: "tb-mark tb-strong", size }),
    ];
  });
  const sides = [
    [0, "w", -1],
    [0, "x", 1],
    [2, "v", -1],
    [3, "target", -1],
  ].flatMap(([at, name, end]) => {
    const [place, start, middle] = [PLACES[at], LINE + end * 70, LINE + end * 46];
    return [
      ...arrow([place, start], [place, LINE + end * (RADIUS + 2)]),
      text(place, start + end * 12, name, { kind: "tb-text tb-strong tb-code", size }),
      text(place - 8, middle, value(name), { anchor: "end", size }),
      text(place + 8, middle, slope(name), { kind: "tb-mark tb-strong", anchor: "start", size }),
    ];
  });
  return [
    ...PLACES.flatMap((place, index) => {
      const off = index === 1 && !(values.product > 0);
      return [
        svg("circle", { class: off ? "tb-cell tb-ghost" : "tb-cell tb-cell--first", cx: place, cy: LINE, r: RADIUS }),
        text(place, LINE, SIGNS[index], { kind: "tb-text tb-strong", size }),
      ];
    }),
    ...chain,
    ...sides,
    text(376, LINE - 34, "loss", { kind: "tb-text tb-strong", size }),
    text(200, 12, "values flow forward,", { anchor: "end", size }),
    text(206, 12, "slopes flow back", { kind: "tb-mark", anchor: "start", size }),
  ];
}

function arrow([x0, y0], [x, y]) {
  const [along, down] = [Math.sign(x - x0), Math.sign(y - y0)];
  const [left, top] = [x - 7 * along, y - 7 * down];
  const head = [
    [left - 3.5 * down, top + 3.5 * along],
    [x, y],
    [left + 3.5 * down, top - 3.5 * along],
  ];
  return [
    svg("polyline", { class: "tb-arrow", points: `${x0},${y0} ${x - 3.5 * along},${y - 3.5 * down}` }),
    svg("polygon", { class: "tb-head", points: head.map((place) => place.join()).join(" ") }),
  ];
}
