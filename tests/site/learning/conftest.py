"""Chapter 6's panel, as its reader uses it."""

import functools

import pytest


class Watch:
    """A page with the panel."""

    def __init__(self, page, panel):
        self.page = page
        self.panel = panel

    def press(self, name):
        self.panel.get_by_role("button", name=name, exact=True).click()

    def part(self, name):
        return self.panel.locator(f".tb-learn__{name}")

    def set(self, knob, value):
        self.panel.locator(f'[data-knob="{knob}"]').evaluate(
            """(knob, value) => { knob.value = value; knob.dispatchEvent(new Event("input", { bubbles: true })); }""",
            value,
        )

    def wait_for(self, condition, argument=None):
        """Wait until a condition on the panel holds; it is JavaScript that uses `panel`."""
        self.page.wait_for_function(
            f"([panel, argument]) => {condition}", arg=[self.panel.element_handle(), argument], timeout=120_000
        )

    def wait_for_steps(self, more_than=0):
        self.wait_for(
            "Number(panel.querySelector('[data-count=steps]').textContent.replace(',', '')) > argument", more_than
        )

    @property
    def workers(self):
        """The workers that train; the page's search has a worker, too."""
        return [worker for worker in self.page.workers if worker.url.endswith("learning/worker.js")]

    @property
    def steps(self):
        return int(self.panel.locator("[data-count=steps]").inner_text().replace(",", ""))

    @property
    def epoch(self):
        return float(self.panel.locator("[data-count=epoch]").inner_text())

    def value(self, curve, name):
        return self.panel.locator(f".tb-learn__curve--{curve} [data-value={name}]").inner_text()


@pytest.fixture(scope="session")
def show_panel(short_page, soup):
    """Open the panel with a given `open_page`: `show_panel(open_page, "#learn=units-16")`.

    The panel is at the end of a short page without Material's script, unless it is requested in its chapter, which
    takes a browser much longer.
    """
    short = short_page("6-engine/", soup("6-engine/").select(".tb-learn"))

    def show(open_page, hash_="", *, in_chapter=False, **options):
        path = "6-engine/" if in_chapter else short
        page = open_page(path + hash_, **{"reduced_motion": "reduce", "theme": in_chapter, **options})
        panel = page.locator(".tb-learn").first
        panel.scroll_into_view_if_needed()
        panel.locator(".tb-learn__panel").wait_for()
        return Watch(page, panel)

    return show


@pytest.fixture
def open_panel(open_page, show_panel):
    """Open a page with the panel: `open_panel("#learn=units-16")`; the options are those of `show_panel`."""
    return functools.partial(show_panel, open_page)
