"""Drawings look as they did when somebody last approved them: each drawing has a picture here."""

import base64
import io
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tensorbook.book.results.benchmarks import Benchmarks, Growth, Measured
from tensorbook.book.results.benchmarks import draw as draw_bench
from tensorbook.book.results.light_and_dark_figures import SCHEMES, draw_pair, picture_path, same_picture
from tensorbook.book.results.recorded_run_figures import RUN_FIGURES, plot_calibration, plot_classes, plot_units
from tensorbook.book.results.train_convnet import draw_comparison
from tensorbook.book.site.macros import figure_markdown
from tensorbook.data import Split
from tensorbook.example_photo import plot_photo
from tensorbook.plotting import (
    plot_against,
    plot_confusion,
    plot_curve,
    plot_digit,
    plot_digits,
    plot_history,
    plot_losses,
    plot_paths,
)

CLIPPED = re.compile(r"url\(#(\w+)\)")
PICTURES = Path(__file__).parents[1] / "pictures"
RESULTS = Path(__file__).parents[3] / "docs" / "results"
ROWS, COLUMNS = np.mgrid[0:6, 0:4]
IMAGES = np.array([ROWS * 40 + COLUMNS * k for k in range(7)], dtype=np.uint8)  # small, so that a picture can be read
LABELS = [5, 0, 4, 1, 9, 2, 1]
RUN = {"loss": [0.26, 0.1, 0.07], "accuracy": [0.92, 0.97, 0.98]}
VALIDATION = {"val_loss": [0.2, 0.15, 0.09], "val_accuracy": [0.95, 0.96, 0.97]}
BENCH = Benchmarks(
    versions={},
    cores=2,
    rows={"build": Measured([3.75], [1]), "train": Measured([4], [10]), "floor": Measured([2], [4])},
    growth={
        "images": Growth([1000, 10_000, 60_000], [0.1, 0.4, 2], [0.2, 0.9, 5]),
        "units": Growth([64, 4096], [1, 20], [2, 25]),
    },
)
# Twelve images of class 3: the first network takes all but the first two for a 7, less and less confidently; the second
# network is wrong about the last ones, more and more confidently.
FIRST = np.full((14, 10), 0.01)
FIRST[:2, 3], FIRST[2:, 7] = 0.9, np.linspace(0.9, 0.5, 12)
SECOND = np.full((14, 10), 0.01)
SECOND[:13, 3], SECOND[13, 8] = 0.8, 0.6
DIGITS = Split(np.resize(IMAGES, (14, 6, 4)), np.full(14, 3))

DRAWINGS = {
    "against": lambda: plot_against("plain", {"plain": [0.9, 0.4, 0.6], "a": [0.8, 0.5, 0.5], "b": [0.9, 0.4]}, "loss"),
    "curve": lambda: plot_curve([0, 1, 2, 3], [4, 1, 2, 1.5], "step", "loss", mark=1),
    "digit": lambda: plot_digit(IMAGES[3], label=8),
    "digit-pixels": lambda: plot_digit(np.resize(IMAGES[3], (16, 22)), pixels=True),
    "digits": lambda: plot_digits(IMAGES),
    "digits-labels": lambda: plot_digits(IMAGES[:6], LABELS[:6], columns=8),
    "digits-predictions": lambda: plot_digits(IMAGES, LABELS, [5, 0, 9, 1, 9, 2, 7], columns=3),
    "history": lambda: plot_history(RUN | VALIDATION),
    "history-alone": lambda: plot_history({"accuracy": RUN["accuracy"]}),
    "history-long": lambda: plot_history({name: np.linspace(1, 0.1, 31) for name in RUN}),
    "losses": lambda: plot_losses([2.3, 1.9, 1.6, 1.7]),
    "paths": lambda: plot_paths(
        lambda w0, w1: w0**2 + 4 * w1**2, {"one": [[-2, 1], [-1, -0.5], [0, 0]], "two": [[-2, 1], [-1.5, 0.2]]}
    ),
    "photo-colour": lambda: plot_photo(np.tile(IMAGES[:3], 2).transpose(1, 2, 0)),
    "photo-grey": lambda: plot_photo(255 - IMAGES[3]),
    "bench-speeds": lambda: draw_bench(BENCH)["speeds"],
    "bench-growth": lambda: draw_bench(BENCH)["growth"],
    "calibration": lambda: plot_calibration([(10, 0.35, 0.4), (200, 0.75, 0.7), (5000, 0.98, 0.99)]),
    "classes": lambda: plot_classes([0.9, 0.7, 1], [0.8, 0.95, 1]),
    "convnet-mended": lambda: draw_comparison(DIGITS, FIRST, SECOND)["mended"],
    "convnet-still-wrong": lambda: draw_comparison(DIGITS, FIRST, SECOND)["still-wrong"],
    "units": lambda: plot_units(np.outer(np.arange(784) % 61 - 30, [1, -0.5, 0.1])),
    "confusion": lambda: plot_confusion([[8, 2, 0], [0, 9, 1], [3, 0, 7]]),
}


