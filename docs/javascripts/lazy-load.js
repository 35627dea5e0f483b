// Loads the live parts of a page. Each part is loaded when the reader scrolls near it: by then the page has been
// painted, and readers who don't scroll that far never download it.
//
// <div data-nearby="drawing/box"> is filled in by `build` in drawing/box.js, and styled by stylesheets/controls.css and
// stylesheets/drawing.css.

/** Tell whether the connection is slow, from the times that the page's own files took, which every browser measures. */
export const onSlowLine = () =>
  isSlow([...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]);

/**
 * Tell whether files came over a slow connection: at most 700 kbit/s, or at least 270 ms until the first byte of each.
 *
 * entries are a browser's PerformanceResourceTiming. Those from its cache say nothing about the connection. If there are only
 * a few others, the connection counts as fast, because a server or a computer may have been busy.
 */
export function isSlow(entries) {
  const came = entries.filter(({ transferSize, responseEnd }) => transferSize > 0 && responseEnd > 0);
  if (came.length < 3) return false;
  if (Math.min(...came.map(({ requestStart, responseStart }) => responseStart - requestStart)) >= 270) return true;
  const bytes = came.reduce((sum, { transferSize }) => sum + transferSize, 0);
  return bytes > 30_000 && (8 * bytes) / timeOf(came) <= 700; // bits a millisecond are kbit a second
}

// For how long something came: files that come at the same time share the connection.
function timeOf(entries) {
  let [time, until] = [0, 0];
  for (const { responseStart, responseEnd } of entries.toSorted((a, b) => a.responseStart - b.responseStart)) {
    time += Math.max(responseEnd - Math.max(responseStart, until), 0);
    until = Math.max(until, responseEnd);
  }
  return time;
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      enliven(target);
    }
  },
  { rootMargin: "100% 0px" },
); // one screen ahead

async function enliven(host) {
  const { nearby, name = "The live figure" } = host.dataset;
  try {
    const [{ build }] = await Promise.all([
      import(`./${nearby}.js`), loadStyle("controls"), loadStyle(nearby.split("/")[0]),
    ]);
    await build(host);
  } catch (error) {
    console.warn(error);
    const note = document.createElement("p");
    note.textContent = `${name} could not be loaded. Reload the page once you are online.`;
    host.classList.add("tb-missing"); // no space needs to be reserved for it
    host.append(note);
  }
}

const styles = new Map();

function loadStyle(name) {
  if (!styles.has(name)) {
    styles.set(
      name,
      new Promise((resolve) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = new URL(`../stylesheets/${name}.css`, import.meta.url);
        link.onload = link.onerror = resolve; // a part without its style still works
        document.head.append(link);
      }),
    );
  }
  return styles.get(name);
}

function start() {
  document.documentElement.classList.replace("no-js", "js"); // in case a stricter policy blocked the script in the head
  for (const host of document.querySelectorAll("[data-nearby]")) near.observe(host);
  goTo(location.hash);
  addEventListener("hashchange", () => goTo(location.hash));
  document.addEventListener("click", ({ target }) => {
    const hash = target.closest("[data-leads-to]")?.dataset.leadsTo;
    if (!hash) return;
    history.pushState(null, "", hash);
    const host = goTo(hash);
    host.dataset.asked = ""; // for a part that has not been loaded yet
    host.dispatchEvent(new Event("asked"));
  });
}

// An address such as `#learn=sgd` is read by one of the parts, and leads to that part.
function goTo(hash) {
  const name = hash.match(/^#([\w-]+)=/)?.[1];
  const host = name && document.querySelector(`[data-address="${name}"]`);
  host?.scrollIntoView();
  return host;
}

if (document.readyState === "complete") start();
else addEventListener("load", start);
