"""The live figures of chapters 6 and 7, compared with Python: a walk down a loss, and slopes by nudging."""

import re

import numpy as np
import pytest

from tensorbook.book.site.diagrams import computation_graph, plots


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
        0.05: "The weight crawls", 0.1: "The weight crawls", 0.5: "The weight converges", 1.9: "The weight converges",
        2.0: "One step goes straight to", 2.1: "The weight bounces", 3.9: "The weight bounces",
        4.0: "The weight leaps back and forth", 4.1: "The weight flies off",
    }  # fmt: skip
    for start in (-2, -1, 2.9, 7.5):
        said = in_page("gradient-step", f"(rate) => module.judge(module.walk({start}, rate, 12))", list(cases))
        assert [text.startswith(words) for text, words in zip(said, cases.values(), strict=True)] == [True] * len(cases)
    (at_the_bottom,) = in_page("gradient-step", "(rate) => module.judge(module.walk(3, rate, 12))", [0.5])
    assert at_the_bottom.startswith("The slope is zero here")


def small_loss(x, w, v, target):
    """Return the loss of chapter 7's smallest network, as in its code block."""
    return (v * max(w * x, 0) - target) ** 2


def test_the_smallest_network_goes_forward_and_back_as_in_python_and_as_nudging_says(in_page):
    inputs = np.random.default_rng(1).uniform(-4, 4, size=(400, 4))
    inputs[0] = 2, 0.5, 3, 1  # the chapter's
    found = in_page("computation-graph", "([x, w, v, target]) => module.walk({ x, w, v, target })", inputs.tolist())
    assert found[0]["slopes"]["w"] == 24
    cut = 0
    for given, one in zip(inputs, found, strict=True):
        expected = computation_graph.walk(*given)
        assert one["values"] == pytest.approx(expected.values)
        assert one["slopes"] == pytest.approx(expected.slopes)
        assert one["values"]["loss"] == pytest.approx(small_loss(*given))
        for place, name in enumerate(("x", "w", "v", "target")):
            nudge = 1e-6 * np.eye(4)[place]
            nudged = (small_loss(*(given + nudge)) - small_loss(*(given - nudge))) / 2e-6
            assert one["slopes"][name] == pytest.approx(nudged, rel=1e-4, abs=1e-4)
        cut += one["values"]["hidden"] == 0
    assert 100 < cut < 300


def test_the_graph_that_comes_alive_shows_what_the_diagram_shows(open_figure):
    figure = open_figure("7-engine-by-hand/", "computation-graph")
    shown, still = (
        sorted(figure.place.locator(f"{part} text").all_text_contents())
        for part in (".tb-live__panel", ".tb-live__still")
    )
    numbers = re.compile(r"−?[\d.]+|×|relu|−|²|w|x|v|target|loss")
    assert [one for one in shown if numbers.fullmatch(one)] == [one for one in still if numbers.fullmatch(one)]


def test_the_learning_rate_is_chosen_by_button_and_the_weight_is_dragged(open_figure):
    figure = open_figure("6-engine/", "gradient-step")
    assert figure.result.startswith("At −1, the slope is −2, so the step is −0.5 · (−2) = 1.")
    for name, words in (("crawling", "crawls"), ("bouncing", "bounces"), ("flying off", "flies off")):
        figure.press(name)
        assert f"The weight {words}" in figure.result
    figure.panel.get_by_role("slider", name="weight").press("End")
    assert figure.result.startswith("At 8, the slope is 2.5, so the step is −4.2 · 2.5 = −10.5.")
    figure.panel.get_by_role("slider", name="weight").press("Shift+ArrowLeft")
    assert figure.result.startswith("At 7.95, the slope is 2.475, so the step is −4.2 · 2.475 = −10.395.")
    box = figure.panel.locator("svg").bounding_box()
    middle = box["y"] + box["height"] / 2
    figure.page.mouse.move(box["x"] + 0.2 * box["width"], middle)
    figure.page.mouse.down()
    figure.page.mouse.move(box["x"] + (30 + 32 * 5) / 360 * box["width"], middle)  # where the weight is 3
    figure.page.mouse.up()
    weight = figure.panel.get_by_role("slider", name="weight").evaluate("slider => slider.valueAsNumber")
    assert weight == pytest.approx(3, abs=0.1)


def test_the_slope_s_product_is_what_a_reader_multiplies_or_about_it(in_page):
    """A right answer counts as right even if its floats differ in the last digit."""
    names = ("x", "w", "v", "target")
    cases = [(1.2, 0.5, 3, 1.8), (1.25, 0.35, 1.05, 1), (2, 0.5, 3, 1)]
    right, about, whole = in_page(
        "computation-graph",
        "(given) => module.explain(module.walk(given))",
        [dict(zip(names, case, strict=True)) for case in cases],
    )
    assert right.endswith(" is 0 · 3 · 1 · 1.2 = 0. The answer is right, so there is nothing to improve.")
    assert "(−1.08) · 1.05 · 1 · 1.25 ≈ −1.419. If w grows" in about
    assert "4 · 3 · 1 · 2 = 24. If w grows" in whole


def test_what_relu_cuts_off_sends_no_slope_back(open_figure):
    figure = open_figure("7-engine-by-hand/", "computation-graph")
    assert figure.result.startswith("The slope of the loss with respect to w is 4 · 3 · 1 · 2 = 24. If w grows by 0.01")
    figure.panel.get_by_role("slider", name="w", exact=True).press("Home")
    assert figure.result.startswith(
        "The slope of the loss with respect to w is (−2) · 3 · 0 · 2 = 0. w · x is not above zero"
    )
    assert figure.panel.locator("svg .tb-mark", has_text=re.compile("^0$")).count() == 4  # of w, x, their product and v
