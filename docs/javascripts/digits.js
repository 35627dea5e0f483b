// The book's sample of MNIST: 4,000 digits to learn from and 1,000 to be tested on. The file is made with the site.

import { download, FileError } from "./download.js";

const ADDRESS = new URL("../assets/digits.bin", import.meta.url);
const PIXELS = 784;
const TRAIN = 4000;
const TEST = 1000;
const BYTES = (TRAIN + TEST) * (PIXELS + 1); // a label each

/**
 * Fetch the digits, in the order of Python's `load_sample()`.
 *
 * Returns { train: { images, labels }, test: { images, labels } }, each a Uint8Array: 784 pixels per image, row by row,
 * 0 (paper) to 255 (ink), and one label per image, 0 to 9. progress is that of `download`.
 * A file that is missing or damaged is a FileError with a message for the reader.
 */
export async function fetchDigits(progress) {
  const bytes = await unpack(await download(ADDRESS, "The digits", progress));
  let start = 0;
  const next = (length) => bytes.subarray(start, (start += length));
  const [trainImages, testImages] = [next(TRAIN * PIXELS), next(TEST * PIXELS)];
  return {
    train: { images: trainImages, labels: next(TRAIN) },
    test: { images: testImages, labels: next(TEST) },
  };
}

// gzip carries a checksum of its own, and the browser compares it.
async function unpack(packed) {
  const bytes = new Uint8Array(BYTES);
  let length = 0;
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      bytes.set(value, length); // more than there is room for is an error, too
      length += value.length;
    }
  } catch {
    length = -1;
  }
  if (length !== BYTES) throw new FileError("The file of digits is damaged. Reload the page to fetch it again.");
  return bytes;
}
