// Material's script (menu, search, contents that follow) comes when its reader first does something. The text needs none
// of it, and a phone that only reads is spared a third of a second of work and 70 kB.

import "./search.js";

const waiting = document.getElementById("tb-material");
const field = document.querySelector(".md-search__input");
const signs = ["pointermove", "pointerdown", "touchstart", "scroll", "keydown", "focusin"];

function load(event) {
  for (const sign of signs) removeEventListener(sign, load);
  const script = document.createElement("script");
  script.src = waiting.src;
  script.addEventListener("load", () => document.dispatchEvent(new Event("DOMContentLoaded"))); // it waits for this
  document.head.append(script);
  if (event?.type === "keydown" && opensSearch(event)) {
    event.preventDefault();
    field.focus(); // now, so that what is typed next is not lost
  }
}

// The keys that Material opens its search by.
function opensSearch({ key, target, altKey, ctrlKey, metaKey }) {
  return ["/", "s", "f"].includes(key) && !altKey && !ctrlKey && !metaKey && !target.matches("input, canvas");
}

if (field) for (const sign of signs) addEventListener(sign, load, { passive: sign !== "keydown" });
else load(); // Zensical's search is made by its script: without it the button does nothing
