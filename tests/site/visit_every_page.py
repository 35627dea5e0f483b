"""Open each page of the site once, and record everything that the tests check on it."""

import io
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np
from accessibility import COLOURS_BY_DAY, IN_FULL, axe_rules, violations
from PIL import Image

# Everything that a reader can open is open: notes, tabs, and content that is laid out only when the reader comes near.
EVERYTHING = """
document.querySelectorAll('details').forEach(details => { details.open = true });
const sheet = new CSSStyleSheet();
sheet.replaceSync(`.tabbed-block { display: block !important } .tb-part { content-visibility: visible !important }
* { transition: none !important; animation: none !important }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""
NOTE_VIOLATIONS = """
  window.broken = [];
  const note = (event) => broken.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
  document.addEventListener("securitypolicyviolation", note);
"""
WIDTHS = (1280, 768, 360)
SCHEMES = ("light", "dark")
# Boxes that are wider than their space, boxes without a shadow that shows this, and outputs that do not wrap.
CLIPPED = """() => {
  const boxes = document.querySelectorAll('pre > code, .tb-math, .tb-diagram-box, .md-typeset table');
  const wide = [...boxes].filter(box => box.scrollWidth > box.clientWidth);
  const text = box => box.textContent.trim().slice(0, 60);
  return {
    page: document.scrollingElement.scrollWidth,
    seen: boxes.length,
    code: wide.filter(box => box.matches('pre > code')).map(text),
    unmarked: wide.filter(box => !getComputedStyle(box).backgroundAttachment.includes('local')).map(text),
    outputs: [...document.querySelectorAll('.tb-printed')].filter(line =>
      line.scrollWidth > line.clientWidth || line.getBoundingClientRect().width > line.closest('code').clientWidth
    ).map(text),
  };
}"""
PICTURES = """() => Array.from(document.querySelectorAll("article img"), (image) => ({
  alt: image.alt, source: image.getAttribute("src"), visible: image.checkVisibility(),
}))"""
# Every button is clicked; its text is caught on the way to the clipboard, which holds only one text at a time.
COPY = """async () => {
  let caught;
  navigator.clipboard.writeText = async (text) => { caught = text; };
  const found = [];
  for (const block of document.querySelectorAll("article .highlight:not(.doc-signature)")) {
    const texts = [];
    for (const button of block.querySelectorAll(".tb-copy button")) {
      caught = undefined;
      button.click();
      for (let turn = 0; caught === undefined && turn < 100; turn++) await new Promise((next) => setTimeout(next));
      texts.push(caught);
    }
    found.push([block.className.match(/language-(\\S+)/)[1], ...texts]);
  }
  return found;
}"""
# The theme's rules that the site leaves out, as the browser reads both style sheets, without pseudo-classes and
# -elements.
DROPPED = """async ([theirs, ours]) => {
  const selectors = (rules) => Array.from(rules).flatMap((rule) =>
    rule.selectorText?.split(/,(?![^(\\[]*[)\\]])/).map((one) => one.trim()) ?? selectors(rule.cssRules ?? []));
  const sheet = (css) => { const made = new CSSStyleSheet(); made.replaceSync(css); return made; };
  const [all, kept] = [theirs, ours].map((css) => new Set(selectors(sheet(css).cssRules)));
  const bare = [...all].filter((one) => !kept.has(one)).map((one) => one.replace(/::?[a-z-]+(?![\\w(-])/g, "").trim());
  const isWhole = (selector) => { try { return document.querySelector(selector) || true; } catch { return false; } };
  return [...new Set(bare)].filter(isWhole);
}"""
FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Past everything that is loaded as it comes near; observers notice it in the frame after the one in which it appears.
TO_THE_END = f"""async () => {{
  for (const part of document.querySelectorAll("[data-nearby]")) {{
    part.scrollIntoView({{ block: "center" }});
    await {FRAMES};
  }}
  scrollTo(0, document.body.scrollHeight);
}}"""
# The search's worker builds the same index in each page; that costs as much as loading the page. It runs in two.
WITHOUT_INDEX = """if (!%s.includes(location.pathname)) {
  window.Worker = class extends EventTarget { postMessage() {} terminate() {} };
}"""
# What may look wrong in the dark scheme although it looks right in the light one.
IN_THE_DARK = "[data-nearby], .tb-draw, img[src*='#only-dark']"


@dataclass
class Visit:
    """The results of opening a page once, in one scheme."""

    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # errors that its scripts threw or logged
    broken: list[str] = field(default_factory=list)  # lines of the page's policy
    pictures: list[dict] = field(default_factory=list)
    copied: list[list[str]] = field(default_factory=list)  # for each block: its language, and what its buttons copy
    clipped: dict[int, dict] = field(default_factory=dict)  # what CLIPPED found, by the width of the window
    axe: list[str] = field(default_factory=list)
    glaring: list[str] = field(default_factory=list)  # live parts that have a white area before they are used
    missed: list[str] = field(default_factory=list)  # rules of the theme that the site leaves out but the page needs


def settle(page, pending):
    """Wait until a page has loaded everything it needs."""
    quiet, until = 0, time.monotonic() + 60
    while quiet < 2 and time.monotonic() < until:
        page.evaluate(FRAMES)
        quiet = 0 if pending else quiet + 1


PANELS = ".tb-live__panel, .tb-draw, .tb-learn__panel"
AREA = 32  # pixels along each side: neither letters nor the strokes of a digit fill a square of this size


def glaring(page):
    """Return the names of the live parts of a dark page that have a white area; the window is resized to fit the
    longest."""
    panels = page.locator(PANELS)
    if panels.count():
        page.set_viewport_size({"width": WIDTHS[0], "height": 2000})
    for panel in panels.all():
        grey = np.asarray(Image.open(io.BytesIO(panel.screenshot())).convert("L"))
        rows, columns = (length // AREA for length in grey.shape)
        squares = grey[: rows * AREA, : columns * AREA].reshape(rows, AREA, columns, AREA)
        if squares.min(axis=(1, 3)).max() > 215:
            yield panel.get_attribute("aria-label") or panel.get_attribute("class")


def look(page, visit, pending, widths, axe, rules, dropped):
    """Record everything that the tests check on a page, in one visit; the page is open, at the first of WIDTHS.

    `rules` has what axe checks, as `axe_rules` returns it. Results that do not depend on colour, such as copied texts
    and clipped content, are recorded when all widths are checked.
    """
    page.mouse.move(200, 200)  # Material's script loads
    page.evaluate(TO_THE_END)
    settle(page, pending)
    visit.broken = page.evaluate("broken")
    visit.pictures = page.evaluate(PICTURES)
    visit.missed = page.evaluate("dropped => dropped.filter((selector) => document.querySelector(selector))", dropped)
    in_all = widths == WIDTHS
    checks = {WIDTHS[0]: rules[0], WIDTHS[-1]: rules[1]}
    if in_all:
        visit.copied = page.evaluate(COPY)
    page.evaluate(f"() => {{ {EVERYTHING} }}")
    page.evaluate("scrollTo(0, 0)")  # where the page's header does not cover anything
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(FRAMES)  # an observer marks boxes once they have been laid out
        if in_all:
            visit.clipped[width] = page.evaluate(CLIPPED)
        visit.axe += [f"at {width} px:\n{report}" for report in violations(page, axe, checks.get(width, []))]


def visit_pages(browser, address, pages, soup, axe, dropped, by_day):
    """Open each page once, under its own policy, and return what `look` records about it in each scheme.

    During the day, a page that has nothing live and no picture of its own for the dark scheme is not looked at in it.

    Args:
        browser: Chromium.
        address: The address of the site.
        pages: The addresses of the pages, below that of the site.
        soup: A function that returns a page's parsed HTML.
        axe: Axe, as `load_axe` returns it.
        dropped: The theme's selectors that the site leaves out.
        by_day: Whether to leave out what is checked at night only.
    """
    found = {scheme: {} for scheme in SCHEMES}
    # Without motion, no colour is changing while axe reads it.
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(NOTE_VIOLATIONS)
    context.add_init_script(WITHOUT_INDEX % json.dumps([urlsplit(address + path).path for path in IN_FULL]))
    page, pending, now = context.new_page(), set(), Visit()

    def started(request):
        now.requests.append(request.url)
        pending.add(request)

    def ended(request):
        pending.discard(request)

    def failed(request):
        ended(request)
        if "ABORTED" not in request.failure:  # requests that the last page had not finished are not failures
            now.failures.append(request.url)

    def answered(response):
        if response.status >= 400:
            now.failures.append(response.url)

    def complained(message):
        if message.type == "error":
            now.errors.append(message.text)

    for event, note in (
        ("request", started), ("requestfinished", ended), ("requestfailed", failed), ("response", answered),
        ("console", complained), ("weberror", lambda error: now.errors.append(str(error.error))),
    ):  # fmt: skip
        context.on(event, note)
    for path in pages:
        for scheme in SCHEMES:
            in_dark = scheme == "dark"
            if by_day and in_dark and path not in COLOURS_BY_DAY and not soup(path).select(IN_THE_DARK):
                continue
            now = found[scheme][path] = Visit(requests=[*now.requests] if in_dark else [])
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            if not in_dark:
                page.goto(address + path)
            widths = WIDTHS if path in IN_FULL or not in_dark else WIDTHS[:1]
            look(page, now, pending, widths, axe, axe_rules(path, scheme, by_day), dropped)
            if in_dark:
                now.glaring = list(glaring(page))
        page.goto("about:blank")  # before the window gets another size: nothing need be laid out again
    context.close()
    return found
