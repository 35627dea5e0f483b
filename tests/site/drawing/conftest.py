"""A page with the drawing box, as its reader uses it."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLAIN = {"reduced_motion": "reduce", "bypass_csp": True}
PAGE = "2-network/"  # its box is empty at first, while the box on the home page shows a digit
SIDE = 280  # coordinates on the sheet run from 0 to this


class Box:
    """A page with the box, as its reader uses it."""

    def __init__(self, page):
        self.page = page

    def open(self, path=None):
        """Open a page with the box in view; by default, a page whose box is empty at first."""
        self.page.goto(self.address + (PAGE if path is None else path))
        if path is None:
            self.page.locator(".tb-draw").scroll_into_view_if_needed()
            self.page.locator(".tb-draw__canvas").wait_for()
        return self

    def wait_until_ready(self):
        """Touch the box and wait for the network."""
        self.page.locator(".tb-draw").scroll_into_view_if_needed()
        self.page.locator(".tb-draw__canvas").hover()
        self.page.locator(".tb-draw--ready").wait_for()
        return self

    def press(self, name):
        self.page.locator(".tb-draw").get_by_role("button", name=name, exact=True).click()

    def draw(self, strokes, scale=1, right=0, down=0, every=4):
        """Draw strokes with the mouse, scaled around the middle of the box and shifted, in units of 1/280. The mouse
        moves straight from point to point: to every fourth, and to the last.
        """
        canvas = self.page.locator(".tb-draw__canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        middle = SIDE / 2

        def place(x, y):
            across = (x - middle) * scale + middle + right
            along = (y - middle) * scale + middle + down
            return box["x"] + across * box["width"] / SIDE, box["y"] + along * box["height"] / SIDE

        mouse = self.page.mouse
        for first, *rest in strokes:
            mouse.move(*place(*first))
            mouse.down()
            for point in [*rest[every - 1 : -1 : every], *rest[-1:]]:
                mouse.move(*place(*point))
            mouse.up()

    @property
    def answer(self):
        return self.page.locator(".tb-draw__answer").inner_text()

    @property
    def said(self):
        return self.page.locator(".tb-draw__said").inner_text()

    @property
    def shares(self):
        """The texts of the ten bars."""
        return self.page.locator(".tb-draw__first .tb-draw__share").all_inner_texts()

    @property
    def seen(self):
        """The picture that the network sees, as rows of ink from 0 to 255."""
        ink = self.page.locator(".tb-draw__seen canvas").evaluate(
            "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 28, 28).data)"
        )[3::4]
        return [ink[row : row + 28] for row in range(0, 28 * 28, 28)]


@pytest.fixture(scope="session")
def shared_window(browser):
    """A window shared by the tests without special needs, so that scripts and weights are loaded only once."""
    context = browser.new_context(**PLAIN)
    yield context
    context.close()


@pytest.fixture
def open_box(browser, address, shared_window):
    """Open a page with the box; a test may request its own window. As in `open_page`, the page has no policy unless
    requested.
    """
    contexts, pages = [], []

    def open_(path=None, *, setup=None, fresh=False, **options):
        context = shared_window
        if fresh or setup or options:
            context = browser.new_context(**{**PLAIN, **options})
            contexts.append(context)
        box = Box(context.new_page())
        pages.append(box.page)
        box.address = address
        box.context = context
        box.requests, box.errors = [], []
        box.page.on("request", lambda request: box.requests.append(request.url))
        box.page.on("pageerror", lambda error: box.errors.append(str(error)))
        if setup:
            setup(box)
        return box.open(path)

    yield open_
    for opened in [*pages, *contexts]:
        opened.close()


@pytest.fixture(scope="session")
def strokes():
    """The pen strokes of the ten digits that "Show me" draws."""
    return json.loads((ROOT / "docs/assets/strokes.json").read_text(encoding="utf-8"))
