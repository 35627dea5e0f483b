"""Ink is found despite what paper, light and camera do to a picture, and nothing else is taken for ink."""

import numpy as np
import pytest
from PIL import Image

from tensorbook.data import DataError
from tensorbook.drawings import prepare_drawing
from tensorbook.find_ink import find_ground, find_ink, keep_parts, take_means


def five(height=300, width=300):
    """Return a five whose flag does not touch the rest, with ink 0 on paper 255."""
    sheet = np.full((height, width), 255, dtype=np.uint8)
    sheet[80:160, 100:112] = sheet[148:160, 100:180] = sheet[148:230, 168:180] = sheet[218:230, 100:180] = 0
    sheet[80:92, 130:180] = 0
    return sheet


def difference(picture):
    return np.abs(prepare_drawing(picture).astype(int) - prepare_drawing(five())).mean()


@pytest.mark.parametrize("place", [(2, 2), (297, 150), (10, 290)])
@pytest.mark.parametrize("side", [1, 3, 12])
def test_a_speck_of_any_darkness_changes_nothing(place, side):
    sheet = five()
    sheet[place[0] : place[0] + side, place[1] : place[1] + side] = 0
    assert np.array_equal(prepare_drawing(sheet), prepare_drawing(five()))


def test_a_bright_spot_on_paper_that_is_not_white_is_no_ink():
    sheet = np.minimum(five(), 180)
    sheet[20:60, 240:280] = 255
    assert np.array_equal(prepare_drawing(sheet), prepare_drawing(np.minimum(five(), 180)))


def test_a_part_of_the_digit_that_does_not_touch_the_rest_is_kept():
    assert np.array_equal(find_ink(five()) > 0, five() == 0)


@pytest.mark.parametrize("turns", range(4))
def test_a_line_in_the_margin_is_left_out(turns):
    sheet = five()
    sheet[:, 20:24] = 100
    assert np.array_equal(prepare_drawing(np.rot90(sheet, turns)), prepare_drawing(np.rot90(five(), turns)))


def test_a_line_with_nothing_beside_it_is_a_one():
    sheet = np.full((300, 300), 255, dtype=np.uint8)
    sheet[:, 140:160] = 0
    sheet[5, 5] = 0
    assert np.array_equal(find_ink(sheet)[:, 150], np.full(300, 255))


@pytest.mark.parametrize("sigma", [5, 10, 20])
@pytest.mark.parametrize("reverse", [False, True])
def test_noise_hardly_changes_what_is_seen(sigma, reverse):
    sheet = 30 + five() * 0.75 + np.random.default_rng(sigma).normal(0, sigma, (300, 300))
    assert difference(np.clip(255 - sheet if reverse else sheet, 0, 255)) < 6


def test_salt_and_pepper_hardly_change_what_is_seen():
    random, sheet = np.random.default_rng(0), five()
    sheet[random.random(sheet.shape) < 0.03] = 0
    sheet[random.random(sheet.shape) < 0.03] = 255
    assert difference(sheet) < 6


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("reverse", [False, True])
def test_a_slope_of_light_hardly_changes_what_is_seen(turns, reverse):
    slope = np.rot90(np.linspace(0.4, 1, 300)[np.newaxis] * np.ones((300, 1)), turns)
    sheet = np.where(five() == 0, 150, 60) * slope if reverse else five() * 0.8 * slope + 10
    assert difference(np.rint(sheet)) < 6


def test_pale_ink_with_dark_dust_is_read_by_its_own_shade():
    sheet = (200 + five() // 5).astype(np.uint8)  # pencil: 200 on 251
    sheet[20:24, 20:24] = sheet[260:265, 200:204] = 0
    assert difference(sheet) < 1


@pytest.mark.parametrize("sigma", [3, 10, 20])
def test_noise_alone_is_blank(sigma):
    for seed in range(3):
        with pytest.raises(DataError, match=r"picture of shape \(300, 300\) is blank"):
            prepare_drawing(np.clip(np.random.default_rng(seed).normal(150, sigma, (300, 300)), 0, 255))


def test_a_slope_of_light_alone_is_blank():
    with pytest.raises(DataError, match="is blank"):
        prepare_drawing(np.tile(np.linspace(80, 250, 300), (300, 1)))


def test_the_ground_of_even_paper_is_its_shade_to_the_last_digit():
    assert set(np.unique(find_ground(five()))) == {255}


def test_the_ground_of_a_bent_slope_is_that_slope():
    rows, columns = np.indices((200, 300)) / 300
    paper = 220 - 90 * columns - 40 * rows**2
    sheet = np.where(five()[40:240] == 0, 20, paper)
    assert np.abs(find_ground(sheet) - paper).max() < 4


def test_means_at_the_far_edges_are_of_what_is_left():
    picture = np.random.default_rng(0).integers(0, 256, (7, 11), dtype=np.uint8)
    means = take_means(picture, 3)
    assert means.shape == (3, 4)
    assert means[0, 0] == pytest.approx(picture[:3, :3].mean())
    assert means[2, 3] == pytest.approx(picture[6:, 9:].mean())


def test_a_spiral_is_one_part():
    spiral = np.zeros((61, 61), dtype=bool)
    row, column, heading = 0, 0, (0, 1)
    spiral[0, 0] = True
    for length in (60, 60, 60, *(length for side in range(58, 0, -2) for length in (side, side))):
        for _ in range(length):
            row, column = row + heading[0], column + heading[1]
            spiral[row, column] = True
        heading = (heading[1], -heading[0])
    assert np.array_equal(keep_parts(spiral), spiral)


def test_a_picture_without_ink_has_no_parts():
    assert not keep_parts(np.zeros((5, 5), dtype=bool)).any()


@pytest.mark.parametrize("quality", [5, 20])
def test_the_blocks_of_a_jpeg_are_no_ink(tmp_path, quality):
    Image.fromarray(five()).save(tmp_path / "five.jpg", quality=quality)
    with Image.open(tmp_path / "five.jpg") as image:
        assert difference(np.asarray(image)) < 3
