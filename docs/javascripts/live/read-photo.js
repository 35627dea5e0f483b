// Reads a photo as `load_drawing` in `tensorbook.drawings` does: grey and upright, with transparent pixels on white, or
// on black if white shows nothing, and a large photo as means of squares.

import { FileError } from "../file-errors.js";
import { CONTRAST, DETAIL } from "./find-ink.js";

const MOST = 65_000_000; // pixels
const STRIP = 250_000; // about how many pixels are read at once, so that the page stays responsive

/**
 * Read a file.
 *
 * Returns { bitmap, picture }: the photo, and its grey values { values, ground, width, height }, from 0 (black) to 255
 * (white); ground is the colour that was put behind transparent pixels. If the file can't be read, throws a FileError with
 * a message for the reader.
 */
export async function readPhoto(file) {
  const name = file.name ?? "The picture";
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  } catch {
    throw new FileError(`${name} is not a picture in a format that can be read: use a PNG or JPEG file.`);
  }
  const { width, height } = bitmap;
  if (width * height > MOST) {
    throw new FileError(
      `${name} has ${width} × ${height} pixels; a drawing can have at most ${MOST.toLocaleString("en")}: scale it down.`,
    );
  }
  return { bitmap, picture: await greyMeans(bitmap, await orientation(file)) };
}

// Python averages the photo as it is stored, and turns it upright afterwards. So the squares start at the corner that
// was stored first. With these values of the tag, that corner is on the right, or at the bottom.
const FROM_RIGHT = [2, 3, 6, 7];
const FROM_BOTTOM = [3, 4, 7, 8];

async function greyMeans(bitmap, turned) {
  const { width, height } = bitmap;
  const side = Math.max(1, Math.floor(Math.max(width, height) / DETAIL));
  const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)];
  const cellOf = (length, cells, fromEnd) => (place) =>
    fromEnd ? cells - 1 - Math.floor((length - 1 - place) / side) : Math.floor(place / side);
  const across = Uint32Array.from({ length: width }, (_, x) => cellOf(width, columns, FROM_RIGHT.includes(turned))(x));
  const down = Uint32Array.from({ length: height }, (_, y) => cellOf(height, rows, FROM_BOTTOM.includes(turned))(y));
  const [onWhite, onBlack, counts] = [0, 1, 2].map(() => new Float64Array(columns * rows));
  const strip = Math.max(1, Math.min(height, Math.floor(STRIP / width)));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, strip];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (let top = 0; top < height; top += strip) {
    context.clearRect(0, 0, width, strip);
    context.drawImage(bitmap, 0, -top);
    const { data } = context.getImageData(0, 0, width, Math.min(strip, height - top));
    for (let place = 0, y = top; place < data.length; y++) {
      const row = down[y] * columns;
      for (let x = 0; x < width; x++, place += 4) {
        const cell = row + across[x];
        const [red, green, blue, opacity] = [data[place], data[place + 1], data[place + 2], data[place + 3]];
        counts[cell]++;
        if (opacity === 255) {
          const grey = greyOf(red, green, blue);
          onWhite[cell] += grey;
          onBlack[cell] += grey;
        } else {
          const laid = (ground) =>
            greyOf(...[red, green, blue].map((one) => Math.round((one * opacity + ground * (255 - opacity)) / 255)));
          onWhite[cell] += laid(255);
          onBlack[cell] += laid(0);
        }
      }
    }
    if (top + strip < height) await new Promise((resolve) => setTimeout(resolve));
  }
  const means = (sums) => stretched(Float32Array.from(sums, (sum, cell) => sum / counts[cell]));
  const [white, black] = [means(onWhite), means(onBlack)];
  const [least, most] = white.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, 0],
  );
  const blank = most - least < CONTRAST;
  return { values: blank ? black : white, ground: blank ? "black" : "white", width: columns, height: rows };
}

// The shares of Rec. 601, in the whole numbers that Pillow uses.
const greyOf = (red, green, blue) => (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;

// Numbers from 0 to 1 are taken for shades from 0 to 255, as in Python.
function stretched(values) {
  return values.every((value) => value <= 1) ? values.map((value) => value * 255) : values;
}

/** Return how the camera was held, from a JPEG file's EXIF data: 1 (upright) to 8, and 1 if it does not say. */
export async function orientation(file) {
  const view = new DataView(await file.slice(0, 131_072).arrayBuffer());
  try {
    if (view.getUint16(0) !== 0xffd8) return 1;
    for (let place = 2; view.getUint8(place) === 0xff; place += 2 + view.getUint16(place + 2)) {
      if (view.getUint16(place) !== 0xffe1 || view.getUint32(place + 4) !== 0x45786966) continue; // "Exif"
      const start = place + 10;
      const little = view.getUint16(start) === 0x4949;
      const first = start + view.getUint32(start + 4, little);
      for (let entry = 0; entry < view.getUint16(first, little); entry++) {
        const at = first + 2 + 12 * entry;
        if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little);
      }
    }
  } catch {
    // The data ends early, or points beyond its end, so it says nothing.
  }
  return 1;
}
