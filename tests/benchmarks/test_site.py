"""Building the site, and writing a page, beside stock Material; a page's bytes beside a stock page with its text.

And how long the box on the first page takes to answer on a slow mobile connection.
"""

import contextlib
import functools
import gzip
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
import yaml
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import sync_playwright

from benchmarks.measuring import cpu_seconds, seconds, weigh
from tensorbook.book.browser import find_browser
from tensorbook.book.site.notebook_links import WHOLE_FILE

ROOT = Path(__file__).parents[2]
PAGE = "2-network/"
STYLE_URL = "stylesheets/book.css"
STYLE = f"docs/{STYLE_URL}"
LIMIT = 60  # seconds: many times as long as any single wait takes
BUILD = ("-m", "mkdocs", "build")
QUIET = {"NO_MKDOCS_2_WARNING": "1"}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
COMPRESSED = ("text/", "javascript", "json", "svg", "xml")


@pytest.fixture
def ours(tmp_path):
    """A clean checkout."""
    return project(tmp_path / "ours", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


@pytest.fixture
def stock(tmp_path):
    """Stock Material with the same Markdown; syntax that only the book's plugins and extensions understand stays as it
    is."""
    config = stock_config()
    config["plugins"] = ["search"]
    config["markdown_extensions"] = [one for one in config["markdown_extensions"] if "tensorbook." not in str(one)]
    return project(tmp_path / "stock", yaml.safe_dump(config))


def project(folder, config):
    for name in ("docs", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    return folder


def test_building_the_site(rounds, ours, stock):
    def one_round():
        shutil.rmtree(ours / ".cache", ignore_errors=True)
        clean, theirs, again = (cpu_seconds(*BUILD, folder=folder, **QUIET) for folder in (ours, stock, ours))
        return {"build": (clean, theirs), "build-again": (again, theirs)}

    rounds(one_round)


def test_saving_a_file_under_serve(processes, rounds, ours, stock):
    with serving(processes, ours) as our_address, serving(processes, stock) as their_address:

        def one_round():
            sides = ((ours, our_address), (stock, their_address))
            page = [seconds(save, folder / "docs/2-network.md", address, PAGE) for folder, address in sides]
            sheet = [seconds(save, folder / STYLE, address, STYLE_URL) for folder, address in sides]
            return {"save-page": tuple(page), "save-style": tuple(sheet)}

        rounds(one_round)


@contextlib.contextmanager
def serving(processes, folder):
    """Yield the address of a running `mkdocs serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", address.split("/")[2]]
    process = processes.start(
        command, cwd=folder, env={**os.environ, **QUIET}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + LIMIT
        while True:
            try:
                fetch(address)
                break
            except OSError:  # it is still building
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
        yield address
    finally:
        processes.end(process)


def save(path, address, url):
    """Change a file as an author does, wait as the page in the browser does, and fetch the changed page."""
    build, request = re.search(r"livereload\((\d+), (\d+)\)", fetch(address + PAGE)).groups()
    mark = f"saved-{time.monotonic_ns()}"
    comment = f"/* {mark} */" if path.suffix == ".css" else mark
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{comment}\n", encoding="utf-8")
    assert fetch(f"{address}livereload/{build}/{request}") != build
    assert mark in fetch(address + url)


def fetch(address):
    with urllib.request.urlopen(address, timeout=LIMIT) as answer:  # our own server
        return answer.read().decode()


def stock_config():
    """Return the book's settings without its templates, style sheets, scripts and hooks: stock Material."""
    config = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    for name in ("extra_css", "extra_javascript", "hooks", "validation"):
        config.pop(name, None)
    config["theme"] = {"name": "material", "font": False}  # its fonts would come from a different origin
    config["nav"] = [entry for entry in config["nav"] if WHOLE_FILE not in str(entry)]
    return config


def test_bytes_of_a_page(rounds, tmp_path):
    stock = tmp_path / "stock"
    stock.mkdir()
    (stock / "docs").symlink_to(ROOT / "docs")
    (stock / "src").symlink_to(ROOT / "src")
    (stock / "mkdocs.yml").write_text(yaml.safe_dump(stock_config()))
    weigh(*BUILD, "--site-dir", tmp_path / "ours", **QUIET)
    weigh(*BUILD, "--site-dir", tmp_path / "theirs", folder=stock, **QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=SWITCHES)
        rounds(lambda: {"bytes": tuple(fetched(browser, tmp_path / site) for site in ("ours", "theirs"))})
        browser.close()


# 400 kbit/s
SLOW_CONNECTION = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "bypass_csp": True}
# As in most browsers, which say nothing about their connection.
NOTHING_SAID = "Object.defineProperty(Navigator.prototype, 'connection', { get: () => undefined })"
ANSWERED = "() => /: \\d \\(|not sure/.test(document.querySelector('.tb-draw__said').textContent)"


def test_first_answer_on_a_slow_connection(rounds, tmp_path):
    weigh(*BUILD, "--site-dir", tmp_path, **QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=SWITCHES)

        def one_round():
            alone = on_slow_connection(browser, tmp_path, fetch_weights)
            plain = on_slow_connection(browser, tmp_path, draw_first_digit)
            compressed = on_slow_connection(browser, tmp_path, draw_first_digit, compressing=True)
            return {"answer": (plain, alone), "answer-gzip": (compressed, alone)}

        rounds(one_round)
        browser.close()


def on_slow_connection(browser, site, act, compressing=False):
    """Return how long something takes on a phone with an empty cache, as it says itself."""
    handler = functools.partial(CompressingHandler if compressing else Handler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context(**PHONE)
        context.add_init_script(NOTHING_SAID)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_CONNECTION)
        took = act(page, f"http://127.0.0.1:{server.server_port}/")
        context.close()
        server.shutdown()
    return took


def fetch_weights(page, address):
    page.goto(f"{address}results/record.json")
    return seconds(page.evaluate, "async () => { await (await fetch('weights.safetensors')).arrayBuffer(); }")


def draw_first_digit(page, address):
    """Open the first page, draw a one as soon as the box is there, and wait for an answer."""
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".tb-draw__canvas").wait_for()
    left, top, side = page.locator(".tb-draw__canvas").evaluate(
        "(c) => { const box = c.getBoundingClientRect(); return [box.left, box.top, box.width]; }"
    )
    page.mouse.move(left + side / 2, top + side / 5)
    page.mouse.down()
    page.mouse.move(left + side / 2, top + side * 4 / 5, steps=10)
    page.mouse.up()
    page.wait_for_function(ANSWERED, timeout=LIMIT * 1000)
    return time.perf_counter() - start


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def copyfile(self, source, outputfile):
        with contextlib.suppress(OSError):  # a phone that has its answer closes the connection
            super().copyfile(source, outputfile)


class CompressingHandler(Handler):
    """Sends text compressed, as most hosts do."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        kind = self.guess_type(str(path))
        if not path.is_file() or not any(one in kind for one in COMPRESSED):
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Encoding": "gzip", "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


def fetched(browser, site):
    """Return the kilobytes that a first visit to the page downloads, with text compressed by gzip as hosts do."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        responses = []
        page.on("response", lambda response: responses.append(response))
        page.goto(f"http://127.0.0.1:{server.server_port}/{PAGE}", wait_until="networkidle")
        sizes = [size(response) for response in responses]
        context.close()
        server.shutdown()
    assert len(sizes) > 2
    return sum(sizes) / 1000


def size(response):
    assert response.ok, response.url
    body = response.body()
    compressed = any(kind in response.headers.get("content-type", "") for kind in COMPRESSED)
    return len(gzip.compress(body, 6)) if compressed else len(body)
