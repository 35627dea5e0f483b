// Focus for those who use the keyboard: boxes that scroll can be focused while their content is wider than they are, labels
// work like buttons, and an open menu keeps the focus.

const boxes = document.querySelectorAll(".tb-math, .tb-diagram-box, .md-typeset table:not([class]), .md-typeset pre > code");
const watch = new ResizeObserver((entries) => {
  // Read all sizes first, then make all changes, so that the page is laid out once and not once per box.
  const wide = entries.filter(({ target }) => target.scrollWidth > target.clientWidth);
  for (const { target } of entries) target.removeAttribute("tabindex");
  for (const { target } of wide) target.tabIndex = 0;
});

for (const box of boxes) watch.observe(box);

// The labels that open the menu and the search can be pressed like buttons. Material handles only Enter, and only once
// it has loaded, so the event does not reach it.
document.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || !event.target.matches("label[tabindex]")) return;
  event.preventDefault();
  event.stopPropagation();
  event.target.click();
});

// On a narrow page, the menu covers the rest, which then can't be focused; Escape closes it, as its button does.
// Sections open as panels on top of each other: book.css hides those below, and this code moves the focus to the labels
// that open and close them.
const drawer = document.getElementById("__drawer");
const menu = document.querySelector(".md-sidebar--primary");
const menuButton = document.querySelector("label[for='__drawer'][tabindex]");
const wide = matchMedia("(width >= 76.25em)"); // the menu is beside the text

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
