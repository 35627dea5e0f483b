// A box that scrolls is reached by keyboard: it takes the focus while it is wider than its place.

const boxes = document.querySelectorAll(".tb-math, .tb-diagram-box, .md-typeset table:not([class]), .md-typeset pre > code");
const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

function mark(box) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

for (const box of boxes) watch.observe(box);
