"""Building the site beside an empty one, and the bytes of a page beside a stock page with its text."""

import functools
import gzip
import http.server
import os
import shutil
import threading
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import sync_playwright

from benchmarks.measuring import weigh
from tensorbook.book.site.notebooks.execution import WHOLE_FILE

ROOT = Path(__file__).parents[2]
PAGE = "2-network/"
BUILD = ("-m", "mkdocs", "build", "--quiet")
QUIET = {"NO_MKDOCS_2_WARNING": "1"}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
COMPRESSED = ("text/", "javascript", "json", "svg", "xml")


def test_building_the_site(rounds, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Empty\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: empty\ntheme: material\n")

    def one_round():
        ours, _ = weigh(*BUILD, "--site-dir", tmp_path / "ours", **QUIET)
        theirs, _ = weigh(*BUILD, "--site-dir", tmp_path / "theirs", folder=tmp_path, **QUIET)
        return {"build": (ours, theirs)}

    rounds(one_round)


def stock_config():
    """Return the settings of the book without its templates, style sheets, scripts and hooks: Material as it comes."""
    config = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    for name in ("extra_css", "extra_javascript", "hooks", "validation"):
        config.pop(name, None)
    config["theme"] = {"name": "material", "font": False}  # its fonts would come from another origin
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
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        rounds(lambda: {"bytes": tuple(fetched(browser, tmp_path / site) for site in ("ours", "theirs"))})
        browser.close()


def chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("TENSORBOOK_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def fetched(browser, site):
    """Return the kilobytes that a first visit of the page brings, text compressed by gzip as hosts do."""
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
