// "Watch it learn": connects the worker, which has the network, with what the reader sees and sets.

import { control } from "../drawing/controls.js";
import { Bars, colourOf, paint, percent, picture } from "../drawing/prediction-view.js";
import { prepare } from "../drawing/preparation.js";
import { SIDE, Sheet } from "../drawing/sheet.js";
import { html } from "../live/shared-controls.js";
import { Chart } from "./chart.js";
import { FourSteps } from "./four-steps.js";
import {
  DEFAULTS, EXPERIMENTS, OF_THE_START, OTHER_EPOCHS, SHOWN, complete, fromSlider, fromWords, toSlider, toWords,
} from "./settings.js";
import { template } from "./template.js";

const ADDRESS = "#learn=";
const PIXELS = 784;
const REST = 100; // milliseconds between two pictures of the units while the network learns: nobody could follow more
const SAID = 5000; // milliseconds between two summaries for screen readers
const SILENT = 15_000; // milliseconds after which a worker that should be learning is considered dead
const INVITATION = "are shown with their numbers when you press “One step”.";
const thousands = (number) => Math.round(number).toLocaleString("en");

export function build(host) {
  host.innerHTML = template(document.querySelectorAll(".tb-draw__canvas").length);
  new Panel(host);
}

class Panel {
  #part;
  #settings = { ...DEFAULTS };
  #experiment = EXPERIMENTS[0];
  #unknown = []; // words in the address that are not settings
  #seed = 0;
  #worker = null;
  #playing = false; // whether the reader has pressed Play
  #away = false; // whether the panel is out of sight
  #over = false; // whether the network has blown up or the worker is dead
  #run = EXPERIMENTS[0].epochs;
  #until = EXPERIMENTS[0].epochs;
  #report = null; // the last one
  #born = null; // the units' initial weights
  #waiting = []; // reports that have not been drawn yet
  #drawing = null; // the reader's digit
  #charts;
  #units;
  #tests = [];
  #bars;
  #four;
  #sheet;
  #saidAt = 0;
  #drawnAt = 0; // when the units were drawn
  #watch;

