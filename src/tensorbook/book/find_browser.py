"""Find Chromium, in which the site is tested and chapter 6's panel is measured."""

import os
import shutil

# The headless shell comes first: without a window, Chromium takes a third of the time for each page.
BROWSERS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip


def find_browser() -> str | None:
    """Return the path of the browser that is configured or installed, or None for Playwright's own."""
    return os.environ.get("TENSORBOOK_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
