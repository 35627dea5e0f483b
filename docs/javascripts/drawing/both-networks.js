// The handwriting network beside chapter 2's: loaded and used only once the reader presses "Ask both".

import { problemOf } from "../file-errors.js";
import { forwardHandwriting } from "../handwriting-network.js";
import { Bars, verdict } from "./prediction-view.js";
import { fetchWeights, parseHandwriting, showProgress } from "./weights.js";

const WEIGHTS = new URL("../../results/handwriting-network.safetensors", import.meta.url);

/** Load the handwriting network; the host's dataset has the length of the file and its SHA-256. */
export function fetchHandwriting({ handwritingBytes, handwritingSha256 }, progress = () => {}) {
  const file = { bytes: Number(handwritingBytes), sha256: handwritingSha256 };
  return fetchWeights(WEIGHTS, file, progress, parseHandwriting);
}

/**
 * Offer to ask a second network. look is called when it has loaded, or is turned off.
 *
 * Returns two functions. start turns it on, as the button does, and resolves when it has loaded or failed. ask takes
 * the 784 pixels from 0 to 1, or null, shows the answer and returns it as a sentence, which is empty while it is off.
 */
export function offerSecond(host, look) {
  const part = (name) => host.querySelector(`.tb-draw__${name}`);
  const button = part("both");
  const bars = new Bars(part("second .tb-draw__bars"));
  let network = null;
  let fetching = false;

  async function fetchNetwork() {
    if (network || fetching) return;
    fetching = true;
    part("problem").textContent = "";
    host.classList.add("tb-draw--second-fetching");
    try {
      const bytes = Number(host.dataset.handwritingBytes);
      const progress = showProgress(part("second-progress"), part("second-left"), bytes);
      network = await fetchHandwriting(host.dataset, progress);
    } catch (error) {
      part("problem").textContent = `${problemOf(error)} Press “Ask both” to try again.`;
      turn(false);
    }
    fetching = false;
    host.classList.remove("tb-draw--second-fetching");
    look(true);
  }

  function turn(on) {
    button.setAttribute("aria-pressed", on);
    host.classList.toggle("tb-draw--both", on);
  }

  function start() {
    turn(true);
    return fetchNetwork();
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") turn(false);
    else start();
    look(true);
  });

  function ask(pixels) {
    if (!network || button.getAttribute("aria-pressed") !== "true") return "";
    const probabilities = pixels && forwardHandwriting(pixels, network);
    bars.show(probabilities);
    const answer = probabilities ? verdict(probabilities) : "";
    part("verdict").textContent = answer;
    return answer && `Handwriting network: ${answer.replace("Prediction: ", "").replace("Not sure: ", "not sure, ")}`;
  }

  return { start, ask };
}
