"""A curve is what was given, and what is none is refused; how it looks, ``test_pictures.py`` compares."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tensorbook.curves import plot_curve

pytestmark = pytest.mark.usefixtures("figures_are_closed")


def test_two_points_are_enough_and_are_drawn_where_they_lie():
    [line] = plot_curve([1, 3], [0.5, 2], "x", "y").lines
    np.testing.assert_array_equal(line.get_xydata(), [[1, 0.5], [3, 2]])


def test_the_first_point_can_be_marked():
    ax = plot_curve([1, 3], [0.5, 2], "x", "y", mark=0)
    np.testing.assert_array_equal(ax.lines[1].get_xydata(), [[1, 0.5]])
    assert [text.get_text() for text in ax.texts] == ["1, 0.5"]


@pytest.mark.parametrize(
    ("x", "y"),
    [([1], [2]), ([], []), (1, 2), ([1, 2, 3], [1, 2]), ([1, 2], [1, 2, 3]), (np.ones((2, 2)), np.ones((2, 2)))],
)
def test_what_is_no_curve_is_refused_before_anything_is_drawn(x, y):
    shapes = f"got shapes {np.shape(x)} and {np.shape(y)}"
    with pytest.raises(ValueError, match=re.escape(f"plot_curve needs as many x as y, at least two, {shapes}")):
        plot_curve(x, y, "x", "y")
    assert not plt.get_fignums()
