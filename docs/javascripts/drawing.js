// All that a page without a box to draw in has to load. Where there is one, the rest is fetched as the box comes near:
// by then the page has been painted, and a reader who stays above never pays for it.

const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    build(target);
  }
}, { rootMargin: "100% 0px" }); // one screen ahead

async function build(box) {
  try {
    const [{ buildBox }] = await Promise.all([import("./drawing/box.js"), loadStyle()]);
    buildBox(box);
  } catch {
    box.classList.add("tb-draw--missing"); // its place need not be kept
    box.textContent = "The box to draw in could not be fetched. Reload the page once there is a connection.";
  }
}

function loadStyle() {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../stylesheets/drawing.css", import.meta.url);
    link.onload = link.onerror = resolve; // a box without its looks still works
    document.head.append(link);
  });
}

function start() {
  document.documentElement.classList.replace("no-js", "js"); // in case a stricter policy kept the head's script from it
  for (const box of document.querySelectorAll(".tb-draw")) near.observe(box);
}

if (document.readyState === "complete") start();
else addEventListener("load", start);
