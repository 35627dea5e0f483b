// Chapter 9: the reader's own photo, the chapter's steps on it, and both networks' answers. Nothing leaves the page.

import { centred, cutOut, small } from "../drawing/preparation.js";
import { SURE, percent, ranked } from "../drawing/prediction-view.js";
import { fetchHandwriting } from "../drawing/both-networks.js";
import { fetchWeights } from "../drawing/weights.js";
import { fetchFile } from "../fetch-file.js";
import { FileError, problemOf } from "../file-errors.js";
import { forward } from "../forward-pass.js";
import { forwardHandwriting } from "../handwriting-network.js";
import { Panel, button, html, sheet, svg, text } from "./shared-controls.js";
import { findInk } from "./find-ink.js";
import { readPhoto } from "./read-photo.js";

const EXAMPLE = new URL("../../assets/photo.jpg", import.meta.url);
const WEIGHTS = new URL("../../results/weights.safetensors", import.meta.url);
// How long each one's file is, and how it is loaded and asked, given what the page says about the files.
const NETWORKS = [
  {
    name: "chapter 2's network",
    length: ({ bytes }) => Number(bytes),
    load: ({ bytes, sha256 }, progress) => fetchWeights(WEIGHTS, { bytes: Number(bytes), sha256 }, progress),
    answer: (pixels, network) => forward(pixels, network).probabilities,
  },
  {
    name: "the handwriting network",
    length: ({ handwritingBytes }) => Number(handwritingBytes),
    load: fetchHandwriting,
    answer: forwardHandwriting,
  },
];
const STEPS = ["the photo", "grey", "ink", "cut out", "scaled", "centred"];
const PREVIEW = 280; // pixels of the longer side of a photo's preview

/** Prepare a file as `load_drawing` does. Returns all steps; the last, `digit`, has 784 pixels from 0 to 255. */
export async function prepare(file) {
  const { bitmap, picture } = await readPhoto(file);
  const ink = findInk(picture);
  if (!ink)
    throw new FileError(`${file.name ?? "The picture"} is blank: a drawing needs ink that stands out from its background.`);
  const cut = cutOut(ink.values, ink.width, ink.places);
  const scaled = small(cut);
  return { bitmap, picture, ink, cut, scaled, digit: centred(scaled) };
}

