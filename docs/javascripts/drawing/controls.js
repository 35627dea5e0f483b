// What the reader can do with the sheet: draw with mouse, finger, pen or keys; see a digit drawn; undo, clear and save.

import { fetchFile } from "../fetch-file.js";
import { FileError, damaged } from "../file-errors.js";
import { onSlowLine } from "../lazy-load.js";
import { drawByKeys, drawByPointer } from "./pointer-and-keyboard.js";

const STROKES = new URL("../../assets/strokes.json", import.meta.url);
const SPEED = 0.5; // how far the pen of "Show me" moves in a millisecond
const LIFT = 120; // milliseconds from one stroke to the next

export function control(host, sheet, { look, say }) {
  const part = (name) => host.querySelector(`.tb-draw__${name}`);
  let shown = false; // whether the digit is from "Show me", and disappears when the reader starts to draw
  let showing = 0; // the number of the "Show me" that is running
  let hand = false; // whether the reader is drawing a stroke
  let next = 0;
  let strokes = null;

  const pen = {
    down(place) {
      stop();
      if (shown) sheet.clear();
      shown = false;
      hand = true;
      sheet.begin(place);
      look(false);
    },
    move(places) {
      if (!hand) return; // another finger has cleared the sheet meanwhile
      for (const place of places) sheet.extend(place);
      look(false);
    },
    up() {
      if (!hand) return;
      hand = false;
      sheet.end();
      look(true);
    },
  };
  drawByPointer(part("canvas"), pen);
  drawByKeys(part("canvas"), part("pen"), pen, { undo, clear, say });

  function stop() {
    showing++;
    hand = false;
  }

  function undo() {
    stop();
    shown = false;
    const found = sheet.undo();
    look(true);
    if (sheet.empty) say(found ? "The box is empty." : "There is nothing to undo.");
  }

  function clear() {
    stop();
    shown = false;
    sheet.clear();
    look(true);
    say("The box is empty.");
  }

  // Loaded at the first sign that the reader will use the box, so that the strokes are there when the button is
  // pressed; on a slow connection after the network, which they would delay.
  async function fetchStrokes() {
    strokes ??= fetchFile(STROKES, "The strokes").then((content) => JSON.parse(new TextDecoder().decode(content)));
    return strokes.catch((error) => {
      strokes = null; // the next press tries again
      throw error;
    });
  }
  const early = () => fetchStrokes().catch(() => undefined);
  const signs = onSlowLine() ? ["fetched"] : ["pointerenter", "focusin"];
  for (const sign of signs) host.addEventListener(sign, early, { once: true });

  async function show() {
    stop();
    const mine = showing;
    let digits;
    try {
      digits = await fetchStrokes();
    } catch (error) {
      const problem = error instanceof FileError ? error : damaged("The strokes file");
      complain(`${problem.message} Press “Show me” to try again.`);
      return;
    }
    complain("");
    if (mine !== showing) return;
    sheet.clear();
    shown = true;
    const digit = digits[next];
    next = (next + 1) % digits.length;
    const atOnce = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const stroke of digit) {
      sheet.begin(stroke[0]);
      await follow(stroke, atOnce, () => mine === showing);
      if (mine !== showing) return;
      sheet.end();
    }
    look(true);
  }

  // If there is an alert, it is visible whether or not the network has loaded.
  function complain(text) {
    const problem = part("problem");
    if (problem) problem.textContent = text;
    else if (text) say((part("answer").textContent = text));
  }

  // Draw the rest of a stroke as a hand would, piece by piece in each frame.
  async function follow(stroke, atOnce, going) {
    const started = performance.now();
    let far = 0;
    for (let i = 1; i < stroke.length; i++) {
      far += Math.hypot(stroke[i][0] - stroke[i - 1][0], stroke[i][1] - stroke[i - 1][1]);
      while (!atOnce && (performance.now() - started) * SPEED < far) {
        look(false);
        await new Promise(requestAnimationFrame);
        if (!going()) return;
      }
      sheet.extend(stroke[i]);
    }
    if (!atOnce) await new Promise((resolve) => setTimeout(resolve, LIFT));
  }

  async function save() {
    if (sheet.empty) {
      say((part("answer").textContent = "Draw a digit first. There is nothing to save yet."));
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await sheet.png());
    link.download = "drawing.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say("Saved as drawing.png.");
  }

  for (const [name, act] of Object.entries({ show, undo, clear, save })) part(name)?.addEventListener("click", act);

  return {
    /** Put a drawing on the sheet that disappears when the reader starts to draw. */
    put(drawing) {
      for (const [first, ...rest] of drawing) {
        sheet.begin(first);
        for (const place of rest) sheet.extend(place);
        sheet.end();
      }
      shown = true;
    },
  };
}
