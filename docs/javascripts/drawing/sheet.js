// The sheet that the reader draws on: strokes of a round pen, undo, and the ink that the network sees.

// Both are also in src/tensorbook/strokes.py; a test draws the same strokes with both.
export const SIDE = 280; // ten pixels for each of the network's; coordinates on the sheet run from 0 to this
export const PEN = 20; // two of the network's pixels, as wide as most strokes in MNIST

export class Sheet {
  #screen; // what the reader sees, in the page's colours
  #raster; // always black on white: the drawing that is prepared and saved
  #ink;
  #strokes = []; // lists of points [x, y]
  #earlier = []; // what undo restores
  #drawing = null;

  constructor(canvas) {
    canvas.width = canvas.height = 2 * SIDE; // sharp on screens with two dots per pixel
    this.#screen = canvas.getContext("2d");
    this.#screen.scale(2, 2);
    const raster = document.createElement("canvas");
    raster.width = raster.height = SIDE;
    this.#raster = raster.getContext("2d", { willReadFrequently: true });
    this.#ink = new Uint8Array(SIDE * SIDE);
    this.redraw();
  }

  get empty() {
    return this.#strokes.length === 0;
  }

  begin(place) {
    this.#remember();
    this.#drawing = [place];
    this.#strokes = [...this.#strokes, this.#drawing];
    this.#paint([place]);
  }

  extend(place) {
    this.#paint([this.#drawing.at(-1), place]);
    this.#drawing.push(place);
  }

  end() {
    this.#drawing = null;
  }

  clear() {
    if (!this.empty) this.#remember();
    this.#strokes = [];
    this.redraw();
  }

  /** Undo a stroke, or the clearing of the sheet; return whether there was anything to undo. */
  undo() {
    const found = this.#earlier.length > 0;
    if (found) this.#strokes = this.#earlier.pop();
    this.redraw();
    return found;
  }

  /** Paint everything again, because the drawing or the page's colours have changed. */
  redraw() {
    this.end();
    this.#screen.clearRect(0, 0, SIDE, SIDE);
    this.#raster.fillStyle = "white";
    this.#raster.fillRect(0, 0, SIDE, SIDE);
    const colour = getComputedStyle(this.#screen.canvas).color;
    for (const [context, style] of [[this.#screen, colour], [this.#raster, "black"]]) {
      Object.assign(context, { fillStyle: style, strokeStyle: style, lineWidth: PEN, lineCap: "round" });
    }
    for (const stroke of this.#strokes) {
      this.#paint(stroke.slice(0, 1));
      for (let i = 1; i < stroke.length; i++) this.#paint(stroke.slice(i - 1, i + 1));
    }
  }

  /** Return the ink of every pixel, row by row: 0 (paper) to 255 (ink). */
  ink() {
    const { data } = this.#raster.getImageData(0, 0, SIDE, SIDE);
    for (let i = 0; i < this.#ink.length; i++) this.#ink[i] = 255 - data[4 * i];
    return this.#ink;
  }

  /** Return the drawing as a PNG file, black on white. */
  png() {
    return new Promise((resolve) => this.#raster.canvas.toBlob(resolve, "image/png"));
  }

  #remember() {
    this.#earlier.push(this.#strokes);
  }

  // Paint a dot, or a piece of a stroke from one point to the next.
  #paint([from, to]) {
    for (const context of [this.#screen, this.#raster]) {
      context.beginPath();
      if (to) {
        context.moveTo(...from);
        context.lineTo(...to);
        context.stroke();
      } else {
        context.arc(...from, PEN / 2, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }
}
