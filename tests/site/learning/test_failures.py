"""What can go wrong in chapter 6's panel: the reader is told, and can continue."""

import re

import pytest

SMALL = "#learn=units-16"
DIGITS = "**/assets/digits.bin"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"status": 404, "body": ""}, "The digits could not be loaded: the site answered 404 for /books/"),
        ({"status": 200, "body": "not the digits"}, "The digits file is damaged."),
    ],
    ids=["missing", "damaged"],
)
def test_the_panel_names_digits_that_are_missing_or_damaged_and_tries_again(open_panel, answer, message):
    watch = open_panel(SMALL, setup=lambda page: page.route(DIGITS, lambda route: route.fulfill(**answer)))
    watch.press("Play")
    trouble = watch.panel.get_by_role("alert").filter(has_text=message)
    trouble.wait_for()
    assert re.fullmatch(rf"{re.escape(message)}\S* Press Reset to try again\.", trouble.inner_text())
    assert watch.panel.get_by_role("button", name="Play", exact=True).is_visible()
    watch.press("Show me")  # the page keeps working
    watch.page.unroute(DIGITS)
    watch.press("Reset")
    assert not trouble.is_visible()
    watch.press("Play")
    watch.wait_for_steps()


def test_a_worker_that_cannot_be_fetched_is_named(open_panel):
    watch = open_panel(SMALL, setup=lambda page: page.route("**/backward-pass.js", lambda route: route.abort()))
    watch.press("One step")
    watch.panel.get_by_role("alert").filter(
        has_text="has ended. The program could not be loaded. Press Reset"
    ).wait_for()
    watch.page.unroute("**/backward-pass.js")
    watch.press("Reset")
    watch.press("One step")
    watch.wait_for_steps()


def test_a_worker_that_stops_with_an_error_is_told_and_reset_starts_another(open_panel):
    watch = open_panel(SMALL)
    watch.press("Play")
    watch.wait_for_steps(2)
    watch.workers[0].evaluate("() => { setTimeout(() => { throw new Error('no more memory'); }); }")
    watch.panel.get_by_role("alert").filter(has_text="has ended. It stopped with “Uncaught Error: no more").wait_for()
    assert watch.panel.get_by_role("button", name="Play", exact=True).is_visible()
    watch.press("Reset")
    watch.press("Play")
    watch.wait_for_steps()
    assert len(watch.workers) == 1


def test_a_worker_that_ends_without_a_word_is_noticed(open_panel):
    watch = open_panel(SMALL, setup=lambda page: page.clock.install(), fresh=True)
    watch.press("Play")
    watch.wait_for_steps(2)
    watch.workers[0].evaluate("() => close()")
    watch.page.wait_for_timeout(100)  # its last reports
    watch.page.clock.fast_forward(16_000)
    watch.panel.get_by_role("alert").filter(
        has_text="has ended. It no longer responds. Press Reset to start it again"
    ).wait_for()


def test_a_network_that_blows_up_says_so_and_why_and_reset_goes_back(open_panel):
    watch = open_panel("#learn=lr-10,sgd,units-16,no-relu")
    watch.press("Play")
    trouble = watch.panel.get_by_role("alert").filter(has_text="The network has blown up at step")
    trouble.wait_for()
    assert "its weights are no longer numbers (NaN)" in trouble.inner_text()
    assert "learning rate of 10, each step overshot" in trouble.inner_text()
    assert "Choose a smaller rate and press Reset" in trouble.inner_text()
    assert watch.part("said").inner_text() == trouble.inner_text()
    assert set(watch.panel.locator(".tb-learn__answer span").all_inner_texts()) == {"✗ NaN"}
    watch.press("Play")
    assert trouble.is_visible(), "there is nothing to go on with"
    watch.set("rate", "-36")
    watch.press("Reset")
    assert not trouble.is_visible()
    watch.press("One step")
    watch.wait_for_steps()


def test_another_experiment_may_be_chosen_at_any_time(open_panel):
    """Late reports from an earlier network are not drawn into the new network's curves."""
    watch = open_panel(SMALL)
    names = ["Far too low", "Nonsense labels", "Without relu", "Sixteen units"]
    for name in names:
        watch.press(name)
    watch.wait_for("panel.querySelector('.tb-learn__said').textContent.includes('has paused')")
    assert (watch.steps, watch.epoch) == (160, 5.0)
    pressed = watch.panel.locator("[data-experiment][aria-pressed=true]")
    assert pressed.all_inner_texts() == ["Sixteen units"]
    points = watch.panel.locator(".tb-learn__curve--loss .tb-learn__line--test").last.get_attribute("points").split()
    places = [float(point.split(",")[0]) for point in points]
    assert places == sorted(set(places))
    assert len(watch.workers) == 1


def test_two_panels_in_a_page_learn_by_themselves(open_panel, address):
    watch = open_panel(SMALL)
    watch.page.evaluate(
        """async (base) => {
          const first = document.querySelector(".tb-learn");
          const host = first.cloneNode();
          host.id = "second";
          first.after(host);
          (await import(base + "javascripts/learning/panel.js")).build(host);
          document.documentElement.style.zoom = 0.3; // both are in view
        }""",
        address,
    )
    second = type(watch)(watch.page, watch.page.locator("#second"))
    assert second.panel.locator("[data-knob=units]").input_value() == "512", "the address is for the first"
    second.set("units", "32")
    second.press("One step")
    second.wait_for_steps()
    assert watch.steps == 0
    watch.press("Play")
    watch.wait_for_steps(20)
    assert second.steps == 1
    second.press("Play")
    second.wait_for_steps(3)
    assert len(watch.workers) == 2
    ids = watch.page.evaluate("Array.from(document.querySelectorAll('[id]'), ({ id }) => id)")
    assert len(ids) == len(set(ids))


MEMORY = """async (base) => {
  const from = (name) => import(`${base}javascripts/${name}.js`);
  const [{ fetchDigits }, { Trainer }, { Curves }, { DEFAULTS }] = await Promise.all(
    ["sample-digits", "learning/trainer", "learning/curve-points", "learning/settings"].map(from));
  const trainer = new Trainer(await fetchDigits(), { ...DEFAULTS, units: 16, batch: 2 });
  const curves = new Curves(trainer);
  globalThis.go = (steps) => {
    for (let step = 0; step < steps; step++) curves.step();
    curves.take();
    trainer.units(16);
  };
}"""


def test_memory_does_not_grow_over_2000_steps(open_page, address):
    page = open_page("install/", fresh=True)
    browser = page.context.new_cdp_session(page)

    def used():
        browser.send("HeapProfiler.collectGarbage")
        usage = browser.send("Runtime.getHeapUsage")
        return usage["usedSize"] + usage.get("backingStorageSize", 0)

    page.evaluate(MEMORY, address)
    page.evaluate("go(50)")
    before = used()
    page.evaluate("go(2000)")
    assert used() < before + 200_000, "a step's slopes alone are 50 kB"
