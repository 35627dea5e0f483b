"""What pages may do: each has a policy that lets only the site's own files run."""

import base64
import hashlib
import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tensorbook.book.site import hooks

pytestmark = pytest.mark.timeout(900)  # the first test here waits for `visits`, a minute on a quiet machine
ROOT = Path(__file__).parents[2]
# What an attacker would try: a script in the page, a script from elsewhere, an attribute, an address, a frame, a base.
INJECTED = """
  <script>window.sprung = "a script in the page"</script>
  <script src="data:text/javascript,window.sprung='a script in an address'"></script>
  <script src="http://localhost:1/stranger.js"></script>
  <img src="data:," onerror="window.sprung = 'an attribute'">
  <a id="address" href="javascript:void(window.sprung = 'an address')">a link</a>
  <iframe srcdoc="<script>parent.sprung = 'a frame'</script>"></iframe>
  <style>h1 { display: none }</style>
  <base href="http://localhost:1/">
"""


def directives(page):
    """The policy of a page, as a dictionary."""
    [policy] = page.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    return dict(part.strip().split(" ", 1) for part in policy["content"].split(";"))


def wait_until(page, condition):
    """Playwright's own function uses `eval` in the page."""
    until = time.monotonic() + 60
    while not page.evaluate(condition):
        assert time.monotonic() < until, condition
        page.wait_for_timeout(20)


def test_every_page_has_the_policy_before_anything_that_it_is_for(soup, pages):
    for path in [*pages, "404.html"]:
        page = soup(path)
        policy = directives(page)
        assert policy["default-src"] == "'none'", path
        assert policy["style-src"] == "'self'", path
        assert not re.search(r"unsafe|\*|https?:", str(policy)), path
        names = [tag.get("http-equiv") or tag.name for tag in page.head.find_all(["meta", "script", "style", "link"])]
        before = names[: names.index("Content-Security-Policy")]
        assert not {"script", "style"} & set(before), path
        assert "stylesheet" not in str(page.head.find_all("link")[: before.count("link")]), path


def test_the_policy_names_the_one_script_in_the_page(soup, pages):
    for path in [*pages, "404.html"]:
        page = soup(path)
        policy = directives(page)
        scripts = [tag for tag in page.find_all("script") if not tag.get("src") and "json" not in tag.get("type", "")]
        hashes = [base64.b64encode(hashlib.sha256(tag.string.encode()).digest()).decode() for tag in scripts]
        named = re.findall(r"'sha256-(.+?)'", policy["script-src"])
        assert named == hashes, f"{path}: put this into docs/overrides/main.html: 'sha256-{hashes[0]}'"


def test_no_page_breaks_its_policy(visits, open_page, address):
    """This includes opening it and using its menu, its search and its buttons."""
    for scheme in visits:
        assert {path: visit.broken for path, visit in visits[scheme].items() if visit.broken} == {}
    page = open_page(bypass_csp=False)
    page.goto(f"{address}2-network/")
    page.keyboard.press("/")
    page.keyboard.type("broadcasting")
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Dark scheme").click()
    page.locator(".tb-copy__button").first.click()
    assert page.evaluate("broken") == []
    page.goto(f"{address}nowhere/")
    assert page.evaluate("broken") == []


def test_the_box_keeps_the_policy(open_page, address, pages, site):
    page = open_page(bypass_csp=False)
    path = next(path for path in pages if 'class="tb-draw"' in (site / path / "index.html").read_text(encoding="utf-8"))
    page.goto(address + path)
    page.locator(".tb-draw").scroll_into_view_if_needed()
    page.locator(".tb-draw__canvas").hover()
    page.locator(".tb-draw--ready").wait_for()
    box = page.locator(".tb-draw")
    box.get_by_role("button", name="Show me", exact=True).click()
    page.locator(".tb-draw__answer", has_text="Prediction:").wait_for()
    with page.expect_download():
        box.get_by_role("button", name="Save as PNG", exact=True).click()
    assert page.evaluate("broken") == []


def test_what_is_injected_into_a_page_does_not_run(open_page, address):
    page = open_page(bypass_csp=False)

    def inject(route):
        body = route.fetch().text()
        assert "</article>" in body
        route.fulfill(body=body.replace("</article>", f"{INJECTED}</article>"), content_type="text/html")

    refused = {}
    page.on("requestfailed", lambda request: refused.update({request.url: request.failure}))
    page.route(f"{address}3-tensors/", inject)
    page.goto(f"{address}3-tensors/")
    page.evaluate("document.getElementById('address').click()")
    wait_until(page, "broken.length >= 7")
    assert page.evaluate("window.sprung") is None
    assert page.locator("h1").is_visible()
    assert {line.split(" ")[0] for line in page.evaluate("broken")} == {
        "base-uri", "script-src-attr", "script-src-elem", "style-src-elem",
    }  # fmt: skip
    assert refused["http://localhost:1/stranger.js"] == "csp", "it was not asked for"


def test_even_the_site_s_own_scripts_make_no_code_of_text(open_page, address):
    page = open_page(bypass_csp=False)

    def evaluating(route):
        route.fulfill(
            body="try { eval('window.sprung = 1') } catch (error) { window.caught = error.name }",
            content_type="text/javascript",
        )

    page.route("**/copy-code.js", evaluating)
    page.goto(f"{address}3-tensors/")
    wait_until(page, "window.caught")
    assert page.evaluate("[window.caught, window.sprung]") == ["EvalError", None]


@pytest.mark.parametrize(("command", "allowed"), [("serve", True), ("build", False), ("gh-deploy", False)])
def test_only_while_somebody_writes_a_page_may_reload_itself(command, allowed):
    config = SimpleNamespace(extra={}, extra_css=[], site_url="https://example.org/", strict=True)
    hooks.on_startup(command=command, dirty=False)
    hooks.on_config(config)
    hooks.on_startup(command="build", dirty=False)
    assert config.extra["serving"] is allowed
