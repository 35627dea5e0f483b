// What the reader is told if a file can't be loaded or is damaged. The part of the page that shows it adds what to press.

/** What is wrong with a file, for the reader. */
export class FileError extends Error {}

// what is what the message calls the file, as in "The digits could not be loaded".
export const offline = (what) => new FileError(`${what} could not be loaded: the connection is down or was interrupted.`);
export const refused = (what, status, path) =>
  new FileError(`${what} could not be loaded: the site answered ${status} for ${path}.`);
export const damaged = (what, reason) => new FileError(`${what} is damaged${reason ? `: ${reason}` : ""}.`);

/** What prevented a network from being loaded, for the reader. */
export const problemOf = (error) =>
  error instanceof FileError ? error.message : `The network could not be started: ${error.message}.`;
