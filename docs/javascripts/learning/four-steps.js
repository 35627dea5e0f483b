// The chapter's four steps with the numbers of one batch: "One step" lights them up one after another.

import { colourOf, paint, picture } from "../drawing/prediction-view.js";
import { html } from "../live/shared-controls.js";
import { SHOWN } from "./settings.js";

const PIXELS = 784;
const WHILE = 900; // milliseconds for which a step is lit
const short = (number) => (number >= 0.001 && number < 1000 ? Number(number.toPrecision(3)) : number.toExponential(1));

export class FourSteps {
  #parts;
  #pictures;
  #hint;
  #lit;
  #after = () => undefined;

  constructor(section) {
    this.#parts = ["draw", "forward", "loss", "update"].map((name) => section.querySelector(`[data-part="${name}"]`));
    this.#hint = section.querySelector(".tb-learn__hint");
    this.#pictures = section.querySelector(".tb-learn__batch");
  }

  /** Show a hint instead of numbers. */
  rest(hint) {
    this.finish();
    this.#hint.textContent = hint;
    this.#pictures.replaceChildren();
    for (const part of this.#parts) this.#write(part, "");
  }

  /** Light one step after another, or all at once if the reader prefers reduced motion. Then call `done`. */
  show(step, done) {
    this.finish();
    this.#hint.textContent = "";
    this.#pictures.replaceChildren();
    for (const part of this.#parts) this.#write(part, "");
    this.#after = done;
    const texts = sentences(step);
    let next = 0;
    const light = () => {
      this.#parts.forEach((part, place) => mark(part, place === next));
      if (next === this.#parts.length) return this.finish();
      this.#write(this.#parts[next], texts[next]);
      if (next === 0) this.#show(step);
      next += 1;
      this.#lit = setTimeout(light, WHILE);
      return undefined;
    };
    this.#rest = () => {
      while (next < texts.length) this.#write(this.#parts[next], texts[next++]);
      if (this.#pictures.childElementCount === 0) this.#show(step);
    };
    light();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.finish();
  }

  #rest = () => undefined;

  /** Show everything that is left at once. */
  finish() {
    clearTimeout(this.#lit);
    const [rest, after] = [this.#rest, this.#after];
    this.#rest = this.#after = () => undefined;
    rest();
    for (const part of this.#parts) mark(part, false);
    after();
  }

  #write(part, text) {
    part.querySelector("span").textContent = text;
  }

  #show({ images, labels, right }) {
    for (let start = 0, n = 0; start < images.length; start += PIXELS, n++) {
      const item = html("figure", {});
      const context = picture(item);
      item.append(html("figcaption", {}, html("b", {}, String(labels[n])), ` ${right[n].toFixed(2)}`));
      this.#pictures.append(item);
      const ink = colourOf(item);
      paint(context, (i) => [ink, images[start + i]]);
    }
  }
}

function mark(part, now) {
  part.classList.toggle("tb-learn__lit", now);
  if (now) part.setAttribute("aria-current", "step");
  else part.removeAttribute("aria-current");
}

function sentences({ labels, right, before, slope, after }) {
  const mean = right.reduce((sum, p) => sum + p, 0) / right.length;
  const which = labels.length > SHOWN.batch ? `Here are the first ${SHOWN.batch}` : "Here they are,";
  const drawn =
    labels.length === 1
      ? "One digit. Here it is, with its label and the probability that the network gives this label:"
      : `${labels.length} digits. ${which} with their labels, and the probability that the network gives each label:`;
  return [
    drawn,
    `The right class gets a probability of ${mean.toFixed(3)} on average (from ${Math.min(...right).toFixed(3)} to ${Math.max(...right).toFixed(3)}).`,
    `The loss on this batch is ${before.toFixed(4)}.`,
    `The largest slope is ${short(slope)}. Each weight moves against its own slope. After that, the loss on this batch is ${after.toFixed(4)}.`,
  ];
}
