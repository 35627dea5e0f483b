// Downloads files when a reader needs them, with progress and a size limit.

import { offline, refused } from "./file-errors.js";

const asked = new Set(); // the addresses that this page has asked for

/**
 * Fetch a whole file; if it is asked for again, do not take it from the browser's cache.
 *
 * name is what error messages call the file, as in "The digits could not be loaded". progress is called with the number
 * of bytes so far and the total, which is undefined if the site does not give it. A file longer than most bytes is not
 * read to its end. Returns a Uint8Array, or throws a FileError.
 */
export async function fetchFile(address, name, progress = () => {}, most = Infinity) {
  // Who asks again got nothing, or a damaged file, which the browser may have kept.
  const cache = asked.has(address.href) ? "reload" : "default";
  asked.add(address.href);
  let response;
  try {
    response = await fetch(address, { cache });
    if (response.ok) return await read(response, progress, most);
  } catch {
    throw offline(name);
  }
  throw refused(name, response.status, address.pathname);
}

async function read(response, progress, most) {
  const total = response.headers.has("content-encoding") ? NaN : Number(response.headers.get("content-length"));
  const reader = response.body.getReader();
  const chunks = [];
  let length = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    chunks.push(value);
    length += value.length;
    progress(length, total || undefined);
    if (length > most) break;
  }
  await reader.cancel();
  const content = new Uint8Array(length);
  let place = 0;
  for (const chunk of chunks) {
    content.set(chunk, place);
    place += chunk.length;
  }
  return content;
}
