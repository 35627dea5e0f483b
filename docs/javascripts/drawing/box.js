// The drawing box: connects the sheet, the network and the view.

import { problemOf } from "../file-errors.js";
import { forward } from "../forward-pass.js";
import { onSlowLine } from "../lazy-load.js";
import { control } from "./controls.js";
import { prepare } from "./preparation.js";
import { SIDE, Sheet } from "./sheet.js";
import { template } from "./template.js";
import { Bars, SURE, View, answerTo, percent, ranked } from "./prediction-view.js";
import { offerSecond } from "./both-networks.js";
import { fetchWeights, showProgress } from "./weights.js";

const WEIGHTS = new URL("../../results/weights.safetensors", import.meta.url);

export function build(host) {
  const { bytes, sha256, handwritingBytes, example } = host.dataset;
  const before = document.querySelectorAll(".tb-draw__canvas").length; // boxes on the page
  host.innerHTML = template(Number(bytes), Number(handwritingBytes), before);
  const part = (name) => host.querySelector(`.tb-draw__${name}`);
  const sheet = new Sheet(part("canvas"));
  const view = new View(host);
  const bars = new Bars(part("first .tb-draw__bars"));
  const second = offerSecond(host, (resting) => look(resting));
  let network = null;
  let asked = false;
  let stored = example ? JSON.parse(example) : null; // the digit shown at first, and its stored probabilities

  // Go from ink to bars. Once the pen rests, the result is also announced to screen readers.
  function look(resting) {
    const digit = sheet.empty ? null : prepare(sheet.ink(), SIDE);
    host.classList.toggle("tb-draw--empty", sheet.empty);
    view.showSeen(digit);
    const pixels = digit && Float32Array.from(digit, (pixel) => pixel / 255);
    const said = [askFirst(pixels, resting), second.ask(pixels)].filter((sentence) => sentence);
    if (resting && said.length) say(said.join(" "));
  }

  /** Show the first network's answer for a picture, or none, and return it as a sentence. */
  function askFirst(pixels, resting) {
    if (!network) {
      if (stored && !pixels?.every((pixel, i) => pixel === stored.pixels[i])) rest(); // another drawing
      return "";
    }
    if (!pixels) {
      rest();
      return "";
    }
    const { units, probabilities } = forward(pixels, network);
    bars.show(probabilities);
    view.showUnits(units, network.hidden.kernel, resting);
    const [first, second] = ranked(probabilities);
    const answer = answerTo(probabilities);
    part("answer").textContent = answer;
    return probabilities[first] > SURE ? answer : `${answer} Next: ${second} (${percent(probabilities[second])}).`;
  }

  function rest() {
    stored = null;
    bars.show(null);
    view.showUnits(null);
    part("answer").textContent = "Draw a digit.";
  }

  // Show the answer that the network gave for this digit when the site was built, which doesn't need the weights.
  function showStored() {
    host.classList.remove("tb-draw--empty");
    const digit = prepare(sheet.ink(), SIDE);
    stored.pixels = Float32Array.from(digit, (pixel) => pixel / 255);
    view.showSeen(digit);
    bars.show(stored.probabilities);
    part("answer").textContent = answerTo(stored.probabilities);
  }

  function say(text) {
    part("said").textContent = text;
  }

  /** Load the network, but only once; after a failure, the reader can try again. */
  async function wake() {
    if (asked) return;
    asked = true;
    host.classList.remove("tb-draw--failed");
    host.classList.add("tb-draw--fetching");
    if (onSlowLine()) {
      host.classList.add("tb-draw--second-first"); // on a phone, its answer is next to the drawing and stays there
      await second.start(); // its file is a quarter as long, so it answers while the first network is still loading
    }
    try {
      const progress = showProgress(part("progress"), part("left"), Number(bytes));
      network = await fetchWeights(WEIGHTS, { bytes: Number(bytes), sha256 }, progress);
      stored = null;
      host.classList.add("tb-draw--ready");
      look(true);
    } catch (error) {
      asked = false;
      host.classList.add("tb-draw--failed");
      part("failure").textContent = problemOf(error);
    }
    host.classList.remove("tb-draw--fetching");
    host.dispatchEvent(new Event("fetched")); // the page may load everything else now
  }

  const { put } = control(host, sheet, { look, say });
  part("again").addEventListener("click", () => {
    part("canvas").focus(); // the button is about to disappear
    wake();
  });
  whenWanted(host, wake);
  const redraw = () => {
    sheet.redraw();
    if (stored) showStored();
    else look(true);
  };
  new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  matchMedia("(forced-colors: active)").addEventListener("change", redraw);
  if (stored) {
    put(stored.strokes);
    showStored();
  } else look(false);
}

// The weights are 814 kB, so they are loaded only when the reader touches the box, or when it is in view and the reader
// has done something: a page that has only been opened loads nothing. If the reader wants to save data, only a touch
// counts.
function whenWanted(host, wake) {
  for (const touch of ["pointerenter", "pointerdown", "focusin"]) host.addEventListener(touch, wake, { once: true });
  if (navigator.connection?.saveData) return;
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    wake();
  });
  const signs = ["scroll", "pointermove", "pointerdown", "keydown"];
  const start = () => {
    for (const sign of signs) removeEventListener(sign, start);
    seen.observe(host);
  };
  if (scrollY > 0) start();
  else for (const sign of signs) addEventListener(sign, start, { passive: true });
}