pytestmark = pytest.mark.usefixtures("figures_are_closed")


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_looks_as_its_picture(name, approved):
    approved(draw_pair(DRAWINGS[name]().get_figure())["light"], PICTURES / f"{name}.svg", same_picture)


def test_there_is_no_picture_of_nothing():
    assert {path.stem for path in PICTURES.glob("*.svg")} == set(DRAWINGS)


@pytest.fixture
def two_axes():
    """Draw a line with markers on each of two axes, the first of which starts at some place; return the SVG text."""

    def draw(left=0.1, value=2.0):
        figure = plt.figure()
        for start in (left, 0.55):
            axes = figure.add_axes((start, 0.1, 0.4, 0.8))
            axes.plot([1, value, 3], marker="o")
            axes.plot([2, 1, 3], marker="s")
        return draw_pair(figure)["light"]

    return draw


def test_the_last_bits_of_a_coordinate_rename_clip_paths_and_the_picture_is_the_same(two_axes):
    one, other = two_axes(), two_axes(left=0.1 * (1 + 1e-14))
    assert set(CLIPPED.findall(one)) != set(CLIPPED.findall(other)), "the hash of a float is in the name"
    assert same_picture(one, other)


def test_markers_of_other_names_are_the_same_picture(two_axes):
    one = two_axes()
    assert same_picture(one, re.sub(r'(?<=id="m)|(?<=href="#m)', "0", one))


def test_a_line_that_moved_by_two_points_is_another_picture(two_axes):
    assert not same_picture(two_axes(), two_axes(value=2.02))


@pytest.mark.parametrize("kind", [r"url\(#(\w+)\)", r'href="#(m\w+)"'], ids=["clip paths", "markers"])
def test_a_reference_to_something_else_is_another_picture(two_axes, kind):
    one = two_axes()
    first, second, *_ = dict.fromkeys(re.findall(kind, one))
    swapped = re.sub(
        kind, lambda match: match[0].replace(match[1], {first: second, second: first}.get(match[1], match[1])), one
    )
    assert not same_picture(one, swapped)


def test_another_colour_is_another_picture(two_axes):
    one = two_axes()
    assert "#1f77b4" in one
    assert not same_picture(one, one.replace("#1f77b4", "#1f77b5"))
    assert same_picture(one.replace("#1f77b4", "#1e7777"), two_axes(left=0.1001).replace("#1f77b4", "#1e7777"))


def test_the_two_schemes_of_a_picture_differ_and_have_their_size_on_the_page():
    for name in RUN_FIGURES:
        light, dark = (picture_path(RESULTS, name, scheme).read_text(encoding="utf-8") for scheme in SCHEMES)
        assert light != dark
        markdown = figure_markdown(RESULTS, name, "What [is]\nseen")
        assert markdown.count(r"![What \[is\] seen]") == 2
        assert 'width="' in markdown
        assert f"{name}-dark.svg#only-dark" in markdown


def embedded(*shades):
    """Return an SVG text that contains a picture with one pixel for each shade."""
    images = []
    for shade in shades:
        buffer = io.BytesIO()
        Image.new("L", (1, 1), shade).save(buffer, "png")
        images.append(f'<image href="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"/>')
    return f"<svg>{''.join(images)}</svg>"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('<a x="1" y="2"/>', '<a x="1.5" y="1.5"/>', True),
        ('<a x="1" y="2"/>', '<a x="1.51" y="2"/>', False),
        ('<a x="1" y="2"/>', '<a x="1" y="2.51"/>', False),
        ('<a x="-1"/>', '<a x="1"/>', False),
        ('<a x="1e-3"/>', '<a x="0.001"/>', True),
        ('<a x="1"/>', '<b x="1"/>', False),
        ('<a x="1"/>', '<a x="1"/><a x="1"/>', False),
        (embedded(7), embedded(7), True),
        (embedded(7), embedded(8), False),
        (embedded(7, 8), embedded(7), False),
        (embedded(7), embedded(), False),
    ],
)
def test_two_pictures_are_the_same_up_to_half_a_point_and_to_the_pixel(one, other, same):
    assert same_picture(one, other) is same
    assert same_picture(other, one) is same


def test_pictures_are_compared_by_what_is_to_be_seen():
    path = picture_path(RESULTS, "history", "light").read_text(encoding="utf-8")
    assert same_picture(path, path.replace("1.0", "1.01", 1))
    assert not same_picture(path, path.replace("<path", "<circle", 1))
    assert not same_picture(path, picture_path(RESULTS, "history", "dark").read_text(encoding="utf-8"))
