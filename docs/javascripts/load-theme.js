// Loads Material's script (menu, search, scrolling table of contents) when the reader first does something. The text
// doesn't need it, and a phone on which someone only reads saves 70 kB and a third of a second of work.

import { onSlowLine } from "./lazy-load.js";
import { focusSearch, opensSearch } from "./search.js";

const waiting = document.getElementById("tb-material");
const signs = ["pointermove", "pointerdown", "touchstart", "scroll", "keydown", "focusin"];

function load(event) {
  if (event && boxComesFirst(event)) return;
  for (const sign of signs) removeEventListener(sign, load);
  keepAddress();
  const script = document.createElement("script");
  script.src = waiting.src;
  script.addEventListener("load", () => {
    removeEventListener("keydown", focusSearch); // from now on, Material's script does this
    document.dispatchEvent(new Event("DOMContentLoaded")); // which it waits for
  });
  document.head.append(script);
}

// On a slow mobile connection, a drawing box that is in view gets the whole bandwidth for its network, because the script
// and the search index would delay it by seconds. If the reader turns to the header, the script is loaded at once.
function boxComesFirst(event) {
  const { type, target } = event;
  const box = document.querySelector(".tb-draw:not(.tb-draw--ready, .tb-draw--failed, .tb-missing)");
  const { top, bottom } = box?.getBoundingClientRect() ?? { top: Infinity };
  if (type === "fetched" || !onSlowLine() || !(top < innerHeight && bottom > 0)) return false;
  if (target instanceof Element && target.closest(".md-header")) return false;
  if (type === "keydown" && opensSearch(event)) return false;
  box.addEventListener("fetched", load, { once: true });
  return true;
}

// Material writes the heading in view into the address. On a page whose live part keeps its settings there, as in
// `#learn=sgd`, these would be lost when the reader scrolls on.
function keepAddress() {
  if (!document.querySelector("[data-address]")) return;
  const config = document.getElementById("__config");
  const settings = JSON.parse(config.textContent);
  settings.features = settings.features.filter((one) => one !== "navigation.tracking");
  config.textContent = JSON.stringify(settings);
}

if (document.querySelector(".md-search__input")) {
  for (const sign of signs) addEventListener(sign, load, { passive: true });
  addEventListener("keydown", focusSearch);
} else load(); // Zensical's script creates the search: without it, the button does nothing
