// The line above the exercises: how many are solved, where that is remembered, and a button that forgets it.

import { anySolved, canKeep, changes, forgetSolved, isSolved } from "./solved.js";

export function build(host) {
  const names = Array.from(document.querySelectorAll("[data-exercise]"), (field) => JSON.parse(field.dataset.exercise).name);
  host.innerHTML = `
    <p class="tb-memory__said" role="status"></p>
    <button class="tb-memory__forget" type="button">Forget what I have solved</button>`;
  const said = host.querySelector(".tb-memory__said");
  const button = host.querySelector("button");
  const place = canKeep()
    ? "What you solve is remembered in this browser only."
    : "This browser stores nothing for the page: what you solve is forgotten when you leave it.";

  function show() {
    const solved = names.filter(isSolved).length;
    const first = solved ? `${solved} of ${names.length} solved here.` : "Type an answer below an exercise and press Check.";
    said.textContent = `${first} ${place}`;
    button.disabled = !anySolved();
  }

  button.addEventListener("click", () => {
    forgetSolved();
    said.tabIndex = -1;
    said.focus({ preventScroll: true }); // a button that is disabled keeps no focus
  });
  changes.addEventListener("change", show);
  show();
}
