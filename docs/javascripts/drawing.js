// All that a page without a box to draw in has to load; where there is one, the rest is fetched.

const boxes = document.querySelectorAll(".tb-draw");

function loadStyle() {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../stylesheets/drawing.css", import.meta.url);
    link.onload = link.onerror = resolve; // a box without its looks still works
    document.head.append(link);
  });
}

if (boxes.length > 0) {
  const [{ buildBox }] = await Promise.all([import("./drawing/box.js"), loadStyle()]);
  for (const box of boxes) buildBox(box);
}
