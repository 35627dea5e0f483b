"""Chapter 6's panel: what it shows while the network learns, and how it is used."""

import re

import numpy as np
import pytest

from tensorbook.data import load_sample

SMALL = "#learn=units-16"  # learns fast, since these tests are about the panel


def curve(watch, what, name):
    """Return the points of a curve as they are drawn."""
    points = watch.panel.locator(f".tb-learn__curve--{what} .tb-learn__line--{name}").last.get_attribute("points")
    return [tuple(map(float, point.split(","))) for point in points.split()]


@pytest.fixture(scope="module")
def trained(opening, show_panel):
    """A panel that has trained to the end of its experiment, and everything that it showed on the way."""
    with opening() as open_page:
        watch = show_panel(open_page, SMALL, in_chapter=True)
        assert watch.steps == 0
        watch.page.evaluate("""() => {
          window.said = [];
          window.reports = 0;
          const watch = (selector, note) =>
            new MutationObserver(note).observe(document.querySelector(selector), { childList: true });
          watch(".tb-learn__said", () => said.push(document.querySelector(".tb-learn__said").textContent));
          watch("[data-count=steps]", () => { reports += 1; });
        }""")
        watch.press("One step")
        watch.wait_for_steps()
        watch.untrained = pictures_of_units(watch)
        watch.press("Play")
        watch.panel.get_by_role("button", name="Pause").wait_for()
        watch.wait_for("panel.querySelector('.tb-learn__said').textContent.includes('has paused')")
        yield watch


def pictures_of_units(watch):
    canvases = watch.panel.locator(".tb-learn__pictures canvas")
    return canvases.evaluate_all("canvases => canvases.map(canvas => canvas.toDataURL())")


def test_play_trains_to_the_end_of_the_experiment_and_pauses_there(trained):
    assert trained.panel.get_by_role("button", name="Play", exact=True).is_visible()
    assert trained.epoch == 5.0
    assert trained.steps == 160
    training, test = (trained.value("accuracy", name) for name in ("training", "test"))
    said = trained.part("said").inner_text()
    assert f"Step 160, epoch 5.0: training accuracy {training}, test accuracy {test}" in said
    assert 70 < float(test.rstrip("%")) < 95
    for what, falls in (("loss", True), ("accuracy", False)):
        for name in ("training", "test"):
            points = curve(trained, what, name)
            assert len(points) > 5
            assert (points[0][1] < points[-1][1]) == falls, (what, name)


def test_those_who_listen_hear_a_summary_now_and_then_and_not_at_each_report(trained):
    said, reports = trained.page.evaluate("[said, reports]")
    assert all("test accuracy" in text for text in said)
    assert reports > 3 * len(said)
    assert trained.panel.locator(".tb-learn__drawing").first.get_attribute("aria-label").endswith(said[-1])


def test_units_test_digits_and_values_follow_the_network(trained):
    after = pictures_of_units(trained)
    assert len(set(trained.untrained + after)) == 32
    born = trained.panel.get_by_label("include the random weights they started from")
    born.check()
    assert pictures_of_units(trained) != after
    born.uncheck()
    answers = trained.panel.locator(".tb-learn__answer")
    assert "Sixteen hidden units" in trained.part("units").inner_text()
    assert trained.part("pictures").locator("canvas").count() == 16
    assert "Twelve test digits" in trained.part("tests").inner_text()
    assert answers.count() == 12
    labels = load_sample().test.labels[np.arange(12) * 83]
    said = [one.get_attribute("aria-label") for one in answers.all()]
    assert [text[:3] for text in said] == [f"a {label}" for label in labels]
    marks = [one.inner_text().strip()[0] for one in answers.all()]
    assert marks == ["✓" if text[2] == text[-1] else "✗" for text in said]
    assert marks.count("✓") == int(trained.part("score").inner_text())


def test_play_goes_on_after_the_end_for_as_long_again(trained):
    trained.press("Play")
    trained.wait_for_steps(319)
    trained.panel.get_by_role("button", name="Play", exact=True).wait_for()
    assert (trained.steps, trained.epoch) == (320, 10)


def test_one_step_shows_the_numbers_of_its_batch(open_panel):
    watch = open_panel(SMALL)
    losses = []
    for step in (1, 2):
        watch.press("One step")
        watch.wait_for("panel.querySelector('[data-part=update] span').textContent && "
                       "panel.querySelector('[data-count=steps]').textContent === argument", str(step))  # fmt: skip
        draw, forward, loss, update = (
            watch.panel.locator(f"[data-part={part}]").inner_text() for part in ("draw", "forward", "loss", "update")
        )
        assert "128 digits" in draw
        shown = re.findall(r"\b(\d) (0\.\d\d|1\.00)", draw)
        assert len(shown) == 8
        assert len({label for label, _ in shown}) > 2
        mean, least, most = map(float, re.findall(r"\d\.\d{3}", forward))
        assert least < mean < most
        before = float(re.search(r"\d\.\d{4}", loss)[0])
        after = float(re.search(r"\d\.\d{4}", update)[0])
        assert float(re.search(r"slope is ([\d.e-]+)\.", update)[1]) > 0
        losses.append((before, after))
    assert losses[0][1] < losses[0][0], "the loss on this batch is smaller after the step"
    assert losses[0][0] == pytest.approx(float(watch.value("loss", "training")), abs=0.01)


