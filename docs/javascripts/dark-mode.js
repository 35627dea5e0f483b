// The button that switches between light and dark. A script in the head of the page has already applied the stored
// choice.

const KEY = "tensorbook-scheme";
const button = document.querySelector(".tb-scheme");
const system = matchMedia("(prefers-color-scheme: dark)");

function show(dark) {
  document.body.dataset.mdColorScheme = dark ? "slate" : "default";
  button.setAttribute("aria-pressed", dark);
  button.title = dark ? "Switch to the light scheme" : "Switch to the dark scheme";
}

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden; the page then follows the system
  }
}

button.addEventListener("click", () => {
  const dark = document.body.dataset.mdColorScheme !== "slate";
  show(dark);
  try {
    localStorage.setItem(KEY, dark ? "slate" : "default");
  } catch {
    // as above: the choice applies to this page only
  }
});
system.addEventListener("change", () => chosen() || show(system.matches));
show(document.body.dataset.mdColorScheme === "slate");
