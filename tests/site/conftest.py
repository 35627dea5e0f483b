"""The site, built once and served from a folder below the root, and a browser to read it with."""

import functools
import http.server
import os
import shutil
import sys
import threading
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = "/books/tensorbook/"  # nothing may rely on standing at the root of its host
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Where these stand first on the path, building the site cannot import the real ones unnoticed.
FORBIDDEN = ("tensorflow", "keras")
DATE = "1700000000"  # of the commit, as whoever publishes says it in SOURCE_DATE_EPOCH


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the built site below FOLDER, as quietly as a static host, with its 404 page."""

    def translate_path(self, path):
        if not urlsplit(path).path.startswith(FOLDER):
            return str(Path(self.directory) / "nothing-here")
        return super().translate_path(path[len(FOLDER) - 1 :])

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
    """A folder and the address that it is served at, while the tests run."""
    folder = tmp_path_factory.mktemp("site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as httpd:
        httpd.daemon_threads = True
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{httpd.server_port}{FOLDER}"
        httpd.shutdown()
        thread.join(timeout=60)


@pytest.fixture(scope="session")
def environment(server):
    """What whoever builds the site says in variables."""
    return {**os.environ, "SITE_URL": server[1], "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": DATE}


@pytest.fixture(scope="session")
def build(processes, environment, tmp_path_factory):
    """Build the site into a folder: `build(folder)`; building it imports no TensorFlow and meets no warning."""
    traps = tmp_path_factory.mktemp("traps")
    for name in FORBIDDEN:
        (traps / f"{name}.py").write_text(f"raise ImportError('building the site must not import {name}')\n")

    def run(folder, project=ROOT, path=(), **variables):
        there = {**environment, "PYTHONPATH": os.pathsep.join(map(str, [traps, *path])), **variables}
        there.pop("TENSORBOOK_MNIST", None)
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder]
        result = processes.run(command, cwd=project, env=there)
        assert result.returncode == 0, result.stdout + result.stderr
        assert "WARNING" not in result.stderr, result.stderr

    return run


@pytest.fixture(scope="session")
def site(server, build):
    """The folder of the built site."""
    build(server[0])
    return server[0]


@pytest.fixture(scope="session")
def address(server, site):  # noqa: ARG001  # built before anybody asks
    """Where the site stands, with a slash at the end."""
    return server[1]


@pytest.fixture(scope="session")
def pages(site, address):
    """The addresses of all pages below `address`, from the sitemap; the first is the home page, ''."""
    tree = ET.parse(site / "sitemap.xml")
    found = [location.text for location in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert all(page.startswith(address) for page in found)
    return [page.removeprefix(address) for page in found]


def executable():
    """Return the path of a browser that is installed, or None for Playwright's own."""
    named = os.environ.get("TENSORBOOK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    """Chromium; where there is none these tests are skipped, but in CI, which has to have one."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=executable(), args=SWITCHES)
        except Error as error:
            reason = f"needs Chromium: install it, or name it in TENSORBOOK_CHROMIUM ({str(error).splitlines()[0]})"
            if os.environ.get("TENSORBOOK_REQUIRE_BROWSER"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield chromium
        chromium.close()


# What a reader can open is open: notes, tabs, and what is laid out only when it comes near.
EVERYTHING = """
document.querySelectorAll('details').forEach(details => { details.open = true });
const sheet = new CSSStyleSheet();
sheet.replaceSync(`.tabbed-block { display: block !important } .tb-part { content-visibility: visible !important }
* { transition: none !important; animation: none !important }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""


@pytest.fixture(scope="session")
def unfold():
    """Open all that can be opened in a page: `unfold(page)`."""
    return lambda page: page.evaluate(f"() => {{ {EVERYTHING} }}")


@pytest.fixture
def open_page(browser, address):
    """Open a page of the site: `open_page("2-network/", width=360, scheme="dark")`.

    Without the page's policy, unless asked for: it forbids the `eval` by which Playwright waits for a condition.
    """
    contexts = []

    def opened(path="", *, width=1280, scheme="light", **options):
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
