"""Live figures as readers use them, and the functions behind them, called from Python."""

import base64
import functools
import json
from pathlib import Path

import numpy as np
import pytest

ASSETS = Path(__file__).parents[3] / "docs" / "assets"
CALL = """async ({ base, module, body, data }) => {
  const functions = await import(`${base}javascripts/live/${module}.js`);
  return data.map(new Function("module", `return ${body}`)(functions));
}"""


@pytest.fixture
def in_page(quiet_page, address):
    """Call a function of a figure's module for each of many inputs, in one batch.

    `in_page("softmax", "([scores, right]) => module.classify(scores, right)", inputs)` returns a list of results.
    """

    def call(module, body, data):
        return quiet_page.evaluate(CALL, {"base": address, "module": module, "body": body, "data": data})

    return call


@pytest.fixture(scope="session")
def first_digits():
    """The training images that the figures show, of shape `(n, 28, 28)`, and their labels."""
    digits = json.loads((ASSETS / "first-digits.json").read_text(encoding="utf-8"))
    images = [np.frombuffer(base64.b64decode(image), np.uint8).reshape(28, 28) for image in digits["images"]]
    return np.stack(images), digits["labels"]


class Figure:
    """A live figure in its page."""

    def __init__(self, page, name):
        self.page = page
        self.place = page.locator(f".tb-live--{name}")
        self.place.scroll_into_view_if_needed()
        self.panel = self.place.locator(".tb-live__panel")
        self.panel.wait_for()

    @property
    def result(self):
        """The sentence with the result."""
        return self.panel.locator(".tb-live__result").inner_text()

    @property
    def wrong(self):
        """Whether that sentence reports an error."""
        return self.panel.locator(".tb-live__result--wrong").count() == 1

    def beside(self, name):
        """Return another figure of the page."""
        return Figure(self.page, name)

    def press(self, name):
        self.panel.get_by_role("button", name=name, exact=True).click()

    def type(self, label, text):
        self.panel.get_by_label(label, exact=True).fill(text)


@pytest.fixture(scope="session")
def figures_of(soup, short_page):
    """Return the path of a short page with all live figures of a chapter: `figures_of("2-network/")`."""

    return functools.cache(lambda path: short_page(path, soup(path).select(".tb-live")))


@pytest.fixture
def open_figure(open_page, figures_of):
    """Open a short page at a live figure of a chapter: `open_figure("2-network/", "softmax")`."""

    def opened(path, name, **options):
        return Figure(open_page(figures_of(path), **{"reduced_motion": "reduce", "theme": False, **options}), name)

    return opened
