"""The site, built once and served from a folder below the root, and a browser to open it."""

import collections
import contextlib
import functools
import http.server
import io
import itertools
import json
import os
import sys
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import material
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tensorbook.book.results.learning import find_browser

ROOT = Path(__file__).parents[2]
FOLDER = "/books/tensorbook/"  # nothing may rely on being at the root of its host
NO_SECURE_CONTEXT = "books.test"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The same server under a name that browsers trust less than their own computer, such as http://192.168.…
    f"--host-resolver-rules=MAP {NO_SECURE_CONTEXT} 127.0.0.1",
]
# If stand-ins for these come first on the path, building the site cannot import the real packages unnoticed.
FORBIDDEN = ("tensorflow", "keras")
REPOSITORY = "https://github.com/someone/tensorbook"
DATE = "1700000000"  # of the commit, as the publisher sets it in SOURCE_DATE_EPOCH


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the built site below FOLDER, as quietly as a static host, with its 404 page."""

    def translate_path(self, path):
        if not urlsplit(path).path.startswith(FOLDER):
            return str(Path(self.directory) / "nothing-here")
        return super().translate_path(path[len(FOLDER) - 1 :])

    def send_head(self):
        made = self.server.made.get(urlsplit(self.path).path)
        if made is None:
            return super().send_head()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(made)))
        self.send_header("Cache-Control", "max-age=600")  # as many hosts do, so that the browser keeps it
        self.end_headers()
        return io.BytesIO(made)

    def send_error(self, code, message=None, explain=None):
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A folder, the address that it is served at while the tests run, and pages that are served with it."""
    folder = tmp_path_factory.mktemp("site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as httpd:
        httpd.daemon_threads = True
        httpd.made = {}
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{httpd.server_port}{FOLDER}", httpd.made
        httpd.shutdown()
        thread.join(timeout=60)


@pytest.fixture(scope="session")
def environment(server):
    """The variables that the publisher of the site sets."""
    said = {"SITE_URL": server[1], "REPO_URL": REPOSITORY, "SOURCE_DATE_EPOCH": DATE}
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", **said}


@pytest.fixture(scope="session")
def build(processes, environment, tmp_path_factory):
    """Build the site in a folder: `build(folder)`; this must not import TensorFlow or cause a warning."""
    traps = tmp_path_factory.mktemp("traps")
    asked = traps / "asked"
    (traps / "git").write_text(f"#!/bin/sh\necho \"$@\" >> '{asked}'\n")
    (traps / "git").chmod(0o755)
    for name in FORBIDDEN:
        (traps / f"{name}.py").write_text(f"raise ImportError('building the site must not import {name}')\n")

    def run(folder, project=ROOT, path=(), **variables):
        there = {
            **environment,
            "PATH": os.pathsep.join([str(traps), environment["PATH"]]),
            "PYTHONPATH": os.pathsep.join(map(str, [traps, *path])),
            **variables,
        }
        there.pop("TENSORBOOK_MNIST", None)
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
        result = processes.run(command, cwd=project, env=there)
        assert result.returncode == 0, result.stdout + result.stderr
        assert "WARNING" not in result.stderr, result.stderr
        assert not asked.exists() or "HEAD" not in asked.read_text(), "git was asked for the last commit"

    return run


@pytest.fixture(scope="session")
def site(server, build):
    """The built site's folder."""
    build(server[0])
    return server[0]


@pytest.fixture(scope="session")
def address(server, site):  # noqa: ARG001  # built before anybody asks
    """The address of the site, with a slash at the end."""
    return server[1]


@pytest.fixture(scope="session")
def pages(site, address):
    """The addresses of all pages below `address`, from the sitemap; the first is the home page, ''."""
    tree = ET.parse(site / "sitemap.xml")
    found = [location.text for location in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert all(page.startswith(address) for page in found)
    return [page.removeprefix(address) for page in found]


@pytest.fixture(scope="session")
def soup(site):
    """Parse a page or another HTML file of the site, once for all tests, which only read it: `soup("2-network/")`."""

    def parse(path):
        file = site / path / "index.html" if not path or path.endswith("/") else site / path
        return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")

    return functools.cache(parse)


@pytest.fixture(scope="session")
def browser():
    """Chromium; without it, these tests are skipped, except in CI, where it is required."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=find_browser(), args=SWITCHES)
        except Error as error:
            reason = f"needs Chromium: install it, or name it in TENSORBOOK_CHROMIUM ({str(error).splitlines()[0]})"
            if os.environ.get("TENSORBOOK_REQUIRE_BROWSER"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield chromium
        chromium.close()


# Everything that a reader can open is open: notes, tabs, and content that is laid out only when the reader comes near.
EVERYTHING = """
document.querySelectorAll('details').forEach(details => { details.open = true });
const sheet = new CSSStyleSheet();
sheet.replaceSync(`.tabbed-block { display: block !important } .tb-part { content-visibility: visible !important }
* { transition: none !important; animation: none !important }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""


@pytest.fixture(scope="session")
def unfold():
    """Open everything that can be opened on a page: `unfold(page)`."""
    return lambda page: page.evaluate(f"() => {{ {EVERYTHING} }}")


@pytest.fixture(scope="session")
def short_page(site, server):
    """Serve some elements at the end of a short page, which a browser opens much faster than a long one.

    `short_page("2-network/", soup("2-network/").select(".tb-draw"))` returns the path of the short page.
    """

    def serve(path, elements):
        page = (site / "install/index.html").read_text(encoding="utf-8")
        page = page.replace("</article>", "\n".join([*map(str, elements), "</article>"]))
        short = f"short-{path}"
        server[2][FOLDER + short] = page.encode()
        return short

    return serve


THEME = "*/assets/javascripts/bundle.*"
FORGET = """async () => {
  localStorage.clear();
  sessionStorage.clear();
  for (const name of await caches.keys()) await caches.delete(name);
}"""


class Window:
    """A browser window with one page; `theme` is whether Material's script may be loaded."""

    def __init__(self, browser, theme, options):
        view = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}  # of pages that a test adds
        self.context = browser.new_context(**{**view, "bypass_csp": True, **options})
        self.context.add_init_script(NOTE_VIOLATIONS)
        self.page = self.context.new_page()
        if not theme:
            network = self.context.new_cdp_session(self.page)  # a route would also turn off the browser's cache
            network.send("Network.enable")
            network.send("Network.setBlockedURLs", {"urls": [THEME]})

    def clear(self):
        """Remove everything that a test has left behind; return whether that was possible."""
        from playwright.sync_api import Error

        for other in self.context.pages:
            if other != self.page:
                other.close()
        try:
            self.context.unroute_all()
            self.page.unroute_all()
            self.page.evaluate(FORGET)
            self.page.goto("about:blank")
            self.page.emulate_media(media="null")
            self.page.mouse.move(-1, -1)  # outside
        except Error:
            return False
        return True


@pytest.fixture(scope="session")
def opening(browser, address):
    """The context manager behind `open_page`, for fixtures that live longer: `with opening() as open_page:`."""
    free = collections.defaultdict(list)  # windows that no test is using, by their options

    @contextlib.contextmanager
    def pages():
        lent = []

        def opened(
            path="",
            *,
            width=1280,
            height=900,
            scheme="light",
            reduced_motion="no-preference",
            forced_colors="none",
            theme=True,
            setup=None,
            fresh=False,
            **options,
        ):
            kind = None if fresh else (theme, *sorted(options.items()))
            window = free[kind].pop() if free[kind] else Window(browser, theme, options)
            lent.append((kind, window))
            page = window.page
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme, reduced_motion=reduced_motion, forced_colors=forced_colors)
            if setup:
                setup(page)
            page.goto(address + path)
            return page

        yield opened
        for kind, window in lent:
            if kind and window.clear():
                free[kind].append(window)
            else:
                window.context.close()

    yield pages
    for window in itertools.chain.from_iterable(free.values()):
        window.context.close()


@pytest.fixture
def open_page(opening):
    """Open a page of the site: `open_page("2-network/", width=360, scheme="dark")`.

    The page has no policy unless requested, since a policy forbids the `eval` with which Playwright waits for
    conditions. Violations are noted in the page, in `broken`. `setup` is called with the page before anything is
    loaded.

    Tests use the same windows one after the other, since opening a page in a new window takes three times as long.
    With `fresh=True`, a test gets its own window. It needs one if it changes something that can't be undone, such as
    adding a script that runs before each page. With `theme=False`, Material's script (menu, search) isn't loaded: it
    takes longer than the rest of a page.
    """
    with opening() as opened:
        yield opened


@pytest.fixture(scope="session")
def quiet_page(browser, address):
    """A page with nothing live: functions are imported into it."""
    page = browser.new_page(bypass_csp=True)
    page.goto(f"{address}install/")
    yield page
    page.close()


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
# What axe says of a page depends on its width only by OF_WIDTH, on its scheme by OF_COLOUR; on two pages it says all.
# During the day, most pages are checked at the narrowest width only.
OF_WIDTH = ["scrollable-region-focusable", "target-size"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
IN_FULL = ("", "2-network/")
# The search's worker builds the same index in each page; that costs as much as loading the page. It runs in two.
WITHOUT_INDEX = """if (!%s.includes(location.pathname)) {
  window.Worker = class extends EventTarget { postMessage() {} terminate() {} };
}"""
# What may look wrong in the dark scheme although it looks right in the light one.
IN_THE_DARK = "[data-nearby], .tb-draw, img[src*='#only-dark']"
AT_NIGHT = ("results/whole-book/",)  # the chapters again, which take axe as long as half of the other pages
# Checking contrast takes axe longer than everything else. During the day, it is checked on the pages that have every
# part.
COLOURS_BY_DAY = ("", "install/", "2-network/", "results/")
# Two more pages have live parts that no other page has; the rest of them is as on the pages above.
LIVE_COLOURS_BY_DAY = {"6-engine/": ".tb-learn, .tb-try, .tb-live", "9-your-own-digits/": ".tb-live"}


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


def look(page, visit, pending, axe, rules, dropped):
    """Record everything that the tests check on a page, in one visit; the page is open, at the first of WIDTHS.

    For each width, `rules` has what axe is run with: pairs of a selector, or None, and options. Results that do
    not depend on colour, such as copied texts and clipped content, are recorded when all widths are checked.
    """
    page.mouse.move(200, 200)  # Material's script loads
    page.evaluate(TO_THE_END)
    settle(page, pending)
    visit.broken = page.evaluate("broken")
    visit.pictures = page.evaluate(PICTURES)
    visit.missed = page.evaluate("dropped => dropped.filter((selector) => document.querySelector(selector))", dropped)
    in_all = len(rules) == len(WIDTHS)
    if in_all:
        visit.copied = page.evaluate(COPY)
    page.evaluate(f"() => {{ {EVERYTHING} }}")
    page.evaluate("scrollTo(0, 0)")  # where the page's header does not cover anything
    for width in rules:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(FRAMES)  # an observer marks boxes once they have been laid out
        if in_all:
            visit.clipped[width] = page.evaluate(CLIPPED)
        options = {"resultTypes": ["violations"], "preload": False}
        for part, chosen in rules[width]:
            results = axe.run(page, context=part, options={**options, **chosen})
            if results.violations_count:
                visit.axe.append(f"at {width} px:\n{results.generate_report()}")


@pytest.fixture(scope="session")
def axe():
    """Axe, which a page that already has it does not have to compile again, since it is half a megabyte."""
    from axe_playwright_python.base import AXE_SCRIPT
    from axe_playwright_python.sync_playwright import Axe

    return Axe(f"if (!window.axe) {{ {AXE_SCRIPT} }}")


@pytest.fixture(scope="session")
def dropped(quiet_page, site):
    """The theme's selectors that the site leaves out."""
    [ours] = site.glob("assets/stylesheets/main.*.css")
    theirs = Path(material.__file__).parent / "templates/assets/stylesheets" / ours.name
    return quiet_page.evaluate(DROPPED, [sheet.read_text(encoding="utf-8") for sheet in (theirs, ours)])


@pytest.fixture(scope="session")
def visits(browser, address, pages, every, dropped, soup, axe):
    """Each page, opened once under its own policy and looked at in each scheme: `visits["dark"]["2-network/"]`.

    During the day, a page that has nothing live and no picture of its own for the dark scheme is not looked at in it.
    """
    found, by_day = {scheme: {} for scheme in SCHEMES}, every(2) > 1
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
            rules = {1280: [(None, {})], 768: [], 360: [(None, {"runOnly": OF_WIDTH})]}
            if path in IN_FULL:
                rules[360] = [(None, {})]
            elif in_dark:
                rules = {1280: [(None, {"runOnly": OF_COLOUR})]}
            if by_day and path not in COLOURS_BY_DAY:
                no_colour = {"rules": {rule: {"enabled": False} for rule in OF_COLOUR}}
                rules = {1280: []} if in_dark else {1280: [], 768: [], 360: [(None, no_colour)]}
                if part := LIVE_COLOURS_BY_DAY.get(path):
                    rules[1280].append((part, {"runOnly": OF_COLOUR}))
            if by_day and path in AT_NIGHT:
                rules = {width: [] for width in rules}
            look(page, now, pending, axe, rules, dropped)
            if in_dark:
                now.glaring = list(glaring(page))
        page.goto("about:blank")  # before the window gets another size: nothing need be laid out again
    context.close()
    return found
