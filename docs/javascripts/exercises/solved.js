// Remembers which exercises are solved. This is stored only in the browser; if that fails, it lasts until the page is
// closed.

const KEY = "tensorbook-solved";

/** Fires "change" when an exercise is solved or all are forgotten, in this page or in another. */
export const changes = new EventTarget();

let solved = new Set(stored());

export function isSolved(name) {
  return solved.has(name);
}

export function anySolved() {
  return solved.size > 0;
}

export function noteSolved(name) {
  if (solved.has(name)) return;
  solved = new Set(stored() ?? solved).add(name); // another page may have added one meanwhile
  keep();
}

export function forgetSolved() {
  solved.clear();
  keep();
}

/** Whether this browser lets the page store anything. */
export function canKeep() {
  try {
    localStorage.setItem(`${KEY}-try`, "");
    localStorage.removeItem(`${KEY}-try`);
    return true;
  } catch {
    return false;
  }
}

/** The stored names, or null if nothing can be read. */
function stored() {
  try {
    const names = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch (error) {
    return error instanceof SyntaxError ? [] : null;
  }
}

function keep() {
  try {
    if (solved.size) localStorage.setItem(KEY, JSON.stringify([...solved]));
    else localStorage.removeItem(KEY);
  } catch {
    // refused or full: it lasts until the page is closed
  }
  changes.dispatchEvent(new Event("change"));
}

addEventListener("storage", ({ key }) => {
  if (key !== KEY && key !== null) return;
  solved = new Set(stored());
  changes.dispatchEvent(new Event("change"));
});
