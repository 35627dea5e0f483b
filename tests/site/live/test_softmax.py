"""Chapter 2's live figure, compared with `tensorbook.scratch`."""

import re

import numpy as np
import pytest

from tensorbook.data import one_hot
from tensorbook.scratch import cross_entropy, softmax


def test_shares_and_loss_are_those_of_python(in_page):
    random = np.random.default_rng(0)
    scores, right = random.uniform(-5, 5, size=(300, 3)), random.integers(3, size=300)
    inputs = list(zip(scores.tolist(), right.tolist(), strict=True))
    found = in_page("softmax", "([scores, right]) => module.classify(scores, right)", inputs)
    shares = softmax(scores)
    np.testing.assert_allclose([one["shares"] for one in found], shares, rtol=1e-12)
    losses = [
        cross_entropy(row[np.newaxis], one_hot([place], classes=3)) for row, place in zip(shares, right, strict=True)
    ]
    np.testing.assert_allclose([one["loss"] for one in found], losses, rtol=1e-9, atol=1e-12)


def test_the_sliders_and_the_right_class_are_set_by_keyboard(open_figure):
    figure = open_figure("2-network/", "softmax")
    assert (
        "The right class, class 2, has a share of 0.8438, so the cross-entropy is −ln 0.8438 ≈ 0.170." in figure.result
    )
    slider = figure.panel.get_by_role("slider", name="score 2")
    slider.press("ArrowLeft")
    assert slider.input_value() == "3.5"
    slider.press("Shift+ArrowLeft")
    assert float(slider.input_value()) == pytest.approx(3.45)
    slider.press("End")
    assert slider.input_value() == "5"
    slider.press("Home")
    shares = softmax(np.array([[1.0, 2.0, -5.0]]))[0]
    said = re.search(
        r"The right class, class 2, has a share of (\S+), so the cross-entropy is −ln (\S+) ≈ (\S+)\.$", figure.result
    )
    assert float(said[1]) == float(said[2]) == pytest.approx(shares[2], rel=5e-4)
    assert -np.log(float(said[2])) == pytest.approx(float(said[3]), abs=1e-3), "a reader's logarithm is the same"
    figure.panel.get_by_role("radio", name="2").press("ArrowUp")
    assert f"The right class, class 1, has a share of {shares[1]:.4g}" in figure.result
    status = figure.panel.get_by_role("status")
    status.filter(has_text="class 1").wait_for(state="attached")  # said once the hand rests
