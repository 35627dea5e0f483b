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

// On a narrow page the menu lies over the rest, which then takes no focus; Escape closes it, as its button does. Sections
// open as panels over each other: book.css hides those below, and here the labels that lead in and out take the focus.
const drawer = document.getElementById("__drawer");
const menu = document.querySelector(".md-sidebar--primary");
const menuButton = document.querySelector("label[for='__drawer'][tabindex]");
const wide = matchMedia("(min-width: 76.25em)"); // from here on the menu is beside the text

function besideTheMenu() {
  const found = [];
  for (let part = menu; part !== document.body; part = part.parentElement) {
    found.push(...Array.from(part.parentElement.children).filter((other) => other !== part));
  }
  return found.filter((part) => !part.matches("script, .md-overlay, .md-toggle"));
}

function focusFirst(panel) {
  const links = Array.from(panel.querySelectorAll("a[href], label[tabindex]"));
  links.find((link) => link.checkVisibility({ visibilityProperty: true }))?.focus();
}

function settle() {
  const open = drawer.checked && !wide.matches;
  for (const part of besideTheMenu()) part.inert = open;
  if (open) focusFirst(menu);
  else if (menu.contains(document.activeElement) && !wide.matches) menuButton.focus();
}

if (drawer && menu && menuButton) {
  for (const label of menu.querySelectorAll("label.md-nav__link, label.md-nav__title")) {
    if (label.htmlFor !== "__drawer") label.tabIndex = 0;
  }
  drawer.addEventListener("change", settle);
  wide.addEventListener("change", settle);
  menu.addEventListener("change", ({ target }) => {
    if (wide.matches) return;
    if (target.checked) focusFirst(target.parentElement.querySelector(".md-nav"));
    else menu.querySelector(`label.md-nav__link[for="${target.id}"]`)?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drawer.checked || wide.matches) return;
    drawer.click();
    menuButton.focus();
  });
}
