// The weights of the recorded run: fetched once, checked, kept, and turned from float16 into numbers.

import { download, FileError } from "../download.js";

const SHAPES = {
  "hidden/kernel": [784, 512],
  "hidden/bias": [512],
  "output/kernel": [512, 10],
  "output/bias": [10],
};
const CACHE = "tensorbook-weights";
const count = (number) => number.toLocaleString("en");

/**
 * Fetch the weights, or take them from the browser's store where they have been fetched before.
 *
 * bytes and sha256 are what the record of the run says of the file; progress gets the bytes that have come.
 * What is missing or damaged is a FileError with a message for the reader, and is not kept.
 */
export async function fetchWeights(url, { bytes, sha256 }, progress) {
  const address = new URL(url);
  address.searchParams.set("run", sha256.slice(0, 12)); // another run is another address, also to caches
  const cache = await openCache();
  const kept = await cache?.match(address).catch(() => undefined);
  if (kept) {
    const content = new Uint8Array(await kept.arrayBuffer());
    if (await problem(content, bytes, sha256)) await cache.delete(address);
    else return parseWeights(content);
  }
  const content = await download(address, "The network's weights", progress, bytes);
  const wrong = await problem(content, bytes, sha256);
  if (wrong) throw new FileError(`The file of the network's weights is damaged: ${wrong}.`);
  const network = parseWeights(content);
  if (cache) await keep(cache, address, content);
  return network;
}

// Private windows and pages without https may have no store: then the browser's own cache has to do.
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return undefined;
  }
}

async function keep(cache, address, content) {
  try {
    await Promise.all((await cache.keys()).map((earlier) => cache.delete(earlier)));
    await cache.put(address, new Response(content));
  } catch {
    // A full store: the page works without.
  }
}

async function problem(content, bytes, sha256) {
  if (content.length > bytes) return `${count(bytes)} bytes were needed, more came`;
  if (content.length < bytes) return `${count(bytes)} bytes were needed, ${count(content.length)} came`;
  if (!globalThis.crypto?.subtle) return undefined; // a page without https: the shapes below still count
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === sha256 ? undefined : "its SHA-256 is not the one that the record of the run names";
}

/**
 * Read a safetensors file: eight bytes for the length of a JSON header, the header, the numbers.
 *
 * Returns { hidden: { kernel, bias }, output: { kernel, bias } }, each a Float32Array.
 */
export function parseWeights(content) {
  const network = {};
  try {
    const length = Number(new DataView(content.buffer, content.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(content.subarray(8, 8 + length)));
    for (const [name, shape] of Object.entries(SHAPES)) {
      const { dtype, shape: came, data_offsets: [start, end] } = header[name];
      const entries = shape.reduce((a, b) => a * b);
      if (dtype !== "F16" || String(came) !== String(shape) || end - start !== 2 * entries) throw new Error();
      const [layer, kind] = name.split("/");
      network[layer] ??= {};
      network[layer][kind] = fromFloat16(content.slice(8 + length + start, 8 + length + end), entries);
    }
  } catch {
    const needed = Object.entries(SHAPES).map(([name, shape]) => `${name} ${shape.join(" × ")}`);
    throw new FileError(
      `The file of the network's weights is damaged: it needs to hold ${needed.join(", ")} in float16.`,
    );
  }
  return network;
}

// A sign, five bits of exponent, ten of fraction; an exponent of zero means a number without the leading 1.
function fromFloat16(content, entries) {
  const bits = new DataView(content.buffer);
  const numbers = new Float32Array(entries);
  for (let i = 0; i < entries; i++) {
    const half = bits.getUint16(2 * i, true);
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) throw new Error("not a number");
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
    numbers[i] = half & 0x8000 ? -size : size;
  }
  return numbers;
}
