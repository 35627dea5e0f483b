// The book's sample of MNIST: 4,000 training digits and 1,000 test digits. The file is created when the site is built.

import { fetchFile } from "./fetch-file.js";
import { damaged } from "./file-errors.js";

const ADDRESS = new URL("../assets/digits.bin", import.meta.url);
const PIXELS = 784;
export const TRAIN = 4000;
export const TEST = 1000;
const BYTES = (TRAIN + TEST) * (PIXELS + 1); // and a label for each

/**
 * Load the digits, in the order of Python's `load_sample()`.
 *
 * Returns { train: { images, labels }, test: { images, labels } }, each a Uint8Array: 784 pixels per image, row by row,
 * 0 (paper) to 255 (ink), and one label per image, 0 to 9. progress is that of `fetchFile`.
 * If the file is missing or damaged, throws a FileError with a message for the reader.
 */
export async function fetchDigits(progress) {
  const bytes = await unpack(await fetchFile(ADDRESS, "The digits", progress));
  let start = 0;
  const next = (length) => bytes.subarray(start, (start += length));
  const [trainImages, testImages] = [next(TRAIN * PIXELS), next(TEST * PIXELS)];
  return {
    train: { images: trainImages, labels: next(TRAIN) },
    test: { images: testImages, labels: next(TEST) },
  };
}

// gzip files have a checksum, which the browser verifies.
async function unpack(packed) {
  const bytes = new Uint8Array(BYTES);
  let length = 0;
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      bytes.set(value, length); // too many bytes raise an error, too
      length += value.length;
    }
  } catch {
    length = -1;
  }
  if (length !== BYTES) throw damaged("The digits file");
  return bytes;
}