@pytest.mark.nightly  # it takes as long as a reader needs to look at each step
def test_the_steps_are_lit_one_after_the_other_where_motion_is_welcome(open_panel):
    watch = open_panel(SMALL, reduced_motion="no-preference")
    watch.press("One step")
    for part in ("draw", "forward", "loss", "update"):
        watch.panel.locator(f"[data-part={part}][aria-current=step]").wait_for()
    watch.wait_for("!panel.querySelector('[aria-current]')")
    assert watch.steps == 1


def test_the_reader_s_own_digit_is_read_by_the_network_as_it_is_now(open_panel):
    watch = open_panel("#learn=units-64")
    watch.press("Show me")  # a nought
    watch.panel.get_by_text("Press Play: the network reads your digit while it learns.").wait_for()
    watch.press("One step")
    watch.panel.get_by_text("The network now says").wait_for()
    shares = watch.panel.locator(".tb-draw__share")
    untrained = shares.all_inner_texts()
    watch.press("Play")
    watch.wait_for("/now says 0, and is [6-9]/.test(panel.querySelector('.tb-draw__answer').textContent)")
    watch.press("Pause")
    assert shares.all_inner_texts() != untrained
    watch.press("Clear")
    watch.panel.get_by_text("what does the network say now?").wait_for()


def test_knobs_change_the_training_while_it_runs_or_start_it_anew(open_panel):
    watch = open_panel("#learn=units-64")
    watch.press("Play")
    watch.wait_for_steps(2)
    watch.set("rate", "-60")  # 0.00001
    watch.set("batch", "512")
    watch.set("optimizer", "sgd")
    assert watch.panel.get_by_role("button", name="Pause").is_visible()
    assert watch.steps > 2
    assert watch.page.url.endswith("#learn=lr-0.00001,sgd,batch-512,units-64")
    assert watch.part("link").get_attribute("href") == "#learn=lr-0.00001,sgd,batch-512,units-64"
    watch.press("Pause")
    watch.set("units", "32")
    assert (watch.steps, watch.epoch) == (0, 0)
    assert watch.panel.locator("[data-experiment][aria-pressed=true]").count() == 0
    watch.press("One step")
    watch.wait_for_steps()
    assert watch.panel.locator("[data-part=draw]").inner_text().count("512 digits") == 1


def test_reset_draws_other_random_numbers(open_panel):
    watch = open_panel(SMALL)
    losses = set()
    for _ in range(2):
        watch.press("One step")
        watch.wait_for_steps()
        losses.add(watch.panel.locator("[data-part=loss] span").inner_text())
        watch.press("Reset")
        assert watch.steps == 0
        assert watch.value("accuracy", "training") == "–"
    assert len(losses) == 2


def test_an_address_sets_the_knobs_and_leads_to_the_panel(open_page):
    page = open_page("6-engine/#learn=lr-0.1,sgd,units-64,shuffled-30,adam")
    panel = page.locator(".tb-learn__panel")
    panel.wait_for()
    values = {
        knob.get_attribute("data-knob"): knob.evaluate("knob => knob.value")
        for knob in panel.locator("[data-knob]").all()
    }
    expected = {"rate": "-12", "shuffled": "30", "batch": "128", "units": "64", "activation": "relu"}
    assert values == {**expected, "optimizer": "sgd"}
    assert "unknown settings: adam" in panel.locator(".tb-learn__question").inner_text()
    assert page.evaluate("scrollY") > 1000
    assert panel.locator("[data-count=steps]").inner_text() == "0", "nothing is fetched or learned unasked"
    page.evaluate("location.hash = '#learn=no-relu'")
    page.wait_for_function("document.querySelector('[data-knob=activation]').value === 'none'")
    assert panel.locator("[data-experiment][aria-pressed=true]").inner_text() == "Without relu"


def test_the_address_keeps_the_settings_while_the_reader_scrolls_on(open_page):
    """On other pages, Material writes the heading in view into the address, a quarter of a second after scrolling."""
    page = open_page("6-engine/#learn=units-16")
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 2500)
    page.wait_for_function("scrollY > 2000 && document.querySelector('.md-nav__link--active[href*=\"#\"]')")
    page.wait_for_timeout(600)
    assert page.url.endswith("#learn=units-16")


