// The buttons of a code block: copy the block, or the block together with all the code it needs, as a script that runs
// and shows what the page shows. What a block needs and shows was determined when the site was built
// (src/tensorbook/book/site/block_dependencies.py) and is in its attributes.

const PYTHON = ".highlight.language-pycon, .highlight.language-python, .highlight.language-py";
const CONSOLE = ".highlight.language-console";
const ICONS = {
  copy: "M8 3h9a2 2 0 0 1 2 2v11h-2V5H8zM5 7h8a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zm0 2v10h8V9z",
  so_far: "M4 4h12v2H4zm0 5h12v2H4zm0 5h7v2H4zm13-1v4.2l1.6-1.6L20 17l-4 4-4-4 1.4-1.4 1.6 1.6V13z",
};

/** Return the statements of a doctest, each with its code and output. */
export function statements(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const last = found.at(-1);
    if (/^>>>( |$)/.test(line)) found.push({ code: [line.slice(4)], output: [] });
    else if (/^\.\.\.( |$)/.test(line) && last && !last.output.length) last.code.push(line.slice(4));
    else if (last) last.output.push(line);
  }
  return found;
}

/**
 * Return the statements of a Python block without prompts; a statement that shows an error catches and prints it. If
 * shown, values that the page shows are passed to `show`, because only a prompt prints them by itself.
 */
export function pieces(block, shown = false) {
  const text = block.querySelector("code").textContent;
  if (!/^>>>/m.test(text)) return [text];
  const marks = (shown && block.dataset.shows?.split(" ")) || [];
  return statements(text).map(({ code, output }, number) => {
    const error = output[0]?.startsWith("Traceback") && output.findLast((line) => /^[\w.]+:/.test(line));
    if (!error) return withShow(code.join("\n").trimEnd(), number, marks) + (code.length > 1 ? "\n" : "");
    const name = error.split(":")[0].split(".").at(-1);
    const indented = code.map((line) => `    ${line}`.trimEnd()).join("\n").trimEnd();
    // The name may not have been imported, so catch Exception.
    return `try:\n${indented}\nexcept Exception as error:  # ${name}\n    print(f"{type(error).__name__}: {error}")\n`;
  });
}

// A mark is `statement`, or `statement.start.end` if only a part of it is shown; a comma follows a tuple.
function withShow(code, number, marks) {
  for (const mark of marks.toReversed()) {
    const [statement, start = 0, end = code.length] = mark.replace(",", "").split(".").map(Number);
    if (statement !== number) continue;
    const value = code.slice(start, end);
    code = `${code.slice(0, start)}show(${mark.endsWith(",") ? `(${value})` : value})${code.slice(end)}`;
  }
  return code;
}

const joined = (parts) => `${parts.join("\n").trimEnd()}\n`;

/** Return the code of a block in the form to paste; empty if it is only output, or a signature in the reference. */
export function code(block) {
  if (block.matches(".language-text, .doc-signature")) return "";
  if (block.matches(PYTHON)) return joined(pieces(block));
  const text = block.querySelector("code").textContent;
  return block.matches(CONSOLE) ? text.replace(/^\$ /gm, "") : text;
}

/** Return the code of a block after all the statements it needs from blocks above, as a script that shows what it makes. */
export function standalone(block) {
  const { needs, shows, figure } = block.dataset;
  if (!needs && !shows && !figure) return code(block);
  const parts = Map.groupBy(
    (needs?.split(" ") ?? []).map((place) => place.split(".")),
    ([number]) => number,
  );
  const above = [...parts].map(([number, places]) => {
    const all = pieces(document.querySelector(`article .highlight[data-block="${number}"]`));
    return joined(places.map(([, statement]) => all[statement]));
  });
  const header = [
    shows && "from sys import displayhook as show  # prints a value as Python's prompt does",
    figure && "from tensorbook.plotting import show_figure",
  ].filter(Boolean);
  const own = joined(pieces(block, true)) + (figure ? `show_figure("${figure}")\n` : "");
  return [...(header.length ? [joined(header)] : []), ...above, own].join("\n");
}

/** Return the label of the button that copies only this block. */
export function copyName(block) {
  const names = block.dataset.names?.split(" ") ?? [];
  if (!names.length) return "Copy this block";
  const words = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  const list = words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];
  return `Copy (needs ${list} from above)`;
}

/** Copy a text to the clipboard. Browsers provide `navigator.clipboard` only over https and on this computer. */
async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const pressed = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "tb-visually-hidden";
  field.value = text;
  document.body.append(field);
  field.focus({ preventScroll: true });
  field.select();
  const copied = document.execCommand("copy"); // deprecated, but there is no other way
  field.remove();
  pressed?.focus({ preventScroll: true });
  if (!copied) throw new Error("the browser has not copied");
}

function button(name, icon, text) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "tb-copy__button";
  element.dataset.name = name;
  element.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[icon]}"/></svg><span>${name}</span>`;
  element.addEventListener("click", async () => {
    try {
      await put(text());
      say(element, "Copied");
    } catch {
      say(element, "Your browser does not allow this page to copy. Select the code and copy it yourself.");
    }
  });
  return element;
}

function say(element, message) {
  status.textContent = "";
  setTimeout(() => (status.textContent = message), 50); // a screen reader announces a change after a pause every time
  element.dataset.copied = message;
  setTimeout(() => delete element.dataset.copied, 1500);
}

const status = document.createElement("div");
status.className = "tb-visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

for (const block of document.querySelectorAll("article .highlight")) {
  if (!code(block)) continue;
  const bar = document.createElement("div");
  bar.className = "tb-copy";
  const { needs } = block.dataset;
  bar.append(button(copyName(block), "copy", () => (needs ? code(block) : standalone(block))));
  if (needs) bar.append(button("Copy with everything it needs", "so_far", () => standalone(block)));
  block.append(bar);
}
