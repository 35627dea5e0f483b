// The panel's worker: it has the network and does everything that takes time, so the page never waits.

import { TEST, fetchDigits } from "../sample-digits.js";
import { FileError } from "../file-errors.js";
import { Curves } from "./curve-points.js";
import { SHOWN } from "./settings.js";
import { Trainer, largestSlope, pixelsOf, scores } from "./trainer.js";

const SLICE = 25; // milliseconds of learning between two looks at the page's messages
const PAUSE = 33; // the least number of milliseconds between two reports: thirty per second
const channel = new MessageChannel();
// Spread over the test set.
const SHOWN_TESTS = Uint16Array.from({ length: SHOWN.tests }, (_, n) => Math.floor(TEST / SHOWN.tests) * n);

let digits;
let trainer;
let session; // the number of this start, given by the page
let curves;
let drawing = null; // the reader's digit
let running = false;
let coming = false; // whether a turn is scheduled
let slowly = false;
let until = 0; // the epoch to pause at
let reported = 0; // when
let unread = false; // whether the page has not drawn the last report yet
let clock; // when and at which digit the current run started
let last = Promise.resolve();

// The page's messages are handled in order, even while the digits are still loading.
onmessage = ({ data }) => {
  last = last.then(() => actions[data.kind](data)).catch((error) => {
    if (error instanceof FileError) postMessage({ kind: "failure", message: error.message });
    else setTimeout(() => { throw error; }); // so that the page gets an error event
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
        images: Uint8Array.from(batch.pixels.slice(0, SHOWN.batch).flat(), (pixel) => Math.round(pixel * 255)),
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
  if (!running) report(); // the network has finished, or has blown up
  else if (!unread && performance.now() - reported >= PAUSE) report();
  if (running) goOn();
}

// Continue once the page's messages in the meantime have been handled.
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
    units: trainer.units(SHOWN.units),
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
