// The first training images, for figures that show a digit: loaded once, and drawn as paths that follow the colour
// scheme.

import { fetchFile } from "../fetch-file.js";
import { choice, svg } from "./shared-controls.js";

const ADDRESS = new URL("../../assets/first-digits.json", import.meta.url);
const SHADES = 16; // finer differences are invisible, and each shade adds a path
export const SIDE = 28;

let fetched;

/** Return the first training images and their labels; an image is 784 pixels, row by row, 0 (paper) to 255 (ink). */
export function fetchDigits() {
  fetched ??= fetchFile(ADDRESS, "The digits").then((content) => {
    const { labels, images } = JSON.parse(new TextDecoder().decode(content));
    return { labels, images: images.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))) };
  });
  return fetched;
}

/** Offer the first five digits; change is called with the index of the chosen one. */
export const chooseDigit = (labels, chosen, change) =>
  choice({ label: "digit", options: labels.slice(0, 5).map(String), chosen, change });

/**
 * Draw pixels as squares of ink on a sheet.
 *
 * pixels are numbers from 0 to 1, row by row; numbers that are zero or below are left out.
 */
export function inkSquares(pixels, columns, { x, y, side, kind = "tb-pixels" }) {
  const shades = Array.from({ length: SHADES + 1 }, () => []);
  pixels.forEach((value, place) => {
    const shade = Math.ceil(Math.min(value, 1) * SHADES);
    if (shade > 0)
      shades[shade].push(
        `M${x + (place % columns) * side} ${y + Math.floor(place / columns) * side}h${side}v${side}h${-side}z`,
      );
  });
  const paths = shades.map(
    (squares, shade) =>
      squares.length && svg("path", { class: kind, "fill-opacity": shade / SHADES, d: squares.join("") }),
  );
  return svg("g", {}, ...paths.filter(Boolean));
}
