"""The panel of chapter 6, as its reader handles it."""

import pytest


class Watch:
    """A page with the panel."""

    def __init__(self, page, panel):
        self.page = page
        self.panel = panel
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

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
        """Wait until a condition on the panel holds, which is JavaScript about `panel`."""
        self.page.wait_for_function(
            f"([panel, argument]) => {condition}", arg=[self.panel.element_handle(), argument], timeout=120_000
        )

    def wait_for_steps(self, more_than=0):
        self.wait_for(
            "Number(panel.querySelector('[data-count=steps]').textContent.replace(',', '')) > argument", more_than
        )

    @property
    def workers(self):
        """The workers that learn; the search of the page has one, too."""
        return [worker for worker in self.page.workers if worker.url.endswith("learning/worker.js")]

    @property
    def steps(self):
        return int(self.panel.locator("[data-count=steps]").inner_text().replace(",", ""))

    @property
    def epoch(self):
        return float(self.panel.locator("[data-count=epoch]").inner_text())

    def value(self, curve, name):
        return self.panel.locator(f".tb-learn__curve--{curve} [data-value={name}]").inner_text()


@pytest.fixture
def open_panel(open_page):
    """Open a page at the panel: `open_panel("#learn=units-16")`; setup is called with the page before it is opened."""

    def opened(address="", *, setup=None, path="6-engine/", **options):
        page = open_page("install/", **{"reduced_motion": "reduce", **options})
        if setup:
            setup(page)
        page.goto(page.url.replace("install/", path) + address)
        panel = page.locator(".tb-learn").first
        panel.scroll_into_view_if_needed()
        panel.locator(".tb-learn__panel").wait_for()
        return Watch(page, panel)

    return opened
