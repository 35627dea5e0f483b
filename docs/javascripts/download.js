// Files that pages fetch when a reader needs them: with progress, a limit, and errors in words for the reader.

export class FileError extends Error {}

/**
 * Fetch a whole file.
 *
 * name is what errors call it, as in "The digits could not be fetched". progress gets the number of bytes so far and
 * the number of all, which is undefined if the site does not say it. Whatever is longer than most bytes is not read
 * to its end. Returns a Uint8Array.
 */
export async function download(address, name, progress = () => {}, most = Infinity) {
  let response;
  try {
    response = await fetch(address);
    if (response.ok) return await read(response, progress, most);
  } catch {
    throw new FileError(`${name} could not be fetched: the connection is down or broke off.`);
  }
  throw new FileError(`${name} could not be fetched: the site answered ${response.status} for ${address.pathname}.`);
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
