// Chapter 7: the smallest network. Values go forward, slopes come back, operation by operation.

import { Panel, number, sheet, slider, svg, text } from "./figure.js";

/**
 * Run the network forward and back.
 *
 * Returns the values after each operation, the factor that each contributes, from the loss back to w, and the slopes of the loss along
 * the answer, the hidden number, w * x and w.
 */
export function backpropagate({ x, w, v, target }) {
  const product = w * x;
  const hidden = Math.max(product, 0);
  const answer = v * hidden;
  const loss = (answer - target) ** 2;
  const factors = [2 * (answer - target), v, product > 0 ? 1 : 0, x];
  const slopes = factors.map((_, place) => factors.slice(0, place + 1).reduce((one, factor) => one * factor) || 0); // no -0
  return { product, hidden, answer, loss, factors, slopes };
}

export function build(host) {
  const values = { x: 2, w: 0.5, v: 3, target: 1 }; // as in the chapter's block
  const drawing = sheet(360, 312);
  const panel = new Panel(host, {
    label: "Forward and back through the smallest network",
    drawing,
    controls: Object.keys(values).map((name) =>
      slider({
        label: name, min: -4, max: 4, step: 0.5, value: values[name], show: (value) => number(value),
        change: (value) => {
          values[name] = value;
          update();
        },
      }),
    ),
  });

  function update() {
    const found = backpropagate(values);
    drawing.replaceChildren(...picture(values, found));
    const factors = found.factors.map((one) => (one < 0 ? `(${number(one)})` : number(one))).join(" · ");
    const product = `The slope of the loss along w is ${factors} = ${number(found.slopes[3], 3)}.`;
    panel.say(`${product} ${meaning(found)}`);
  }
  update();
}

function meaning({ factors, slopes, loss }) {
  if (slopes[3] === 0) {
    if (factors[2] === 0) return "relu lets nothing through, so nothing comes back: a small nudge of w changes nothing.";
    return loss === 0 ? "The answer is right, and there is nothing to mend." : "One factor is zero, so w has no effect here.";
  }
  const change = number(0.01 * slopes[3], 3);
  return `If w grows by 0.01, the loss changes by about ${change}.`;
}

// One box an operation, from w at the top to the loss at the bottom; forward on the left, back on the right.
function picture({ x, w, v }, { product, hidden, answer, loss, factors, slopes }) {
  const off = factors[2] === 0;
  const boxes = [
    ["w", w, slopes[3]],
    [`w · x`, product, slopes[2]],
    ["relu(w · x)", hidden, slopes[1]],
    ["answer = v · relu", answer, slopes[0]],
    ["loss = (answer − target)²", loss, 1],
  ];
  const steps = [
    ["times x", `· x = ${number(factors[3])}`],
    ["relu", off ? "· 0" : "· 1"],
    ["times v", `· v = ${number(factors[1])}`],
    ["− target, squared", `· 2 (answer − target) = ${number(factors[0])}`],
  ];
  const [width, height, pitch] = [356, 34, 66];
  return [
    ...boxes.flatMap(([name, value, back], place) => {
      const y = 2 + place * pitch;
      return [
        svg("rect", { class: "tb-cell", x: 2, y, width, height, rx: 4 }),
        text(12, y + height / 2, name, { anchor: "start", size: 13 }),
        text(226, y + height / 2, number(value), { anchor: "end", kind: "tb-text tb-strong" }),
        text(348, y + height / 2, `slope ${number(back)}`, { anchor: "end", kind: "tb-mark tb-strong" }),
      ];
    }),
    ...steps.flatMap(([forward, back], place) => {
      const [top, bottom] = [2 + place * pitch + height + 3, 2 + (place + 1) * pitch - 3];
      const middle = (top + bottom) / 2;
      return [
        svg("polyline", { class: "tb-arrow", points: `24,${top} 24,${bottom - 4}` }),
        svg("polygon", { class: "tb-head", points: `20,${bottom - 6} 28,${bottom - 6} 24,${bottom}` }),
        text(34, middle, forward, { anchor: "start", kind: "tb-muted", size: 13 }),
        svg("polyline", { class: "tb-arrow tb-arrow--hot", points: `340,${bottom} 340,${top + 4}` }),
        svg("polygon", { class: "tb-head tb-head--hot", points: `336,${top + 6} 344,${top + 6} 340,${top}` }),
        text(330, middle, back, { anchor: "end", kind: "tb-mark", size: 13 }),
      ];
    }),
  ];
}
