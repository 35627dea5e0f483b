// Chapter 6: a loss over a single weight, its slope as a tangent, and the steps for some learning rate.

import { Panel, examples, number, sheet, slider, svg, text } from "./shared-controls.js";

const STEPS = 12;
const [LEFT, RIGHT] = [-2, 8]; // the range of weights in the drawing
const RATES = { crawling: 0.05, converging: 0.5, bouncing: 3.2, "flying off": 4.2 };
const BOTTOM = 3;

/** The chapter's loss: a valley whose floor is at 3. The figure's diagram draws the same loss. */
export const loss = (weight) => (weight - BOTTOM) ** 2 / 4 + 0.4;

/** Return the slope at a weight. */
export const slope = (weight) => (weight - BOTTOM) / 2;

/** Return the weights that gradient descent goes through from a first weight. */
export function walk(start, rate, steps) {
  const weights = [start];
  for (let step = 0; step < steps; step++) weights.push(weights.at(-1) - rate * slope(weights.at(-1)));
  return weights;
}

/** Describe a walk, judging only by its steps. */
export function judge(weights) {
  const [first, second] = [weights[0] - BOTTOM, weights[1] - BOTTOM];
  const last = weights.at(-1) - BOTTOM;
  if (first === 0) return "The slope is zero here, so the weight stays where it is.";
  if (Math.abs(second) < 1e-9) return "One step goes straight to the bottom.";
  if (Math.abs(second) > Math.abs(first) * (1 + 1e-9))
    return "The weight flies off: each step leaps over the bottom and lands higher on the other side.";
  if (first * second < 0 && Math.abs(second) > Math.abs(first) * (1 - 1e-9))
    return "The weight leaps back and forth, and the loss gets no smaller.";
  if (first * second < 0) return "The weight bounces: each step leaps over the bottom, but lands lower.";
  if (Math.abs(last) > Math.abs(first) / 2) return "The weight crawls: even after all these steps, it is not halfway down.";
  return "The weight converges: the flatter the slope, the shorter the step.";
}

export function build(host) {
  let [weight, rate] = [-1, RATES.converging];
  const drawing = sheet(360, 280, { class: "tb-diagram tb-live__drag" });
  const weightSlider = slider({
    label: "weight",
    min: LEFT,
    max: RIGHT,
    step: 0.5,
    value: weight,
    show: (value) => number(value),
    change: (value) => {
      weight = value;
      update();
    },
  });
  const rateSlider = slider({
    label: "learning rate",
    min: 0.05,
    max: 4.5,
    step: 0.05,
    value: rate,
    show: (value) => number(value),
    change: (value) => {
      rate = value;
      update();
    },
  });
  const panel = new Panel(host, {
    label: "Steps down a loss",
    drawing,
    controls: [
      weightSlider,
      rateSlider,
      examples("Try", Object.keys(RATES), (name) => (rateSlider.value = RATES[name])),
    ],
  });

  // The weight can be dragged, too: a finger that moves sideways drags, and a finger that moves up or down scrolls.
  let dragging = false;
  const drag = (event) => {
    const { left, width } = drawing.getBoundingClientRect();
    const place = ((event.clientX - left) * 360) / width;
    weightSlider.value = Math.min(Math.max((place - 30) / 32 + LEFT, LEFT), RIGHT);
  };
  drawing.addEventListener("pointerdown", (event) => {
    dragging = true;
    drawing.setPointerCapture(event.pointerId);
    drag(event);
  });
  drawing.addEventListener("pointermove", (event) => dragging && drag(event));
  for (const end of ["pointerup", "pointercancel"]) drawing.addEventListener(end, () => (dragging = false));

  function update() {
    const weights = walk(weight, rate, STEPS);
    drawing.replaceChildren(...picture(weights));
    const steep = exact(slope(weight));
    const change = `−${exact(rate)} · ${slope(weight) < 0 ? `(${steep})` : steep} = ${exact(weights[1] - weight)}`;
    const moved = `At ${exact(weight)}, the slope is ${steep}, so the step is ${change}.`;
    panel.say(
      `${moved} After ${STEPS} steps, the weight is ${number(weights.at(-1))} and the loss is ${number(loss(weights.at(-1)))}. ${judge(weights)}`,
    );
  }
  update();
}

// The sliders' steps give short decimals. All of them are shown, so that the reader gets the same product.
const exact = (value) => number(Number(value.toFixed(4)), 4);

const at = (weight, height) => [30 + 32 * (weight - LEFT), 244 - 32 * height];

function picture(weights) {
  const line = (kind, places) =>
    svg("polyline", {
      class: kind,
      points: places.map((place) => place.map((one) => one.toFixed(2)).join()).join(" "),
    });
  const curve = Array.from({ length: 81 }, (_, i) => LEFT + ((RIGHT - LEFT) * i) / 80).map((one) => at(one, loss(one)));
  const [first] = weights;
  const [height, steep] = [loss(first), slope(first)];
  const reach = 1.6 / Math.hypot(1, steep); // the tangent has the same length everywhere
  const inside = (one) => one >= LEFT && one <= RIGHT;
  const end = weights.findIndex((one) => !inside(one));
  const seen = end < 0 ? weights : weights.slice(0, end);
  const guides = seen
    .slice(1)
    .map((one, place) =>
      line("tb-guide", [at(seen[place], loss(seen[place])), at(one, loss(seen[place])), at(one, loss(one))]),
    );
  const marks = [-2, 0, 2, 4, 6, 8].map((one) => text(at(one, 0)[0], 258, number(one), { kind: "tb-muted", size: 13 }));
  return [
    svg("polyline", { class: "tb-axis", points: "30,16 30,244 354,244" }),
    text(36, 12, "loss", { anchor: "start" }),
    text(354, 274, "weight", { anchor: "end" }),
    ...marks,
    line("tb-curve", curve),
    ...guides,
    line("tb-line tb-line--mark", [
      at(first - reach, height - reach * steep),
      at(first + reach, height + reach * steep),
    ]),
    ...seen.map((one, place) => {
      const [cx, cy] = at(one, loss(one));
      return svg("circle", {
        class: place === 0 ? "tb-point tb-point--last" : "tb-point",
        cx,
        cy,
        r: place === 0 ? 7 : 4,
      });
    }),
  ];
}
