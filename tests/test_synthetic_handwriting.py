"""Synthetic digits: every digit in many styles, repeatable, and prepared like any drawing."""

import numpy as np
import pytest

from tensorbook.drawings import prepare_drawing
from tensorbook.strokes import SIDE, draw_strokes
from tensorbook.synthetic_handwriting import STYLES, prepare_strokes, slow, write_digit, write_digits


@pytest.mark.parametrize("digit", range(10))
def test_every_digit_has_styles_and_each_is_used(digit):
    assert len(STYLES[digit]) >= 5
    for style in STYLES[digit]:
        for stroke in style:
            places = np.array([place.split() for place in stroke.split(",")], dtype=float)
            assert len(places) >= 3
            assert places.min() >= 0
            assert places[:, 0].max() <= 66
            assert places[:, 1].max() <= 100
    random = np.random.default_rng(digit)
    used = {min(4, len(write_digit(digit, random))) for _ in range(200)}
    assert used == {1, *(len(style) for style in STYLES[digit])}


def test_what_is_written_lies_on_the_sheet_in_many_sizes():
    random = np.random.default_rng(1)
    sizes = []
    for digit in 20 * list(range(10)):
        places = np.concatenate(write_digit(digit, random))
        assert places.min() > 0
        assert places.max() < SIDE
        sizes.append(np.ptp(places, axis=0).max())
    assert min(sizes) < 100
    assert max(sizes) > 220


def test_the_same_seed_writes_the_same_digits_and_another_seed_others():
    images, labels = write_digits(20, seed=5)
    more, _ = write_digits(30, seed=5)
    others, _ = write_digits(20, seed=6)
    assert np.array_equal(images, more[:20])
    assert np.array_equal(labels, np.arange(20) % 10)
    assert not (images == others).all(axis=(1, 2)).any()


def test_strokes_are_prepared_as_any_drawing():
    random = np.random.default_rng(2)
    for digit in 3 * list(range(10)):
        strokes = write_digit(digit, random)
        assert np.array_equal(prepare_strokes(strokes), prepare_drawing(255 - draw_strokes(strokes)))


def test_a_slow_tablet_leaves_eight_places_equally_far_from_each_other():
    line = np.array([[0.0, 0], [30, 0], [30, 40]])
    places = slow(line)
    assert np.allclose(places[[0, -1]], line[[0, -1]])
    assert np.allclose(places[:4, 0], [0, 10, 20, 30])
    assert np.allclose(np.diff(places[3:, 1]), 10)