  constructor(host) {
    this.host = host;
    this.#part = (name) => host.querySelector(`.tb-learn__${name}`);
    this.#charts = [
      new Chart(host.querySelector(".tb-learn__curve--loss .tb-learn__drawing"), "loss"),
      new Chart(host.querySelector(".tb-learn__curve--accuracy .tb-learn__drawing"), "accuracy", { at: 0.1, name: "guessing" }),
    ];
    this.#units = Array.from({ length: SHOWN.units }, () => picture(this.#part("pictures")));
    this.#bars = new Bars(host.querySelector(".tb-draw__bars"));
    this.#four = new FourSteps(this.#part("four"));
    this.#four.rest(INVITATION);
    this.#meet({ images: [], labels: Array(SHOWN.tests).fill(null), units: null }); // their places
    this.#sheet = new Sheet(host.querySelector(".tb-draw__canvas"));
    control(host, this.#sheet, { look: () => this.#look(), say: (text) => this.#say(text) });
    this.#listen();
    if (this.#isFirst) this.#fromAddress();
    this.#show();
    this.#look();
    if ("asked" in host.dataset) this.#play();
  }

  #listen() {
    this.#part("play").addEventListener("click", () => (this.#playing ? this.#pause() : this.#play()));
    this.#part("step").addEventListener("click", () => this.#step());
    this.#part("reset").addEventListener("click", () => this.#reset());
    this.#part("slow").addEventListener("change", () => this.#tell({ kind: "pace", slow: this.#slow }));
    this.#part("born").addEventListener("change", () => this.#report && this.#drawUnits(this.#report.units));
    for (const button of this.host.querySelectorAll("[data-experiment]")) {
      button.addEventListener("click", () => this.#choose(EXPERIMENTS[button.dataset.experiment]));
    }
    for (const knob of this.host.querySelectorAll("[data-knob]")) {
      knob.addEventListener("input", () => this.#turn(knob.dataset.knob, knob.value));
    }
    // The address and the buttons in the text control only the first panel on a page.
    if (this.#isFirst) {
      addEventListener("hashchange", () => this.#fromAddress());
      this.host.addEventListener("asked", () => {
        this.#fromAddress();
        this.#start();
        this.#part("play").focus({ preventScroll: true });
        this.#play();
      });
    }
    const seen = new IntersectionObserver(([entry]) => this.#leave({ scrolled: !entry.isIntersecting }));
    seen.observe(this.host);
    document.addEventListener("visibilitychange", () => this.#leave({ hidden: document.hidden }));
    const redraw = () => {
      this.#sheet.redraw();
      this.#paintTests();
      if (this.#report) this.#drawUnits(this.#report.units);
    };
    new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    matchMedia("(forced-colors: active)").addEventListener("change", redraw);
  }

  get #isFirst() {
    return document.querySelector(`[data-address="${this.host.dataset.address}"]`) === this.host;
  }

  get #slow() {
    return this.#part("slow").querySelector("input").checked;
  }

  // Settings

  #choose(experiment) {
    this.#experiment = experiment;
    this.#settings = fromWords(experiment.words).settings;
    this.#toAddress();
    this.#start();
    this.#play();
  }

  #turn(name, value) {
    const rate = (place) => Number(fromSlider(place).toPrecision(2));
    const read = { rate, shuffled: Number, batch: Number, units: Number }[name] ?? String;
    const settings = complete({ ...this.#settings, [name]: read(value) });
    if (toWords(settings) === toWords(this.#settings)) return;
    this.#settings = settings;
    this.#experiment = this.#known();
    this.#toAddress();
    if (OF_THE_START.includes(name)) {
      const again = this.#playing;
      this.#start();
      if (again) this.#play();
    } else {
      this.#tell({ kind: "change", settings });
      this.#show();
    }
  }

  #known() {
    return EXPERIMENTS.find(({ words }) => words === toWords(this.#settings)) ?? null;
  }

  #toAddress() {
    this.#unknown = [];
    history.replaceState(history.state, "", ADDRESS + toWords(this.#settings));
  }

  #fromAddress() {
    if (!location.hash.startsWith(ADDRESS)) return;
    const words = decodeURIComponent(location.hash.slice(ADDRESS.length));
    if (words === toWords(this.#settings)) return;
    const { settings, unknown } = fromWords(words);
    this.#settings = settings;
    this.#unknown = unknown;
    this.#experiment = this.#known();
    if (this.#worker) this.#start();
    this.#show();
  }

  // Controls

  #play() {
    this.#hire();
    if (this.#over) return;
    if (this.#report && this.#report.epoch >= this.#until) this.#until += this.#run;
    this.#playing = true;
    this.#four.rest("go by too fast to read: press “One step”.");
    this.#tell({ kind: "pace", slow: this.#slow });
    this.#tell({ kind: "run", on: !this.#away, to: this.#until });
    this.#watchOver();
    this.#show();
  }

  #pause() {
    this.#playing = false;
    this.#four.rest(INVITATION);
    this.#tell({ kind: "run", on: false });
    this.#show();
  }

  #step() {
    this.#playing = false;
    this.#hire();
    if (this.#over) return;
    this.#four.finish();
    this.#tell({ kind: "step" });
    this.#watchOver();
    this.#show();
  }

  #reset() {
    this.#seed += 1; // different random numbers
    const needed = this.#worker !== null || this.#over;
    this.#start();
    if (needed) this.#hire();
    this.#say("Reset: the network has learned nothing yet.");
  }

  /** Start again with the current settings; nothing runs until the reader says so. */
  #start() {
    this.#playing = false;
    if (this.#over) this.#dismiss();
    this.#over = false;
    this.#run = this.#experiment?.epochs ?? OTHER_EPOCHS;
    this.#until = this.#run;
    this.#report = null;
    this.#waiting = [];
    this.#four.rest(INVITATION);
    this.#part("trouble").hidden = true;
    for (const chart of this.#charts) chart.clear();
    if (this.#worker) this.#begin();
    this.#show();
  }

  #leave(how) {
    Object.assign((this.leaving ??= {}), how);
    const away = Object.values(this.leaving).some(Boolean);
    if (away === this.#away) return;
    this.#away = away;
    if (this.#playing) this.#tell({ kind: "run", on: !away, to: this.#until });
    if (away) clearTimeout(this.#watch);
    else this.#watchOver();
  }

  // The worker.

  #hire() {
    if (this.#worker) return;
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return;
      this.#watchOver();
      this.#hear(data);
    };
    worker.onerror = worker.onmessageerror = (event) => {
      event.preventDefault?.();
      if (worker === this.#worker) this.#die(event.message ? `It stopped with “${event.message}”.` : "The program could not be loaded.");
    };
    this.#worker = worker;
    this.#over = false;
    this.#begin();
  }

  #begin() {
    this.#four.finish();
    this.#session = (this.#session ?? 0) + 1;
    this.#tell({ kind: "start", session: this.#session, settings: this.#settings, seed: this.#seed, run: this.#run });
    this.#tell({ kind: "look", pixels: this.#drawing });
  }

  #session;

  #tell(message) {
    this.#worker?.postMessage(message);
  }

  #dismiss() {
    this.#worker?.terminate();
    this.#worker = null;
    clearTimeout(this.#watch);
  }

  // If the browser ends a worker, there is no event.
  #watchOver() {
    clearTimeout(this.#watch);
    if (!this.#playing || this.#away || !this.#report) return;
    this.#watch = setTimeout(() => this.#die("It no longer responds."), SILENT);
  }

  #die(why) {
    this.#stop(`The training program has ended. ${why} Press Reset to start it again.`);
    this.#dismiss();
  }

  #stop(message) {
    this.#playing = false;
    this.#over = true;
    this.#part("fetching").hidden = true;
    this.#part("trouble").textContent = message;
    this.#part("trouble").hidden = false;
    this.#show();
  }

  #hear(message) {
    if (message.kind === "progress") {
      this.#part("fetching").hidden = false;
      const progress = this.#part("fetching").querySelector("progress");
      if (message.total) [progress.max, progress.value] = [message.total, message.bytes];
    } else if (message.kind === "failure") {
      this.#stop(`${message.message} Press Reset to try again.`);
      this.#dismiss();
    } else if (message.kind === "answer") {
      this.#answer(message.answer);
    } else if (message.session === this.#session) {
      this.#part("fetching").hidden = true;
      if (message.images) this.#meet(message);
      this.#waiting.push(message);
      if (this.#waiting.length === 1) requestAnimationFrame(() => this.#catchUp());
    }
  }

  // Draw everything reported since the last frame, and let the worker report again.
  #catchUp() {
    if (this.#waiting.length === 0) return;
    const reports = this.#waiting;
    this.#waiting = [];
    for (const { points } of reports) for (const chart of this.#charts) chart.grow(points);
    const report = { ...this.#report, ...reports.at(-1), points: undefined };
    const steps = reports.find(({ step }) => step)?.step;
    this.#report = report;
    this.#tell({ kind: "drawn" });
    if (steps) this.#four.show(steps, () => this.#draw(report));
    else this.#draw(report);
    if (!report.finite) {
      this.#stop(
        `The network has blown up at step ${thousands(report.steps)}: its weights are no longer numbers (NaN). At a ` +
          `learning rate of ${this.#settings.rate}, each step overshot by more than the one before. Choose a smaller rate ` +
          "and press Reset.",
      );
      this.#say(this.#part("trouble").textContent);
    } else if (this.#playing && !report.running && report.epoch >= report.until) {
      this.#playing = false;
      this.#four.rest(INVITATION);
      this.#show();
      this.#sayAll(`${this.#summary} Training has paused; press Play to continue.`);
    } else if (!report.running || performance.now() - this.#saidAt > SAID) {
      if (report.steps) this.#sayAll(this.#summary);
    }
  }

  // Display

  #meet({ images, labels, units }) {
    this.#born = units;
    this.#tests = labels.map((label, n) => {
      const item = html("div", { class: "tb-learn__answer", role: "listitem" });
      const context = picture(item);
      const said = html("span", {}, "\u00a0");
      item.append(said);
      return { item, context, said, pixels: images[n], label };
    });
    this.#part("answers").replaceChildren(...this.#tests.map(({ item }) => item));
    this.#paintTests();
  }

  #paintTests() {
    const ink = colourOf(this.#part("answers"));
    for (const { context, pixels } of this.#tests) if (pixels) paint(context, (i) => [ink, pixels[i]]);
  }

  #draw(report) {
    this.#count(report);
    for (const chart of this.#charts) chart.draw(this.#until);
    this.#values();
    if (!report.running || performance.now() - this.#drawnAt > REST) this.#drawUnits(report.units);
    this.#drawTests(report.tests);
    this.#answer(report.answer);
  }

  #count({ steps, epoch, speed }) {
    const set = (name, value) => (this.host.querySelector(`[data-count="${name}"]`).textContent = value);
    set("steps", thousands(steps));
    set("epoch", epoch.toFixed(1));
    const known = speed && this.#playing;
    if (known) set("speed", thousands(Number(speed.toPrecision(2))));
    this.host.querySelector('[data-count="speed"]').parentElement.hidden = !known;
  }

  #values() {
    this.#charts.forEach((chart) => {
      const figure = this.host.querySelector(`.tb-learn__curve--${chart.what}`);
      const shown = (value) => (value === undefined ? "–" : chart.what === "loss" ? value.toFixed(value < 10 ? 2 : 1) : percent(value));
      for (const name of ["training", "test"]) figure.querySelector(`[data-value="${name}"]`).textContent = shown(chart.last(name));
    });
  }

  // What the units have learned is their current weights minus their initial weights.
  #drawUnits(weights) {
    this.#drawnAt = performance.now();
    const born = this.#part("born").querySelector("input").checked ? undefined : this.#born;
    const [wanted, unwanted] = ["wanted", "unwanted"].map((name) => colourOf(this.host.querySelector(`.tb-draw__${name}`)));
    this.#units.forEach((context, unit) => {
      const start = unit * PIXELS;
      const pixels = weights.slice(start, start + PIXELS);
      if (born) pixels.forEach((weight, i) => { pixels[i] = weight - born[start + i]; });
      const largest = pixels.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
      paint(context, (i) => [pixels[i] > 0 ? wanted : unwanted, (255 * Math.abs(pixels[i])) / largest]);
    });
  }

  #drawTests(probabilities) {
    let right = 0;
    this.#tests.forEach(({ item, said, label }, n) => {
      const shares = probabilities[n];
      const answer = shares.indexOf(Math.max(...shares));
      const mark = answer === label ? "✓" : "✗";
      right += answer === label;
      const words = answer < 0 ? "✗ NaN" : `${mark} ${answer}`;
      if (said.textContent === words) return;
      said.textContent = words;
      item.classList.toggle("tb-learn__answer--wrong", answer !== label);
      item.setAttribute("aria-label", `a ${label}: the network says ${answer < 0 ? "nothing" : answer}`);
    });
    this.#part("score").textContent = String(right);
  }

