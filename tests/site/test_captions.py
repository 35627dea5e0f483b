"""What captions and descriptions mention is on the screen: the pixels of drawings are checked, in both schemes."""

import colorsys
import copy
import io
import re
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image

# A colour's name, and the ranges of its hue (in degrees), saturation and value.
COLOURS = {
    "blue": ((210, 260), (0.25, 1), (0.25, 1)),
    "orange": ((10, 40), (0.4, 1), (0.4, 1)),
    "cream": ((30, 60), (0.03, 0.3), (0.8, 1)),
    "grey": ((0, 360), (0, 0.25), (0.25, 0.85)),
    "white": ((0, 360), (0, 0.03), (0.97, 1)),
    "black": ((0, 360), (0, 1), (0, 0.1)),
}
# Words that are true of a figure in one scheme but not in the other, in which its ink turns from dark to light.
TURNING = re.compile(r"\b(dark(er|est)?|bright(er|est)?|pal(e|er|est)|light(er|est))\b")
PHOTOS = re.compile(r"\bphoto\b", re.IGNORECASE)  # it has the colours of its sheet in both schemes


def pixels(locator):
    """Return the pixels of an element on the screen, as floats from 0 to 1 of shape ``(height, width, 3)``."""
    with Image.open(io.BytesIO(locator.screenshot())) as image:
        return np.asarray(image.convert("RGB")) / 255


def share(rgb, name):
    """Return the share of pixels that have a colour."""
    colours, counts = np.unique(rgb[::3, ::3].reshape(-1, 3), axis=0, return_counts=True)
    hsv = np.array([colorsys.rgb_to_hsv(*colour) for colour in colours]) * [360, 1, 1]
    low, high = np.transpose(COLOURS[name])
    return counts[((hsv >= low) & (hsv <= high)).all(axis=1)].sum() / counts.sum()


@pytest.fixture(scope="module")
def described(soup, pages, short_page, address):
    """The path of a short page with every picture whose description names a colour, which can be seen much faster than
    in their long pages.
    """
    images = []
    for path in pages:
        for image in soup(path).select("article img"):
            if any(re.search(rf"\b{name}\b", image["alt"]) for name in COLOURS):
                image = copy.copy(image)
                image["src"] = urljoin(address + path, image["src"])
                images.append(f"<p>{image}</p>")
    return short_page("described/", images)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_that_a_description_names_are_in_its_picture(open_page, described, scheme):
    page, seen = open_page(described, scheme=scheme, java_script_enabled=False), 0  # no picture needs a script
    for image in page.locator("article img:visible").all():
        alt = image.get_attribute("alt")
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
        rgb = pixels(image)
        for name in COLOURS:
            if re.search(rf"\b{name}\b", alt):
                assert share(rgb, name) > 0.01, f"{scheme}: no {name} in {image.get_attribute('src')}: {alt!r}"
                seen += 1
    assert seen >= 10


def test_no_description_is_wrong_in_one_of_the_schemes(soup, pages):
    for path in pages:
        for image in soup(path).select("article img"):
            alt = image["alt"]
            assert alt, path
            assert "No description" not in alt, f"{path}: {image['src']}"
            assert PHOTOS.search(alt) or not TURNING.search(alt), f"{path}: {alt}"