export function build(host) {
  const canvases = STEPS.map((step, place) =>
    html("canvas", { role: "img", "aria-label": step, class: place > 1 && "tb-live__ink", width: 1, height: 1 }),
  );
  const gallery = html(
    "div",
    { class: "tb-live__gallery" },
    ...canvases.map((canvas, place) =>
      html("figure", {}, canvas, html("figcaption", {}, `${place + 1}. ${STEPS[place]}`)),
    ),
  );
  const bars = sheet(360, 246);
  const input = html("input", {
    type: "file",
    accept: "image/*",
    change: () => input.files.length && take(input.files[0]),
  });
  const again = button("Try again", () => retry());
  again.hidden = true;
  const panel = new Panel(host, {
    label: "Your own photo",
    drawing: gallery,
    controls: [
      html(
        "label",
        { class: "tb-live__field" },
        html("span", {}, "A photo of one digit: choose a file, take a photo, or drop one here"),
        input,
      ),
      html("div", { class: "tb-live__buttons" }, button("Use the chapter's photo", example), again),
      bars,
      html("p", {}, "The photo stays in your browser. Nothing is uploaded."),
    ],
  });
  const loaded = []; // in the order of NETWORKS
  let retry;
  let latest = 0; // if there are several photos, only the last one is answered

  host.addEventListener("dragover", (event) => event.preventDefault());
  host.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) take(file);
    else panel.say("What you dropped here is not a file.", true);
  });

  async function example() {
    try {
      take(new File([await fetchFile(EXAMPLE, "The chapter's photo")], "photo.jpg"));
    } catch (error) {
      fail(error);
    }
  }

  async function take(file) {
    const mine = ++latest;
    panel.say(`Reading ${file.name}.`);
    clear(); // the current display belongs to an earlier photo
    offer(null);
    try {
      const steps = await prepare(file);
      if (mine !== latest) return;
      show(steps);
      await ask(
        Float32Array.from(steps.digit, (value) => value / 255),
        () => mine === latest,
      );
    } catch (error) {
      if (mine === latest) fail(error);
    }
  }

  // Each network is loaded when it is first needed, the smaller first: on a slow connection, it has answered long before
  // the other one is there. An answer stays if the other network can't be loaded.
  async function ask(pixels, wanted) {
    const answers = [];
    const problems = new Set();
    const said = (more) => {
      const sentences = answers.map((probabilities, place) => answerOf(NETWORKS[place].name, probabilities));
      return [...sentences.filter(Boolean), ...more].join(" ");
    };
    for (const place of [...NETWORKS.keys()].sort((a, b) => length(a) - length(b))) {
      const { name, load, answer } = NETWORKS[place];
      const report = (came) => {
        if (!wanted()) return;
        const start = answers.length ? [] : ["Your digit is ready."];
        panel.say(said([...start, `Loading ${name}: ${Math.round((100 * came) / length(place))}%.`]));
      };
      try {
        if (!loaded[place]) report(0);
        loaded[place] ??= await load(host.dataset, report);
      } catch (error) {
        problems.add(problemOf(error));
      }
      if (!wanted()) return;
      if (loaded[place]) answers[place] = answer(pixels, loaded[place]);
      bars.replaceChildren(...tenBars(answers));
    }
    panel.say(said(problems), problems.size > 0);
    offer(problems.size ? () => ask(pixels, wanted) : null);
  }

  const length = (place) => NETWORKS[place].length(host.dataset);

  // Show the button that loads again what could not be loaded, or hide it.
  function offer(action) {
    retry = action;
    if (!action && document.activeElement === again) input.focus(); // it is about to disappear
    again.hidden = !action;
  }

  function fail(error) {
    const unforeseen = `The photo could not be read: ${error.message}.`; // such as a lack of memory
    panel.say(error instanceof FileError ? error.message : unforeseen, true);
  }

  function clear() {
    for (const canvas of canvases) canvas.width = canvas.height = 1;
    bars.replaceChildren(...tenBars([]));
  }

  function show({ bitmap, picture, ink, cut, scaled, digit }) {
    const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height));
    [canvases[0].width, canvases[0].height] = [bitmap.width, bitmap.height].map((length) =>
      Math.max(1, Math.round(length * scale)),
    );
    const context = canvases[0].getContext("2d");
    context.fillStyle = picture.ground; // behind transparent pixels
    context.fillRect(0, 0, canvases[0].width, canvases[0].height);
    context.drawImage(bitmap, 0, 0, canvases[0].width, canvases[0].height);
    paint(canvases[1], picture.values, picture.width, (value) => [value, value, value, 255]);
    const inks = [
      [ink.values, ink.width],
      [cut.ink, cut.width],
      [scaled.ink, scaled.width],
      [digit, 28],
    ];
    // Black ink on a transparent background: the style sheet adds the paper, and inverts both on a dark page.
    inks.forEach(([values, width], place) => paint(canvases[place + 2], values, width, (value) => [0, 0, 0, value]));
    bitmap.close();
  }

  clear();
  panel.say("Write one large digit with a thick pen on plain paper, and take a photo of it.");
}

function paint(canvas, values, width, colour) {
  [canvas.width, canvas.height] = [width, values.length / width];
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, place) => image.data.set(colour(value), 4 * place));
  context.putImageData(image, 0, 0);
}

function answerOf(name, probabilities) {
  const [first, second] = ranked(probabilities);
  const start = `${name[0].toUpperCase()}${name.slice(1)}`;
  if (probabilities[first] > SURE) return `${start} says ${first}, ${percent(probabilities[first])} sure.`;
  return `${start} is not sure: ${first} or ${second}.`;
}

// A bar for each digit, in a column for each network; the column of a missing answer is empty.
function tenBars(answers) {
  const room = 173;
  const columns = NETWORKS.map(({ name }, column) => {
    const probabilities = answers[column];
    const [x, width, end] = [26 + room * column, room - 66, 12 + room * (column + 1)];
    const rows = Array.from({ length: 10 }, (_, digit) => {
      const y = 32 + 22 * digit;
      const best = probabilities && ranked(probabilities)[0] === digit;
      const share = probabilities?.[digit] ?? 0;
      const bar = (kind, long) => svg("rect", { class: kind, x, y: y - 7, width: long, height: 14, rx: 2 });
      return [
        bar("tb-box", width),
        bar(`tb-live__bar ${best ? "tb-live__bar--right" : ""}`, width * share),
        text(end, y, probabilities ? percent(share) : "", {
          kind: best ? "tb-text tb-strong" : "tb-text",
          anchor: "end",
          size: 13,
        }),
      ];
    });
    return [text(x, 10, name.replace("the ", ""), { anchor: "start", size: 13 }), ...rows.flat()];
  });
  const digits = Array.from({ length: 10 }, (_, digit) => text(10, 32 + 22 * digit, `${digit}`, { size: 13 }));
  return [...digits, ...columns.flat()];
}
