// Ticks in the tables of contents: at each solved exercise on this page, and at each chapter whose fields are all
// solved.

import { changes, isSolved } from "./solved.js";

export function build(host) {
  const chapters = JSON.parse(host.dataset.chapters); // for each page, the names of its exercises with a field
  const fields = Array.from(document.querySelectorAll("[data-exercise]"), (field) => ({
    address: `#${headingOf(field)?.id}`,
    name: JSON.parse(field.dataset.exercise).name,
  }));

  function update() {
    // On a narrow page, this chapter's entry is a label that opens the page's table of contents.
    for (const entry of document.querySelectorAll("a.md-nav__link[href], label.md-nav__link[for='__toc']")) {
      const address = entry.getAttribute("href") ?? "";
      const page = (entry.pathname ?? location.pathname).split("/").at(-2);
      if (address.startsWith("#")) {
        tick(entry, fields.some((field) => field.address === address && isSolved(field.name)));
      } else if (Object.hasOwn(chapters, page)) {
        tick(entry, chapters[page].every(isSolved));
      }
    }
  }

  changes.addEventListener("change", update);
  update();
}

/** The heading of the exercise that an element belongs to. */
export function headingOf(element) {
  let heading = element;
  while (heading && !heading.matches("h3")) heading = heading.previousElementSibling;
  return heading;
}

function tick(entry, solved) {
  const there = entry.querySelector(":scope > .tb-tick");
  if (solved === Boolean(there)) return;
  if (!solved) {
    there.remove();
    return;
  }
  const mark = document.createElement("span");
  mark.className = "tb-tick";
  mark.innerHTML = '<span class="tb-visually-hidden">, solved</span>'; // the style sheet draws the tick itself
  entry.append(mark);
}
