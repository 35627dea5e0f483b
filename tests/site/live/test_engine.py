"""The live figures of chapters 6 and 7, held against Python: a walk down a loss, and slopes by nudging."""

import numpy as np
import pytest

from tensorbook.book.site.diagrams import plots


def test_steps_down_the_loss_are_those_of_the_diagram(in_page):
    random = np.random.default_rng(0)
    inputs = np.stack([random.uniform(-2, 8, size=300), random.uniform(0.01, 4.5, size=300)], axis=1).tolist()
    body = "([start, rate]) => [module.walk(start, rate, 12), module.loss(start), module.slope(start)]"
    for (start, rate), (weights, loss, slope) in zip(inputs, in_page("gradient-step", body, inputs), strict=True):
        expected = [start]
        for _ in range(12):
            expected.append(expected[-1] - rate * plots.slope(expected[-1]))
        np.testing.assert_allclose(weights, expected, rtol=1e-12, atol=1e-12)
        assert (loss, slope) == pytest.approx((plots.loss(start), plots.slope(start)))
        nudged = (plots.loss(start + 1e-5) - plots.loss(start - 1e-5)) / 2e-5
        assert slope == pytest.approx(nudged, abs=1e-6)


def test_a_walk_is_judged_by_its_learning_rate(in_page):
    cases = {
        0.05: "It crawls", 0.1: "It crawls", 0.5: "It converges", 1.9: "It converges", 2.0: "One step leads right to",
        2.1: "It bounces", 3.9: "It bounces", 4.0: "It leaps to and fro", 4.1: "It flies off",
    }  # fmt: skip
    for start in (-2, -1, 2.9, 7.5):
        said = in_page("gradient-step", f"(rate) => module.judge(module.walk({start}, rate, 12))", list(cases))
        assert [text.startswith(words) for text, words in zip(said, cases.values(), strict=True)] == [True] * len(cases)
    (at_the_bottom,) = in_page("gradient-step", "(rate) => module.judge(module.walk(3, rate, 12))", [0.5])
    assert at_the_bottom.startswith("The slope is zero here")


def small_loss(x, w, v, target):
    """The loss of chapter 7's smallest network, as its block has it."""
    return (v * max(w * x, 0) - target) ** 2


def test_the_smallest_network_goes_forward_and_back_as_nudging_says(in_page):
    inputs = np.random.default_rng(1).uniform(-4, 4, size=(400, 4))
    inputs[0] = 2, 0.5, 3, 1  # the chapter's
    body = "([x, w, v, target]) => module.backpropagate({ x, w, v, target })"
    found = in_page("small-network", body, inputs.tolist())
    assert (found[0]["factors"], found[0]["slopes"], found[0]["loss"]) == ([4, 3, 1, 2], [4, 12, 12, 24], 4)
    cut = 0
    for (x, w, v, target), one in zip(inputs, found, strict=True):
        assert one["loss"] == pytest.approx(small_loss(x, w, v, target))
        assert one["hidden"] == max(w * x, 0)
        nudge = 1e-6
        nudged = (small_loss(x, w + nudge, v, target) - small_loss(x, w - nudge, v, target)) / (2 * nudge)
        assert one["slopes"][3] == pytest.approx(nudged, rel=1e-4, abs=1e-4)
        assert np.prod(one["factors"]) == pytest.approx(one["slopes"][3])
        cut += w * x <= 0
    assert 100 < cut < 300


def test_the_learning_rate_is_chosen_by_button_and_the_weight_is_dragged(open_figure):
    figure = open_figure("6-engine/", "gradient-step")
    assert figure.result.startswith("At −1 the slope is −2, so a step is −0.5 · (−2) = 1.")
    for name, words in (("crawling", "crawls"), ("bouncing", "bounces"), ("flying off", "flies off")):
        figure.press(name)
        assert f"It {words}" in figure.result
    figure.panel.get_by_role("slider", name="weight").press("End")
    assert figure.result.startswith("At 8 the slope is 2.5, so a step is −4.2 · 2.5 = −10.5.")
    box = figure.panel.locator("svg").bounding_box()
    middle = box["y"] + box["height"] / 2
    figure.page.mouse.move(box["x"] + 0.2 * box["width"], middle)
    figure.page.mouse.down()
    figure.page.mouse.move(box["x"] + (30 + 32 * 5) / 360 * box["width"], middle)  # where the weight is 3
    figure.page.mouse.up()
    weight = figure.panel.get_by_role("slider", name="weight").evaluate("slider => slider.valueAsNumber")
    assert weight == pytest.approx(3, abs=0.1)


def test_what_relu_cuts_off_sends_no_slope_back(open_figure):
    figure = open_figure("7-engine-by-hand/", "small-network")
    assert figure.result.startswith("The slope of the loss along w is 4 · 3 · 1 · 2 = 24. If w grows by 0.01")
    figure.panel.get_by_role("slider", name="w", exact=True).press("Home")
    assert figure.result.startswith("The slope of the loss along w is (−2) · 3 · 0 · 2 = 0. relu lets nothing through")
    assert figure.panel.locator("text", has_text="slope 0").count() == 2  # of w * x, and of w