def test_a_button_in_the_text_starts_its_experiment_wherever_the_panel_is(open_page):
    page = open_page("6-engine/", reduced_motion="reduce")
    page.get_by_role("button", name="Train sixteen units").click()
    panel = page.locator(".tb-learn__panel")
    panel.get_by_role("button", name="Pause").wait_for()
    assert page.url.endswith("#learn=units-16")
    assert panel.locator("[data-experiment][aria-pressed=true]").inner_text() == "Sixteen units"
    page.get_by_role("button", name="Train it without relu").click()
    page.wait_for_function("document.querySelector('[data-knob=activation]').value === 'none'")
    assert panel.get_by_role("button", name="Pause").is_visible()


def test_every_button_in_the_text_is_an_experiment_that_was_recorded(open_page):
    from tensorbook.book.results.panel_measurements import EXPERIMENTS

    page = open_page("6-engine/")
    words = [
        button.get_attribute("data-leads-to").removeprefix("#learn=")
        for button in page.locator("[data-leads-to]").all()
    ]
    assert sorted(words) == sorted(EXPERIMENTS)


def test_it_learns_only_while_somebody_can_see_it(open_panel, wait_until):
    """When it is scrolled away or in a background tab, the network pauses, and later continues by itself."""
    watch = open_panel("")
    watch.press("Play")
    watch.wait_for_steps(2)
    [worker] = watch.workers
    worker.evaluate("""() => {
      self.told = [];
      addEventListener("message", ({ data }) => { if (data.kind === "run") told.push(data.on); });
    }""")
    watch.page.evaluate("scrollTo(0, 0)")
    wait_until(lambda: worker.evaluate("told") == [False])
    watch.panel.scroll_into_view_if_needed()
    wait_until(lambda: worker.evaluate("told") == [False, True])
    watch.wait_for_steps(watch.steps)
    watch.page.evaluate("""() => {
      Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    wait_until(lambda: worker.evaluate("told") == [False, True, False])


def test_the_panel_is_handled_by_keyboard(open_panel):
    watch = open_panel(SMALL)
    watch.part("play").focus()
    keyboard = watch.page.keyboard
    keyboard.press("Enter")
    watch.wait_for_steps()
    keyboard.press(" ")
    assert watch.panel.get_by_role("button", name="Play", exact=True).is_visible()
    keyboard.press("Tab")
    keyboard.press("Enter")
    watch.wait_for("panel.querySelector('[data-part=update] span').textContent")
    rate = watch.panel.get_by_label("Learning rate", exact=False)
    rate.focus()
    keyboard.press("ArrowRight")
    assert rate.get_attribute("aria-valuetext") == "0.0012"
    keyboard.press("End")
    assert rate.get_attribute("aria-valuetext") == "10"


def test_without_a_script_and_on_paper_the_recorded_curves_are_there(open_page):
    page = open_page("6-engine/", java_script_enabled=False)
    assert page.get_by_role("img", name="A network learns").is_visible()
    assert not page.locator(".tb-learn").is_visible()
    assert not page.locator(".tb-try").first.is_visible()
    page = open_page("6-engine/", reduced_motion="reduce")
    assert not page.get_by_role("img", name="A network learns").is_visible()
    page.emulate_media(media="print")
    assert page.get_by_role("img", name="A network learns").is_visible()
    assert not page.locator(".tb-try").first.is_visible()


def test_the_panel_fits_its_page_and_its_place_was_kept(open_page):
    page = open_page("6-engine/", reduced_motion="reduce")
    height = "document.querySelector('.tb-learn').offsetHeight"
    kept = {}
    for width in (320, 360, 571, 572, 768, 1280):  # at 572, the panel gets its second column
        page.set_viewport_size({"width": width, "height": 900})
        kept[width] = page.evaluate(height)
    page.locator(".tb-learn").scroll_into_view_if_needed()
    page.locator(".tb-learn__panel").wait_for()
    for width, before in kept.items():
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(height) == pytest.approx(before, abs=60), width
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_the_panel_keeps_the_policy_and_asks_nobody_else(open_panel, address):
    requests = []
    watch = open_panel(
        SMALL,
        setup=lambda page: page.on("request", lambda one: requests.append(one.url)),
        in_chapter=True,
        bypass_csp=False,
    )
    watch.press("Show me")
    watch.press("Play")
    watch.panel.get_by_role("button", name="Pause").wait_for()
    watch.panel.get_by_text("The network now says").wait_for()
    assert watch.page.evaluate("broken") == []
    assert all(url.startswith((address, "data:", "blob:")) for url in requests)
    assert any(url.endswith("worker.js") for url in requests)
    assert any(url.endswith("digits.bin") for url in requests)
