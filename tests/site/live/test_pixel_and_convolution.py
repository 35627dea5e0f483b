"""The live figures of chapters 3 and 8, which show MNIST's first digits, compared with NumPy."""

import re

import numpy as np
import pytest

WEIGHTS = ["-1", "−1", " 0.5 ", "+2", "3.", ".25", "99", "100", "", "x", "1e3", "1,5", "--1", "nan", "٣"]


def test_the_digits_of_the_figures_are_the_first_of_mnist(first_digits, full_mnist):
    images, labels = first_digits
    assert np.array_equal(images, full_mnist.train.images[: len(images)])
    assert labels == full_mnist.train.labels[: len(images)].tolist()


def test_a_pixel_s_sentence_says_value_and_place(in_page, first_digits):
    images, _ = first_digits
    random = np.random.default_rng(0)
    places = [tuple(map(int, place)) for place in random.integers([0, 0, 0], [5, 28, 28], size=(300, 3))]
    inputs = [(*place, int(images[place])) for place in places]
    said = in_page("pixel", "(place) => module.describe(...place)", inputs)
    for (sample, row, column), sentence in zip(places, said, strict=True):
        value, place = images[sample, row, column], np.ravel_multi_index((row, column), (28, 28))
        assert sentence.startswith(f"train_images[{sample}, {row}, {column}] is {value} ")
        assert sentence.endswith(f" = {place}.")
        assert images[sample].reshape(784)[place] == value


def convolve(image, window):
    """Chapter 8's loop."""
    result = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = (image[i : i + 3, j : j + 3] * window).sum()
    return result


def test_windows_and_pooling_make_what_numpy_makes(in_page, first_digits):
    random = np.random.default_rng(1)
    images, _ = first_digits
    pictures = [*(images / 255), *random.uniform(size=(8, 28, 28))]
    windows = random.normal(size=(len(pictures), 3, 3))
    inputs = [
        (picture.ravel().tolist(), window.ravel().tolist()) for picture, window in zip(pictures, windows, strict=True)
    ]
    body = """([pixels, window]) => {
      const made = module.convolve(pixels, window);
      return [made, module.maxPool(made)];
    }"""
    for picture, window, (made, pooled) in zip(pictures, windows, in_page("convolution", body, inputs), strict=True):
        expected = convolve(picture, window)
        np.testing.assert_allclose(np.reshape(made, (26, 26)), expected, atol=1e-12)
        largest = expected.reshape(13, 2, 13, 2).max(axis=(1, 3))
        np.testing.assert_allclose(np.reshape(pooled, (13, 13)), largest, atol=1e-12)


def test_weights_are_numbers_and_nothing_else(in_page):
    read = in_page("convolution", "(text) => module.readWeight(text) ?? null", WEIGHTS)
    assert read == [-1, -1, 0.5, 2, 3, 0.25, 99, *[None] * 8]


def test_pixels_are_reached_by_mouse_by_finger_and_by_arrow_keys(open_figure):
    figure = open_figure("3-tensors/", "pixel", has_touch=True)
    assert figure.result.startswith("train_images[4, 7, 12] is 55 out of 255.")
    pad = figure.panel.get_by_role("application")
    for key, place in (
        ("ArrowRight", "[4, 7, 13]"), ("ArrowDown", "[4, 8, 13]"), ("Shift+ArrowLeft", "[4, 8, 8]"),
        ("End", "[4, 8, 27]"), ("ArrowRight", "[4, 8, 27]"), ("Home", "[4, 8, 0]"), ("ArrowUp", "[4, 7, 0]"),
    ):  # fmt: skip
        pad.press(key)
        assert figure.result.startswith(f"train_images{place}")
    box = figure.panel.locator("svg").bounding_box()
    unit = box["width"] / 360

    def middle_of(row, column):
        return box["x"] + (45 + 10 * column) * unit, box["y"] + (27 + 10 * row) * unit

    figure.page.mouse.move(*middle_of(20, 16))
    assert figure.result.startswith("train_images[4, 20, 16]")
    figure.page.touchscreen.tap(*middle_of(3, 4))
    assert figure.result.startswith("train_images[4, 3, 4] is 0 (empty paper).")
    figure.panel.get_by_role("radio", name="5").check()
    assert figure.result.startswith("train_images[0, 3, 4]")


def test_the_window_is_moved_and_its_weights_are_typed(open_figure, first_digits):
    figure = open_figure("8-better-network/", "convolution")
    images, _ = first_digits
    made = convolve(images[0] / 255, np.array([[-1, 0, 1]] * 3))
    assert figure.result.startswith(f"At row 5, column 11 the nine products sum to {made[5, 11]:.2f}.")
    figure.panel.get_by_role("application").press("ArrowDown")
    assert figure.result.startswith(f"At row 6, column 11 the nine products sum to {made[6, 11]:.2f}.")
    figure.type("weight at row 1, column 1", "much")
    assert figure.wrong
    assert figure.result.endswith("A weight must be a number from −99 to 99, such as −1 or 0.5.")
    figure.panel.get_by_role("button", name="outlines").press("Enter")
    assert not figure.wrong
    around = convolve(images[0] / 255, np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]))[6, 11]
    total = re.search(r"sum to (−?[\d.]*\d)", figure.result)[1].replace("−", "-")
    assert float(total) == pytest.approx(around, abs=0.006)
