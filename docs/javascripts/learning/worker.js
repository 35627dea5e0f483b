// The worker of the panel: it has the network, and does everything that takes time, so that the page never waits.

import { fetchDigits } from "../digits.js";
import { FileError } from "../download.js";
import { Curves } from "./curves.js";
import { Trainer, largestSlope, pixelsOf, scores } from "./trainer.js";

const SLICE = 25; // milliseconds of learning, then a look at what the page has said
const PAUSE = 33; // milliseconds between two reports at least: thirty a second
const UNITS = 16;
const TESTED = 12;
const SHOWN = 8; // digits of a batch that One step shows
const channel = new MessageChannel();
const SHOWN_TESTS = Uint16Array.from({ length: TESTED }, (_, n) => 83 * n); // spread over the test set

let digits;
let trainer;
let session; // which of the page's starts this is
let curves;
let drawing = null; // the reader's digit
let running = false;
let coming = false; // whether a turn is due
let slowly = false;
let until = 0; // the epoch to pause at
let reported = 0; // when
let unread = false; // whether the page has still to draw the last report
let clock; // when and where the present run started
let last = Promise.resolve();

// What the page says is done in its order, also while the digits are still being fetched.
onmessage = ({ data }) => {
  last = last.then(() => actions[data.kind](data)).catch((error) => {
    if (error instanceof FileError) postMessage({ kind: "failure", message: error.message });
    else setTimeout(() => { throw error; }); // the page hears of it
  });
};
channel.port1.onmessage = turn;

const actions = {
  async start({ settings, seed, run, session: now }) {
    running = false;
    digits ??= await fetchDigits((bytes, total) => postMessage({ kind: "progress", bytes, total }));
    trainer = new Trainer(digits, settings, seed);
    until = run;
    session = now;
    clock = undefined;
    curves = new Curves(trainer);
    const { images, labels } = digits.test;
    report({
      images: Array.from(SHOWN_TESTS, (n) => images.slice(784 * n, 784 * (n + 1))),
      labels: Array.from(SHOWN_TESTS, (n) => labels[n]),
    });
  },
  change({ settings }) {
    trainer?.change(settings);
  },
  run({ on, to }) {
    if (!trainer) return;
    until = to ?? until;
    clock = { time: performance.now(), seen: trainer.seen };
    running = on;
    if (on) goOn();
    else report();
  },
  pace({ slow }) {
    slowly = slow;
  },
  step() {
    running = false;
    if (!trainer) return;
    const batch = learn();
    const { loss } = scores(trainer.predict(batch.pixels), batch.labels);
    report({
      step: {
        images: Uint8Array.from(batch.pixels.slice(0, SHOWN).flat(), (pixel) => Math.round(pixel * 255)),
        labels: batch.labels,
        right: Array.from(batch.labels, (label, n) => batch.probabilities[n][label]),
        before: batch.loss,
        slope: largestSlope(trainer.network),
        after: loss,
      },
    });
  },
  look({ pixels }) {
    drawing = pixels;
    if (!running) postMessage({ kind: "answer", answer: answer() });
  },
  drawn() {
    unread = false;
  },
};

function turn() {
  coming = false;
  if (!running) return; // stopped in the meantime
  const end = performance.now() + (slowly ? 0 : SLICE);
  while (running) {
    learn();
    if (trainer.epoch >= until) running = false;
    if (performance.now() >= end) break;
  }
  if (!running) report(); // the network has learned enough, or is no more
  else if (!unread && performance.now() - reported >= PAUSE) report();
  if (running) goOn();
}

// Come back once what the page has said in the meantime is done.
function goOn() {
  if (coming) return;
  coming = true;
  if (slowly) setTimeout(turn, 250);
  else channel.port2.postMessage(null);
}

function learn() {
  const batch = curves.step();
  if (!Number.isFinite(batch.loss)) running = false;
  return batch;
}

function answer() {
  return drawing && trainer ? trainer.predict([drawing])[0] : null;
}

function report(more) {
  if (!running && !more?.step) curves.test();
  const { time, seen } = clock ?? { time: performance.now(), seen: trainer.seen };
  const tests = trainer.predict(pixelsOf(digits.test.images, SHOWN_TESTS));
  const seconds = (performance.now() - time) / 1000;
  postMessage({
    kind: "report",
    session,
    steps: trainer.steps,
    epoch: trainer.epoch,
    speed: seconds > 0.2 ? (trainer.seen - seen) / seconds : undefined,
    points: curves.take(),
    units: trainer.units(UNITS),
    tests,
    answer: answer(),
    finite: tests.flat().every(Number.isFinite),
    running,
    until,
    ...more,
  });
  reported = performance.now();
  unread = true;
}
