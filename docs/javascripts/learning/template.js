// The parts of the panel. None of this comes from the reader's input, so it can be written as HTML.

import { TEST, TRAIN } from "../sample-digits.js";
import { EXPERIMENTS, RANGES, toSlider } from "./settings.js";

const NAMES = { rmsprop: "RMSprop", sgd: "SGD" };
const options = (values, names = {}) =>
  values.map((value) => `<option value="${value}">${names[value] ?? value}</option>`).join("");
const key = (name) => `<svg viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4h24" class="tb-learn__line
  tb-learn__line--${name}"/></svg>`;
const curve = (what, title) => `
  <figure class="tb-learn__curve tb-learn__curve--${what}">
    <figcaption><strong>${title}</strong>
      <span class="tb-learn__value">${key("training")} training <b data-value="training">–</b></span>
      <span class="tb-learn__value">${key("test")} test <b data-value="test">–</b></span></figcaption>
    <div class="tb-learn__drawing" role="img" aria-label="${title}: nothing learned yet"></div>
  </figure>`;

export const template = (number) => `
<div class="tb-learn__panel" role="group" aria-label="Watch it learn">
  <div class="tb-learn__experiments" role="group" aria-label="Experiments">
    ${EXPERIMENTS.map(({ name }, i) => `<button type="button" data-experiment="${i}">${name}</button>`).join("")}
  </div>
  <p class="tb-learn__question"></p>
  <div class="tb-learn__controls" role="group" aria-label="Learning">
    <button type="button" class="tb-learn__play"><span aria-hidden="true">▶</span> <span>Play</span></button>
    <button type="button" class="tb-learn__step">One step</button>
    <button type="button" class="tb-learn__reset">Reset</button>
    <label class="tb-learn__slow"><input type="checkbox"> Slowly</label>
    <p class="tb-learn__count"><span>step <b data-count="steps">0</b></span> <span>epoch <b data-count="epoch">0</b></span>
      <span hidden><b data-count="speed"></b> digits per second</span></p>
  </div>
  <label class="tb-learn__fetching" hidden>Loading ${(TRAIN + TEST).toLocaleString("en")} digits <progress></progress></label>
  <div class="tb-learn__trouble" role="alert" hidden></div>
  <div class="tb-learn__curves">${curve("loss", "Loss")}${curve("accuracy", "Accuracy")}</div>
  <div class="tb-learn__inside">
    <figure class="tb-learn__units"><figcaption><strong>Sixteen hidden units</strong> and what they have learned to
      respond to: <span class="tb-draw__wanted">ink here</span>, <span class="tb-draw__unwanted">no ink
      here</span></figcaption>
      <div class="tb-learn__pictures" role="img" aria-label="The weights of sixteen hidden units"></div>
      <label class="tb-learn__born"><input type="checkbox"> include the random weights they started from</label></figure>
    <figure class="tb-learn__tests"><figcaption><strong>Twelve test digits</strong>, read correctly: <span
      class="tb-learn__score">none yet</span></figcaption>
      <div class="tb-learn__answers" role="list" aria-label="Twelve test digits"></div></figure>
    <section class="tb-learn__own" aria-label="Your own digit">
      <p class="tb-draw__answer"></p>
      <div class="tb-draw__paper">
        <canvas class="tb-draw__canvas" tabindex="0" role="application" aria-roledescription="drawing box"
          aria-label="Draw a digit here" aria-describedby="tb-learn-keys-${number}"></canvas>
        <span class="tb-draw__hint" aria-hidden="true">Draw a digit</span>
        <span class="tb-draw__pen" aria-hidden="true"></span>
      </div>
      <div class="tb-draw__bars" role="list" aria-label="Probability of each digit"></div>
      <div class="tb-draw__buttons" role="group" aria-label="Drawing">
        <button type="button" class="tb-draw__show">Show me</button>
        <button type="button" class="tb-draw__undo">Undo</button>
        <button type="button" class="tb-draw__clear">Clear</button>
      </div>
      <p class="tb-visually-hidden" id="tb-learn-keys-${number}">With the keyboard: the arrow keys move the pen, Space sets it
        down and lifts it, Backspace undoes, Delete clears.</p>
    </section>
  </div>
  <section class="tb-learn__four" aria-label="The four steps">
    <p><strong>The four steps</strong> on one batch <span class="tb-learn__hint"></span></p>
    <ol>
      <li data-part="draw"><strong>Draw a batch</strong><span></span><div class="tb-learn__batch"></div></li>
      <li data-part="forward"><strong>Forward pass</strong><span></span></li>
      <li data-part="loss"><strong>Loss</strong><span></span></li>
      <li data-part="update"><strong>Update</strong><span></span></li>
    </ol>
  </section>
  <fieldset class="tb-learn__knobs">
    <legend>Settings</legend>
    <label><span>Learning rate</span> <span data-shows="rate"></span>
      <input type="range" data-knob="rate" min="${toSlider(RANGES.rate.least)}" max="${toSlider(RANGES.rate.most)}" step="1"></label>
    <label><span>Shuffled labels</span> <span data-shows="shuffled"></span>
      <input type="range" data-knob="shuffled" min="${RANGES.shuffled.least}" max="${RANGES.shuffled.most}" step="5"></label>
    <label><span>Batch size</span> <select data-knob="batch">${options(RANGES.batch)}</select></label>
    <label><span>Hidden units</span> <select data-knob="units">${options(RANGES.units)}</select></label>
    <label><span>Activation</span> <select data-knob="activation">${options(RANGES.activation)}</select></label>
    <label><span>Optimizer</span> <select data-knob="optimizer">${options(RANGES.optimizer, NAMES)}</select></label>
    <p>You can change the learning rate, the batch size and the optimizer during training. Changing any other setting restarts it.
      <a class="tb-learn__link" href="#learn=chapter-2">Link to these settings</a></p>
  </fieldset>
  <p class="tb-visually-hidden tb-learn__said" role="status"></p>
</div>`;
