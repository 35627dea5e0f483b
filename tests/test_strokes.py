"""Strokes: a smooth line goes through its points, and a pen leaves ink where it passes."""

import numpy as np
import pytest

from tensorbook.strokes import PEN, SIDE, draw_strokes, smooth


@pytest.mark.parametrize("count", [2, 3, 8])
def test_a_smooth_line_goes_through_all_its_points(count):
    points = np.random.default_rng(count).uniform(0, 280, (5, count, 2))
    line = smooth(points, 6)
    assert line.shape == (5, 6 * (count - 1) + 1, 2)
    assert np.allclose(line[:, ::6], points)


def test_many_lines_at_once_are_those_of_each():
    points = np.random.default_rng(0).uniform(0, 280, (3, 2, 7, 2))
    assert np.array_equal(smooth(points)[2, 1], smooth(points[2, 1]))


def test_a_line_through_equal_steps_on_a_circle_is_nearly_the_circle():
    angles = np.linspace(0, 2 * np.pi, 13)
    line = smooth(100 * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert np.abs(np.linalg.norm(line[8:-8], axis=1) - 100).max() < 0.6


def test_a_place_given_twice_is_a_corner_and_divides_nothing_by_zero():
    line = smooth(np.array([[0.0, 0], [50, 0], [50, 0], [50, 50]]), 4)
    assert np.abs(line[:5, 1]).max() < 1e-3
    assert np.abs(line[8:, 0] - 50).max() < 1e-3


def test_a_line_makes_no_loop_where_two_points_are_close():
    """With equal times between the points, it would run past the close pair and come back."""
    line = smooth(np.array([[0.0, 0], [100, 0], [102, 0], [202, 0]]), 16)
    assert (np.diff(line[:, 0]) > 0).all()


@pytest.mark.parametrize("end", [(200.0, 140.0), (140.0, 60.0), (190.0, 210.0)])
def test_a_stroke_has_the_ink_of_a_round_pen(end):
    ink = draw_strokes([np.array([(100.0, 120.0), end])])
    length = np.hypot(end[0] - 100, end[1] - 120)
    assert ink.sum() / 255 == pytest.approx(length * PEN + np.pi * PEN**2 / 4, rel=0.01)


def test_a_stroke_of_one_place_is_a_dot():
    ink = draw_strokes([np.array([(50.0, 70.0)])])
    assert ink.sum() / 255 == pytest.approx(np.pi * PEN**2 / 4, rel=0.01)
    assert ink[70, 50] == 255


@pytest.mark.parametrize("place", [(0.0, 0.0), (280.0, 140.0), (-40.0, 20.0), (300.0, 300.0)])
def test_what_is_off_the_sheet_is_cut_off(place):
    ink = draw_strokes([np.array([place, (140.0, 140.0)])])
    assert ink.shape == (SIDE, SIDE)
    assert ink[140, 139] == 255


def test_nothing_drawn_is_paper():
    assert not draw_strokes([]).any()
