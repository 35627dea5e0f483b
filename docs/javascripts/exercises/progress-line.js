// The line above the exercises: how many are solved, where that is stored, and a button that clears it.

import { anySolved, canKeep, changes, forgetSolved, isSolved } from "./solved.js";

export function build(host) {
  const names = Array.from(document.querySelectorAll("[data-exercise]"), (field) => JSON.parse(field.dataset.exercise).name);
  host.innerHTML = `
    <p class="tb-memory__said" role="status"></p>
    <button class="tb-memory__forget" type="button">Clear my progress</button>`;
  const said = host.querySelector(".tb-memory__said");
  const button = host.querySelector("button");
  const place = canKeep()
    ? "Your progress is saved in this browser only."
    : "This browser doesn't let the page store anything, so your progress is lost when you leave.";

  function show() {
    const solved = names.filter(isSolved).length;
    const first = solved ? `${solved} of ${names.length} solved on this page.` : "Type an answer below an exercise and press Check.";
    said.textContent = `${first} ${place}`;
    button.disabled = !anySolved();
  }

  button.addEventListener("click", () => {
    forgetSolved();
    said.tabIndex = -1;
    said.focus({ preventScroll: true }); // a disabled button loses the focus
  });
  changes.addEventListener("change", show);
  show();
}
