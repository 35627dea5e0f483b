"""The preparation of a drawing, compared with the same steps as plain loops with exact fractions."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest

from tensorbook.data import DataError
from tensorbook.drawings import prepare_drawing
from tensorbook.find_ink import find_ink, keep_parts

HALF = Fraction(1, 2)


def prepare_slowly(grey):
    """Follow the docstring of ``prepare_drawing`` in plain loops with exact fractions."""
    ink = ink_slowly([[int(pixel) for pixel in row] for row in grey])
    ink = trimmed(list(zip(*trimmed(ink), strict=True)))
    ink = [list(row) for row in zip(*ink, strict=True)]
    longest = max(len(ink), len(ink[0]))
    sides = [max(1, floor(Fraction(side * 20, longest) + HALF)) for side in (len(ink), len(ink[0]))]
    small = [squeezed(row, sides[1]) for row in ink]
    small = list(zip(*[squeezed(column, sides[0]) for column in zip(*small, strict=True)], strict=True))
    highest = max(map(max, small))
    top, left = start([sum(row) for row in small]), start([sum(column) for column in zip(*small, strict=True)])
    digit = np.zeros((28, 28), dtype=np.uint8)
    for i, row in enumerate(small):
        for j, pixel in enumerate(row):
            digit[top + i, left + j] = floor(pixel * 255 / highest + HALF)
    return digit


def ink_slowly(picture):
    """Return the ink in a small, clean picture, most of whose edge is paper of one shade."""
    columns = [list(column) for column in zip(*picture, strict=True)]
    edge = sorted([*picture[0], *picture[-1], *columns[0], *columns[-1]])
    ground = Fraction(edge[len(edge) // 2] + edge[(len(edge) - 1) // 2], 2)
    darker = [[ground - pixel for pixel in row] for row in picture]
    dark = sum(pixel for row in darker for pixel in row if abs(pixel) >= 16) >= 0
    ink = [[pixel if dark else -pixel for pixel in row] for row in darker]
    kept = parts_slowly([[pixel >= 16 for pixel in row] for row in ink])
    shades = sorted(ink[y][x] for y, x in kept)
    shades.append(shades[-1])
    place = Fraction(9, 10) * (len(shades) - 2)
    below, above = shades[floor(place)], shades[floor(place) + 1]
    most = below + (place - floor(place)) * (above - below)
    kept = parts_slowly([[pixel >= Fraction(48, 255) * most for pixel in row] for row in ink])
    return [[pixel if (y, x) in kept else Fraction(0) for x, pixel in enumerate(row)] for y, row in enumerate(ink)]


def parts_slowly(ink):
    """Flood-fill each part, and return the pixels of those that are neither dust nor a line."""
    height, width = len(ink), len(ink[0])
    left = {(y, x) for y in range(height) for x in range(width) if ink[y][x]}
    parts = []
    while left:
        edge, part = [left.pop()], set()
        while edge:
            y, x = edge.pop()
            part.add((y, x))
            near = {(y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            edge += near
        parts.append(part)

    def sides(part):
        return [max(places) - min(places) + 1 for places in zip(*part, strict=True)]

    def is_line(part):
        down, across = sides(part)
        return (down == height and across < Fraction(width, 10)) or (across == width and down < Fraction(height, 10))

    lines, others = ([part for part in parts if is_line(part) == wanted] for wanted in (True, False))
    if 8 * max(map(len, others), default=0) >= max(map(len, lines), default=0):
        parts = others
    longest = max(max(sides(part)) for part in parts)
    return set().union(*(part for part in parts if 8 * max(sides(part)) >= longest))


def trimmed(rows):
    """Leave out the rows before the first and after the last row with ink."""
    inked = [number for number, row in enumerate(rows) if any(row)]
    return rows[inked[0] : inked[-1] + 1]


def squeezed(line, parts):
    """Return the mean of the line in each of its equal parts, which may begin and end within a pixel."""
    length = Fraction(len(line), parts)
    means = []
    for part in range(parts):
        begin, end = part * length, (part + 1) * length
        shares = [max(Fraction(0), min(end, place + 1) - max(begin, place)) for place in range(len(line))]
        means.append(sum(share * pixel for share, pixel in zip(shares, line, strict=True)) / length)
    return means


def start(masses):
    """Return where a line has to start for its centre of mass to be in pixel 14, within the 28 pixels."""
    centre = Fraction(floor(1000 * sum(place * mass for place, mass in enumerate(masses)) / sum(masses) + HALF), 1000)
    return min(max(floor(14 - centre + HALF), 0), 28 - len(masses))


def strokes(seed):
    """Return a picture with some strokes in random places: small and large, with dark and light ink and faint spots."""
    random = np.random.default_rng(seed)
    height, width = random.integers(3, 70, 2)
    ground = random.integers(0, 256)
    picture = np.full((height, width), ground, dtype=np.uint8)
    for _ in range(random.integers(1, 5)):
        top, left = random.integers(0, height), random.integers(0, width)
        tall, wide = random.integers(1, 30, 2)
        picture[top : top + tall, left : left + wide] = random.integers(0, 256)
    picture[random.integers(1, height - 1), random.integers(1, width - 1)] = 255 - ground if ground != 128 else 0
    return np.pad(picture, random.integers(8, 20), constant_values=ground)


def seeds(number, by_day):
    """Return that many seeds, most of which are for the night, since the loops are slow."""
    return [pytest.param(seed, marks=[pytest.mark.nightly] * (seed >= by_day)) for seed in range(number)]


@pytest.mark.parametrize("seed", seeds(60, by_day=20))
def test_a_drawing_is_prepared_as_it_is_slowly(seed):
    picture = strokes(seed)
    np.testing.assert_allclose(prepare_drawing(picture).astype(int), prepare_slowly(picture).astype(int), atol=1)


@pytest.mark.parametrize(
    ("ink", "place"),
    [
        (np.s_[2:60, 30], (5, 14)),
        (np.s_[30, 2:60], (14, 5)),
        (np.s_[5, 7], (5, 5)),
    ],
    ids=["a line down", "a line across", "a dot"],
)
def test_one_pixel_of_width_is_enough(ink, place):
    picture = np.full((64, 64), 255, dtype=np.uint8)
    picture[ink] = 0
    digit = prepare_drawing(picture)
    assert np.array_equal(digit, prepare_slowly(picture))
    assert tuple(np.argwhere(digit)[0]) == place


def test_ink_of_a_faint_shade_is_no_ink_and_of_the_next_is():
    picture = np.zeros((30, 30), dtype=np.uint8)
    picture[10:20, 10:20], picture[5, 5:9], picture[25, 22:26] = 255, 47, 48
    assert find_ink(picture)[[5, 25], [5, 25]].tolist() == [0, 48]
    assert np.array_equal(prepare_drawing(picture), prepare_slowly(picture))
    picture[10:20, 10:20], picture[5, 5:9], picture[25, 22:26] = 128, 24, 25  # even the palest ink is stretched to full
    assert find_ink(picture)[[5, 25], [5, 25]].tolist() == [0, 25]
    assert np.array_equal(prepare_drawing(picture), prepare_slowly(picture))


@pytest.mark.parametrize("seed", seeds(40, by_day=20))
def test_parts_are_what_filling_them_one_by_one_finds(seed):
    random = np.random.default_rng(seed)
    ink = random.random(random.integers(1, 40, 2)) < random.uniform(0.05, 0.9)
    if ink.any():
        assert {(int(y), int(x)) for y, x in np.argwhere(keep_parts(ink))} == parts_slowly(ink.tolist())


def test_all_four_sides_tell_the_ground():
    picture = np.full((3, 5), 100, dtype=np.uint8)
    picture[0], picture[1, 1:4] = 200, 255
    for turns in range(4):
        turned = np.rot90(picture, turns)
        assert np.array_equal(prepare_drawing(turned), prepare_slowly(turned))


def test_a_picture_of_one_row_is_a_picture():
    picture = np.array([[0, 0, 90, 0, 0, 0, 30]], dtype=np.uint8)
    assert np.array_equal(prepare_drawing(picture), prepare_slowly(picture))
    assert np.array_equal(prepare_drawing(picture.T), prepare_slowly(picture.T))


@pytest.mark.parametrize(("ground", "ink", "there"), [(0, 15, False), (0, 16, True), (9, 24, False), (9, 25, True)])
def test_ink_stands_out_from_its_ground_by_sixteen_shades(ground, ink, there):
    picture = np.full((9, 9), ground, dtype=np.uint8)
    picture[4, 4] = ink
    if there:
        assert prepare_drawing(picture).max() == 255
    else:
        with pytest.raises(DataError, match="is blank"):
            prepare_drawing(picture)
