"""A page with the drawing box, as its reader uses it."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = "2-network/"  # its box is empty at first, while the box on the home page shows a digit
SIDE = 280  # coordinates on the sheet run from 0 to this


class Box:
    """A page with the box, as its reader uses it."""

    def __init__(self, page, address):
        self.page = page
        self.context = page.context
        self.address = address
        self.requests = []
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path):
        """Go to another page of the site."""
        self.page.goto(self.address + path)
        return self

    def fetched(self, name):
        """Return the addresses with this name in them that have been requested."""
        return [url for url in self.requests if name in url]

    def wait_until_ready(self):
        """Touch the box and wait for the network."""
        self.page.locator(".tb-draw").scroll_into_view_if_needed()
        self.page.locator(".tb-draw__canvas").hover()
        self.page.locator(".tb-draw--ready").wait_for()
        return self

    def press(self, name):
        self.page.locator(".tb-draw").get_by_role("button", name=name, exact=True).click()

    def draw(self, strokes, scale=1, right=0, down=0, every=8):
        """Draw strokes with the mouse, scaled around the middle of the box and shifted, in units of 1/280. The mouse
        moves straight from point to point: to every eighth, and to the last.
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
def box_page(short_page, soup):
    """The path of a short page with the box of PAGE."""
    return short_page(PAGE, soup(PAGE).select(".tb-draw, .tb-draw + .tb-still"))


@pytest.fixture
def open_box(open_page, box_page, address):
    """Open the box, at the end of a short page and without Material's script, or a page that has it.

    The options are those of `open_page`, but `setup` gets the box.
    """

    def open_(path=None, *, setup=None, **options):
        box = None

        def prepare(page):
            nonlocal box
            box = Box(page, address)
            if setup:
                setup(box)

        plain = {"reduced_motion": "reduce", "theme": False}
        page = open_page(box_page if path is None else path, setup=prepare, **{**plain, **options})
        if path is None:
            page.locator(".tb-draw").scroll_into_view_if_needed()
            page.locator(".tb-draw__canvas").wait_for()
        return box

    return open_


@pytest.fixture(scope="session")
def strokes():
    """The pen strokes of the ten digits that "Show me" draws."""
    return json.loads((ROOT / "docs/assets/strokes.json").read_text(encoding="utf-8"))
