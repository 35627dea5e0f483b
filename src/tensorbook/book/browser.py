"""Find Chromium, and open a page in it that has the book's scripts and digits."""

import functools
import http.server
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tensorbook.errors import UserError

if TYPE_CHECKING:
    from playwright.sync_api import Page


SCRIPTS = Path("docs/javascripts")
# The headless shell comes first: without a window, Chromium takes a third of the time for each page.
BROWSERS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip


def find_browser() -> str | None:
    """Return the path of the browser that is configured or installed, or None for Playwright's own."""
    return os.environ.get("TENSORBOOK_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def browser_page(digits: bytes, also: Mapping[str, Path] | None = None) -> Iterator[tuple["Page", str]]:
    """Open an empty page of a site with the book's scripts and digits, and return the browser's name and version, too.

    Args:
        digits: The file of digits.
        also: More folders of the site, by their names there.

    Raises:
        UserError: There is no browser.
    """
    from playwright.sync_api import Error, sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        shutil.copytree(SCRIPTS, Path(folder) / "javascripts")
        for name, place in (also or {}).items():
            (Path(folder) / name).symlink_to(place)
        (Path(folder) / "assets").mkdir()
        (Path(folder) / "assets" / "digits.bin").write_bytes(digits)
        (Path(folder) / "index.html").write_text("<!doctype html><title>Learning</title>")
        handler = functools.partial(_Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                browser = playwright.chromium.launch(
                    executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
                )
            except Error as error:
                reason = str(error).splitlines()[0]
                raise UserError(
                    f"No browser was found: install Chromium, or set TENSORBOOK_CHROMIUM to its path ({reason})"
                ) from None
            page = browser.new_page()
            page.set_default_timeout(0)  # a run may take any length of time
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            yield page, f"Chromium {browser.version}"
            browser.close()
            server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Don't print requests."""
