"""The site, built once and served from a folder below the root, and a browser to open it."""

import collections
import contextlib
import functools
import http.server
import io
import itertools
import os
import sys
import threading
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlsplit

import material
import pytest
from accessibility import load_axe
from bs4 import BeautifulSoup
from visit_every_page import DROPPED, EVERYTHING, NOTE_VIOLATIONS, visit_pages

from tensorbook.book.browser import find_browser

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


class Server(http.server.ThreadingHTTPServer):
    """Serves the site, and ignores browsers that hang up because a test has closed their window."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A folder, the address that it is served at while the tests run, and pages that are served with it."""
    folder = tmp_path_factory.mktemp("site")
    with Server(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as httpd:
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
def file_of(site, address):
    """Return the file of the site that a request is answered with: `file_of("http://…/2-network/")`."""

    def find(url):
        file = site / urlsplit(url).path.removeprefix(urlsplit(address).path)
        return file / "index.html" if file.is_dir() else file

    return find


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


@pytest.fixture(scope="session")
def unfold():
    """Open everything that can be opened on a page: `unfold(page)`."""
    return lambda page: page.evaluate(f"() => {{ {EVERYTHING} }}")


@pytest.fixture(scope="session")
def short_page(site, server):
    """Serve some elements at the end of a short page, which a browser opens much faster than a long one.

    `short_page("2-network/", soup("2-network/").select(".tb-draw"))` returns the path of the short page.
    """

    numbers = itertools.count(1)  # two parts of a chapter may each have a short page

    def serve(path, elements):
        page = (site / "install/index.html").read_text(encoding="utf-8")
        page = page.replace("</article>", "\n".join([*map(str, elements), "</article>"]))
        short = f"short-{next(numbers)}-{path}"
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
        self.errors = []  # what scripts of its pages threw
        self.context.on("weberror", lambda error: self.errors.append(f"{error.page.url}: {error.error}"))
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
        errors = []
        for kind, window in lent:
            errors += window.errors
            window.errors.clear()
            if kind and window.clear():
                free[kind].append(window)
            else:
                window.context.close()
        assert errors == [], "a script of the page threw an error"

    yield pages
    for window in itertools.chain.from_iterable(free.values()):
        window.context.close()


@pytest.fixture
def open_page(opening):
    """Open a page of the site: `open_page("2-network/", width=360, scheme="dark")`.

    A test fails if a script of the page throws an error that nothing catches, whatever else the test asserts. The page
    has no policy unless requested, since a policy forbids the `eval` with which Playwright waits for
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


@pytest.fixture(scope="session")
def dropped(quiet_page, site):
    """The theme's selectors that the site leaves out."""
    [ours] = site.glob("assets/stylesheets/main.*.css")
    theirs = Path(material.__file__).parent / "templates/assets/stylesheets" / ours.name
    return quiet_page.evaluate(DROPPED, [sheet.read_text(encoding="utf-8") for sheet in (theirs, ours)])


@pytest.fixture(scope="session")
def axe():
    return load_axe()


@pytest.fixture(scope="session")
def visits(browser, address, pages, soup, axe, dropped, every):
    """What was recorded about each page, opened once and looked at in each scheme: `visits["dark"]["2-network/"]`."""
    return visit_pages(browser, address, pages, soup, axe, dropped, by_day=every(2) > 1)
