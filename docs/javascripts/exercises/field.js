// The field below an exercise: grades a typed answer as `check` does.

import { headingOf } from "./ticks-in-contents.js";
import { grade } from "./apply-grading.js";
import { changes, isSolved, noteSolved } from "./solved.js";

export function build(host) {
  const exercise = JSON.parse(host.dataset.exercise);
  const words = JSON.parse(document.querySelector("[data-words]").dataset.words);
  const id = `answer-${exercise.name}`;
  host.innerHTML = `
    <form class="tb-field__form" autocomplete="off">
      <label class="tb-field__label" for="${id}"></label>
      <input class="tb-field__input" id="${id}" type="text" maxlength="200" aria-describedby="${id}-said"
        autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="done">
      <button class="tb-field__button" type="submit">Check<span class="tb-visually-hidden"></span></button>
    </form>
    <p class="tb-field__said" id="${id}-said" role="status"></p>`;
  const [form, label, input, said] = [".tb-field__form", "label", "input", ".tb-field__said"].map((part) =>
    host.querySelector(part),
  );
  label.textContent = `Your answer: ${exercise.expected}`;
  form.querySelector("span").textContent = ` ${titleOf(host)}`;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { right, text } = grade(input.value, exercise, words);
    say(text, right);
    if (right) noteSolved(exercise.name);
  });
  input.addEventListener("input", () => input.removeAttribute("aria-invalid")); // the new text has not been checked
  changes.addEventListener("change", greet);
  greet();

  function say(text, right) {
    if (right) input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
    host.classList.toggle("tb-field--right", right);
    host.classList.toggle("tb-field--wrong", !right);
    said.textContent = "";
    setTimeout(() => (said.textContent = text), 50); // after a pause, a screen reader repeats even the same text
  }

  /** Say that the exercise has been solved before, until the field is used or the progress is cleared. */
  function greet() {
    const solved = isSolved(exercise.name);
    if (solved === host.classList.contains("tb-field--solved")) return;
    host.classList.toggle("tb-field--solved", solved);
    if (solved && !input.value) said.textContent = "You have solved this one before.";
    else if (!solved) {
      host.classList.remove("tb-field--right");
      said.textContent = "";
    }
  }
}

function titleOf(host) {
  return headingOf(host)?.firstChild.textContent.trim() ?? "";
}
