// Drawing with mouse, finger or pen, and with the keyboard.

import { PEN, SIDE } from "./sheet.js";

const STEP = SIDE / 28; // one of the network's pixels
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function drawByPointer(canvas, pen) {
  let drawing = null; // the one pointer that draws; a second finger does nothing
  const place = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((event.clientX - left) * SIDE) / width, ((event.clientY - top) * SIDE) / height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (drawing !== null || event.button !== 0) return;
    drawing = event.pointerId;
    canvas.setPointerCapture(drawing); // a stroke may leave the box and come back
    pen.down(place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return;
    const between = event.getCoalescedEvents?.() ?? [];
    pen.move((between.length > 0 ? between : [event]).map(place));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== drawing) return;
      drawing = null;
      pen.up();
    });
  }
}

/** The arrow keys move a pen, which the space bar lowers and lifts. */
export function drawByKeys(canvas, mark, pen, { undo, clear, say }) {
  let place = [SIDE / 2, SIDE / 2];
  let down = false;
  let resting;
  const held = new Set(); // two arrow keys held together move the pen diagonally

  const inside = (number) => Math.min(Math.max(number, STEP), SIDE - STEP);
  const where = () => `column ${Math.round(place[0] / STEP)}, row ${Math.round(place[1] / STEP)} of 28`;

  function setDown(now) {
    if (down === now) return;
    down = now;
    mark.classList.toggle("tb-draw__pen--down", down);
    if (down) pen.down(place);
    else pen.up();
  }

  function move() {
    const [across, along] = [0, 1].map((axis) => [...held].reduce((sum, key) => sum + ARROWS[key][axis], 0));
    place = [inside(place[0] + across * STEP), inside(place[1] + along * STEP)];
    if (down) pen.move([place]);
    put();
    clearTimeout(resting); // announced once the pen rests, not at each step
    resting = setTimeout(() => say(`Pen ${down ? "down" : "up"}, ${where()}.`), 500);
  }

  function put() {
    mark.style.left = `${(100 * place[0]) / SIDE}%`;
    mark.style.top = `${(100 * place[1]) / SIDE}%`;
  }

  const keys = {
    " ": () => {
      setDown(!down);
      if (down) say(`Pen down, ${where()}.`);
    },
    Escape: () => setDown(false),
    Backspace: () => (down ? setDown(false) : undo()),
    Delete: () => {
      setDown(false);
      clear();
    },
  };

  canvas.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") {
      setDown(false);
      undo();
    } else if (event.ctrlKey || event.metaKey || event.altKey) {
      return; // a browser shortcut
    } else if (event.key in ARROWS) {
      held.add(event.key);
      move();
    } else if (event.key in keys) {
      if (!event.repeat) keys[event.key]();
    } else {
      return;
    }
    event.preventDefault(); // keeps the page from scrolling
  });
  canvas.addEventListener("keyup", (event) => held.delete(event.key));
  canvas.addEventListener("blur", () => {
    held.clear();
    setDown(false);
  });
  // If the reader draws or clears with a pointer, the pen is lifted.
  canvas.addEventListener("pointerdown", () => setDown(false), { capture: true });
  mark.style.width = mark.style.height = `${(100 * PEN) / SIDE}%`;
  put();
}
