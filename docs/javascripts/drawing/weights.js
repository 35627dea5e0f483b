// The weights of the book's networks: downloaded once, checked, stored, and converted from float16 or int8.

import { fetchFile } from "../fetch-file.js";
import { damaged } from "../file-errors.js";

const FIRST = {
  "hidden/kernel": ["F16", 784, 512],
  "hidden/bias": ["F16", 512],
  "output/kernel": ["F16", 512, 10],
  "output/bias": ["F16", 10],
};
const HANDWRITING = {
  "first/kernel": ["I8", 3, 3, 1, 32],
  "first/scale": ["F32", 32],
  "first/bias": ["F32", 32],
  "second/kernel": ["I8", 3, 3, 32, 64],
  "second/scale": ["F32", 64],
  "second/bias": ["F32", 64],
  "hidden/kernel": ["I8", 1600, 128],
  "hidden/scale": ["F32", 128],
  "hidden/bias": ["F32", 128],
  "output/kernel": ["I8", 128, 10],
  "output/scale": ["F32", 10],
  "output/bias": ["F32", 10],
};
const FILE = "The network's weights file";
const CACHE = "tensorbook-weights";
const count = (number) => number.toLocaleString("en");

/**
 * Load weights, or take them from the browser's store if they have been loaded before.
 *
 * bytes and sha256 are the file's length and hash in the run's record; progress is called with the bytes so far; parse
 * turns the content into a network. If the file is missing or damaged, throws a FileError with a message for the reader
 * and does not store it.
 */
export async function fetchWeights(url, { bytes, sha256 }, progress, parse = parseWeights) {
  const address = new URL(url);
  address.searchParams.set("run", sha256.slice(0, 12)); // a new run gets a new address, for caches too
  const cache = await openCache();
  const kept = await cache?.match(address).catch(() => undefined);
  if (kept) {
    const content = new Uint8Array(await kept.arrayBuffer());
    if (await problem(content, bytes, sha256)) await cache.delete(address);
    else return parse(content);
  }
  const content = await fetchFile(address, "The network's weights", progress, bytes);
  const wrong = await problem(content, bytes, sha256);
  if (wrong) throw damaged(FILE, wrong);
  const network = parse(content);
  if (cache) await keep(cache, address, content);
  return network;
}

// Private windows and pages without https may have no store; the browser's own cache is used then.
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return undefined;
  }
}

async function keep(cache, address, content) {
  try {
    const earlier = (await cache.keys()).filter(({ url }) => new URL(url).pathname === address.pathname);
    await Promise.all(earlier.map((key) => cache.delete(key)));
    await cache.put(address, new Response(content));
  } catch {
    // The store is full: the page works without it.
  }
}

async function problem(content, bytes, sha256) {
  if (content.length > bytes) return `expected ${count(bytes)} bytes, got more`;
  if (content.length < bytes) return `expected ${count(bytes)} bytes, got ${count(content.length)}`;
  if (!globalThis.crypto?.subtle) return undefined; // a page without https: the shapes are still checked below
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === sha256 ? undefined : "its SHA-256 hash does not match the record of the run";
}

/** Read chapter 2's network: { hidden: { kernel, bias }, output: { kernel, bias } }. A kernel is an array of rows. */
export const parseWeights = (content) => inRows(readArrays(content, FIRST));

/**
 * Read the handwriting network: { kernel, bias } of first, second, hidden and output. The kernels are stored as whole
 * numbers and scaled here; the first two, which are convolutions, are Float32Arrays.
 */
export function parseHandwriting(content) {
  const network = readArrays(content, HANDWRITING);
  for (const { kernel, scale } of Object.values(network)) {
    for (let i = 0; i < kernel.length; i++) kernel[i] *= scale[i % scale.length]; // the last axis has the outputs
  }
  return inRows(network);
}

// Turn the kernels of the dense layers into rows, as forward-pass.js expects.
function inRows(network) {
  for (const layer of [network.hidden, network.output]) {
    const [numbers, columns] = [layer.kernel, layer.bias.length];
    layer.kernel = Array.from({ length: numbers.length / columns }, (_, row) =>
      Array.from(numbers.subarray(row * columns, (row + 1) * columns)),
    );
  }
  return network;
}

// A safetensors file: eight bytes for the length of a JSON header, the header, the numbers.
function readArrays(content, arrays) {
  const network = {};
  try {
    const length = Number(new DataView(content.buffer, content.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(content.subarray(8, 8 + length)));
    for (const [name, [type, ...shape]] of Object.entries(arrays)) {
      const { dtype, shape: came, data_offsets: [start, end] } = header[name];
      const bytes = content.slice(8 + length + start, 8 + length + end);
      if (dtype !== type || String(came) !== String(shape)) throw new Error();
      const [layer, kind] = name.split("/");
      network[layer] ??= {};
      network[layer][kind] = TYPES[type](bytes.buffer);
      if (network[layer][kind].length !== shape.reduce((a, b) => a * b)) throw new Error();
    }
  } catch {
    const needed = Object.entries(arrays).map(([name, [type, ...shape]]) => `${name} ${shape.join(" × ")} ${type}`);
    throw damaged(FILE, `it must contain ${needed.join(", ")}`);
  }
  return network;
}

const TYPES = {
  I8: (buffer) => Float32Array.from(new Int8Array(buffer)),
  F16: fromFloat16,
  F32: (buffer) => new Float32Array(buffer), // browsers store the low bytes first, like the file
};

// A sign, five bits of exponent, ten of fraction; an exponent of zero means a number without the leading 1.
function fromFloat16(buffer) {
  const bits = new DataView(buffer);
  const numbers = new Float32Array(bits.byteLength / 2);
  for (let i = 0; i < numbers.length; i++) {
    const half = bits.getUint16(2 * i, true);
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) throw new Error("not a number");
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
    numbers[i] = half & 0x8000 ? -size : size;
  }
  return numbers;
}

/** Return a function that takes the number of bytes received so far, and shows it and how long the rest will take. */
export function showProgress(bar, left, bytes) {
  const began = performance.now();
  return (came) => {
    bar.value = came;
    const seconds = ((performance.now() - began) * (bytes - came)) / came / 1000;
    left.textContent = seconds >= 1 ? `, about ${Math.ceil(seconds)} s left. You can draw in the meantime.` : "";
  };
}
