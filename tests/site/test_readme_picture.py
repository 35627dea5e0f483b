"""The picture of the first page at the top of the README is one of today's first page."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

PICTURE = Path(__file__).parent / "pictures" / "home.png"
COARSE = (50, 41)  # fonts and edges differ between computers, but the layout does not


def coarse(picture):
    return np.asarray(picture.convert("L").resize(COARSE, Image.Resampling.BOX), dtype=float)


def test_the_readme_s_picture_shows_today_s_first_page(open_page, tmp_path):
    page = open_page("", width=1000, reduced_motion="reduce")
    page.set_viewport_size({"width": 1000, "height": 820})
    page.locator(".tb-draw__answer", has_text="Prediction: 3").wait_for()
    page.evaluate("document.fonts.ready")
    seen = Image.open(io.BytesIO(page.screenshot()))
    seen.quantize(64).save(tmp_path / "home.png", optimize=True)
    how = f"look at {tmp_path / 'home.png'}, and copy it to {PICTURE} if it is right"
    assert PICTURE.is_file(), how
    with Image.open(PICTURE) as stored:
        assert stored.size == seen.size, how
        assert np.abs(coarse(stored) - coarse(seen)).mean() < 3, how
