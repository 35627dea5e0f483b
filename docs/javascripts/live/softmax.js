// Chapter 2: three scores, their softmax shares, and the cross-entropy if one of the three classes is the right one.

import { softmax } from "../forward-pass.js";
import { Panel, choice, number, sheet, slider, svg, text } from "./shared-controls.js";

const SCORES = [1, 2, 4]; // as in the chapter's block
const LOWEST = -5;
const HIGHEST = 5;

/** Return the softmax shares of some scores, and the cross-entropy if `right` is the right class. */
export function classify(scores, right) {
  const shares = softmax(scores);
  return { shares, loss: -Math.log(shares[right]) };
}

export function build(host) {
  const scores = [...SCORES];
  let right = 2;
  const drawing = sheet(360, 286);
  const panel = new Panel(host, {
    label: "Softmax and cross-entropy",
    drawing,
    controls: [
      ...scores.map((value, place) =>
        slider({
          label: `score ${place}`,
          min: LOWEST,
          max: HIGHEST,
          step: 0.5,
          value,
          show: (score) => number(score),
          change: (score) => {
            scores[place] = score;
            update();
          },
        }),
      ),
      choice({
        label: "the right class",
        options: ["0", "1", "2"],
        chosen: right,
        change: (place) => {
          right = place;
          update();
        },
      }),
    ],
  });

  function update() {
    const { shares, loss } = classify(scores, right);
    drawing.replaceChildren(...bars(shares, right), ...curve(shares[right], loss));
    const share = shares[right].toPrecision(4); // a small one in three decimals would be 0, whose logarithm is infinite
    const sum = `The three shares sum to 1. The right class, class ${right}, has a share of ${share}`;
    panel.say(`${sum}, so the cross-entropy is −ln ${share} ≈ ${number(loss, 3)}.`);
  }
  update();
}

function bars(shares, right) {
  return shares.flatMap((share, place) => {
    const y = 16 + 32 * place;
    const mine = place === right;
    return [
      text(0, y, `class ${place}${mine ? " ✓" : ""}`, {
        anchor: "start",
        kind: mine ? "tb-text tb-strong" : "tb-text",
      }),
      svg("rect", { class: "tb-box", x: 76, y: y - 11, width: 220, height: 22, rx: 3 }),
      svg("rect", {
        class: `tb-live__bar ${mine ? "tb-live__bar--right" : ""}`,
        x: 76,
        y: y - 11,
        width: 220 * share,
        height: 22,
        rx: 3,
      }),
      text(304, y, number(share, 3), { anchor: "start" }),
    ];
  });
}

// The loss against the probability of the right class, with a point that moves along the curve.
function curve(probability, loss) {
  const at = (p, l) => [36 + 290 * p, 256 - 28 * Math.min(l, 5)];
  const points = Array.from({ length: 101 }, (_, i) => 10 ** ((-2.2 * (100 - i)) / 100)).filter(
    (p) => -Math.log(p) <= 5,
  );
  const [x, y] = at(probability, loss);
  return [
    svg("polyline", { class: "tb-axis", points: "36,112 36,256 330,256" }),
    text(30, 116, "5", { kind: "tb-muted", anchor: "end", size: 13 }),
    text(30, 256, "0", { kind: "tb-muted", anchor: "end", size: 13 }),
    text(326, 274, "1", { kind: "tb-muted", size: 13 }),
    text(46, 116, "loss −ln p", { anchor: "start", size: 13 }),
    text(181, 274, "p, the share of the right class", { size: 13 }),
    svg("polyline", { class: "tb-curve", points: points.map((p) => at(p, -Math.log(p)).join()).join(" ") }),
    svg("polyline", { class: "tb-guide", points: `36,${y} ${x},${y} ${x},256` }),
    svg("circle", { class: "tb-point tb-point--last", cx: x, cy: y, r: 6 }),
  ];
}