  #answer(probabilities) {
    // A report may still have been on its way when the digit was cleared.
    const known = this.#drawing && probabilities && Number.isFinite(probabilities[0]);
    const best = known ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    this.#bars.show(known ? probabilities : null);
    this.host.querySelector(".tb-draw__answer").textContent = known
      ? `The network now says ${best}, and is ${percent(probabilities[best])} sure.`
      : this.#drawing && !this.#worker
        ? "Press Play: the network reads your digit while it learns."
        : "Draw a digit: what does the network say now?";
  }

  #look() {
    const digit = this.#sheet.empty ? null : prepare(this.#sheet.ink(), SIDE);
    this.host.classList.toggle("tb-draw--empty", this.#sheet.empty);
    this.#drawing = digit && Array.from(digit, (pixel) => pixel / 255);
    this.#tell({ kind: "look", pixels: this.#drawing });
    if (!this.#worker || !digit) this.#answer(null);
  }

  #show() {
    const { rate, shuffled } = this.#settings;
    this.host.querySelectorAll("[data-experiment]").forEach((button, i) => {
      button.setAttribute("aria-pressed", EXPERIMENTS[i] === this.#experiment);
    });
    this.#part("question").textContent = this.#unknown.length
      ? `The address contains unknown settings: ${this.#unknown.join(", ")}.`
      : (this.#experiment?.look ?? "These are your own settings. What do you expect?");
    const [sign, word] = this.#part("play").children;
    sign.textContent = this.#playing ? "❚❚" : "▶";
    word.textContent = this.#playing ? "Pause" : "Play";
    for (const knob of this.host.querySelectorAll("[data-knob]")) {
      const value = this.#settings[knob.dataset.knob];
      knob.value = knob.dataset.knob === "rate" ? toSlider(value) : value;
    }
    const words = { rate: String(rate), shuffled: `${shuffled}%` };
    for (const output of this.host.querySelectorAll("[data-shows]")) output.textContent = words[output.dataset.shows];
    this.host.querySelector('[data-knob="rate"]').setAttribute("aria-valuetext", words.rate);
    this.#part("link").href = ADDRESS + toWords(this.#settings);
    this.host.classList.toggle("tb-learn--playing", this.#playing);
    this.#count(this.#report ?? { steps: 0, epoch: 0 });
    if (this.#report) return;
    for (const chart of this.#charts) chart.draw(this.#until);
    this.#values();
  }

  get #summary() {
    const { steps, epoch } = this.#report;
    const [loss, accuracy] = this.#charts;
    const share = (name) => percent(accuracy.last(name) ?? 0);
    return (
      `Step ${thousands(steps)}, epoch ${epoch.toFixed(1)}: training accuracy ${share("training")}, test accuracy ` +
      `${share("test")}, test loss ${(loss.last("test") ?? 0).toFixed(2)}.`
    );
  }

  #say(text) {
    this.#part("said").textContent = text;
  }

  /** Announce a summary, and use it as the curves' label, too. */
  #sayAll(text) {
    this.#saidAt = performance.now();
    this.#say(text);
    for (const { what } of this.#charts) {
      const drawing = this.host.querySelector(`.tb-learn__curve--${what} .tb-learn__drawing`);
      drawing.setAttribute("aria-label", `Two ${what} curves, one for the training digits and one for the test digits. ${text}`);
    }
  }
}
