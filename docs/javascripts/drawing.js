// All that a page without a box to draw in has to load; where there is one, the rest is fetched.
const boxes = document.querySelectorAll(".tb-draw");
if (boxes.length > 0) {
  const { buildBox } = await import("./drawing/box.js");
  for (const box of boxes) buildBox(box);
}
