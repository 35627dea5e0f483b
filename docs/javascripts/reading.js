// Reading by keyboard. A box that scrolls is reached by keyboard: it takes the focus while it is wider than its place.

const boxes = document.querySelectorAll(".tb-math, .tb-diagram-box, .md-typeset table:not([class]), .md-typeset pre > code");
const watch = new ResizeObserver((entries) => {
  // First all that is asked, then all that is changed: the page is laid out once, not once a box.
  const wide = entries.filter(({ target }) => target.scrollWidth > target.clientWidth);
  for (const { target } of entries) target.removeAttribute("tabindex");
  for (const { target } of wide) target.tabIndex = 0;
});

for (const box of boxes) watch.observe(box);

// The labels that open the menu and the search are pressed like buttons. Material listens to Enter alone, and only once it
// is there: it is not told.
document.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || !event.target.matches("label[tabindex]")) return;
  event.preventDefault();
  event.stopPropagation();
  event.target.click();
});
