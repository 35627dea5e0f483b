"""Where notebooks and the install page get the library from, and who is warned that nobody else can."""

import logging
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tensorbook.book.site import downloads, hooks
from tensorbook.book.site.notebook_links import BRANCH, FOLDER, HERE, WHEEL, only_here, site_address, wheel_address
from tensorbook.book.site.notebooks.write_notebooks import OnSite

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://x.org/book", "https://x.org/book/"),
        ("https://x.org/book/", "https://x.org/book/"),
        ("https://x.org", "https://x.org/"),
        ("http://0.0.0.0:8000/", "http://127.0.0.1:8000/"),
        ("http://0.0.0.0/book/", "http://127.0.0.1/book/"),
        ("http://[::]:8000/", "http://[::1]:8000/"),
        ("http://192.168.1.7:8000/", "http://192.168.1.7:8000/"),
        ("", HERE),
        (None, HERE),
    ],
)
def test_files_are_linked_by_an_address_that_ends_in_a_slash_and_can_be_opened(given, address):
    assert site_address(given) == address
    assert wheel_address(given) == f"{address}{WHEEL}"


@pytest.mark.parametrize(
    "given", ["x.org/book", "ftp://x.org/", "https://", "https://x.org/?page=1", "https://x.org/#a"]
)
def test_what_is_no_address_of_a_site_is_refused(given):
    with pytest.raises(ValueError, match=r"must be an address such as https://example\.org/book/, got "):
        site_address(given)


@pytest.mark.parametrize(
    "given", ["", None, "http://127.0.0.1:8000/", "http://localhost:8000/", "http://0.0.0.0:8000/", "http://[::1]/"]
)
def test_a_local_address_works_on_this_computer_only(given):
    warning = only_here(given)
    assert warning.startswith(f"SITE_URL is {given or 'not set'}: ")
    assert f"from {site_address(given)}, which works only on this computer" in warning


@pytest.mark.parametrize("given", ["https://x.org/book", "http://192.168.1.7:8000/", "https://127.example.org/"])
def test_an_address_that_others_reach_brings_no_warning(given):
    assert only_here(given) is None


def test_the_files_for_download_name_the_wheel_below_the_site(monkeypatch):
    monkeypatch.setattr(downloads, "load_chapters", lambda _project: [])
    monkeypatch.setattr(downloads, "build_wheel", lambda _project: (Path(WHEEL).name, b"wheel"))
    made = downloads.added_files(ROOT, "https://x.org/book")
    assert made[WHEEL] == b"wheel"
    assert f"%pip install --quiet https://x.org/book/{WHEEL}" in made["notebooks/whole-book.ipynb"].decode()


def test_a_wheel_of_another_name_than_the_pages_say_is_noticed(monkeypatch):
    monkeypatch.setattr(downloads, "load_chapters", lambda _project: [])
    monkeypatch.setattr(downloads, "build_wheel", lambda _project: ("tensorbook-9-py3-none-any.whl", b"wheel"))
    with pytest.raises(RuntimeError, match=r"tensorbook-9-py3-none-any\.whl, and the pages say notebooks/tensorbook-"):
        downloads.added_files(ROOT, "https://x.org/")


@pytest.mark.parametrize(
    ("command", "strict", "site_url", "level"),
    [
        ("build", False, "", logging.WARNING),
        ("build", False, "http://localhost:8000/", logging.WARNING),
        ("build", True, "", logging.INFO),
        ("serve", False, "http://0.0.0.0:8000/", logging.INFO),
        ("build", False, "https://x.org/", None),
    ],
)
def test_a_build_for_this_computer_warns_unless_it_is_meant_to_be_one(caplog, command, strict, site_url, level):
    caplog.set_level(logging.INFO, logger="mkdocs")
    hooks.on_startup(command=command, dirty=False)
    hooks.on_config(SimpleNamespace(extra={}, extra_css=[], site_url=site_url, strict=strict))
    assert [record.levelno for record in caplog.records] == ([level] if level else [])
    assert all("only on this computer" in record.getMessage() for record in caplog.records)


def test_links_lead_to_pages_below_the_site():
    assert OnSite(site_address("https://x.org/book")).page("1-data") == "https://x.org/book/1-data/"


def test_the_workflow_that_publishes_the_site_pushes_its_folder_to_the_branch_that_colab_reads():
    workflow = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    assert re.findall(r"cp -r site/(\S+)", workflow) == [FOLDER]
    assert re.findall(r"--initial-branch (\S+)|git push .*\" (\S+)", workflow) == [(BRANCH, ""), ("", BRANCH)]


def test_a_site_without_an_address_is_the_one_that_is_served_here():
    def read(name):
        return (ROOT / name).read_text(encoding="utf-8")

    assert f'site_url: !ENV [SITE_URL, "{HERE}"]' in read("mkdocs.yml")
    for name in (".ci/external-links", "README.md", "docs/install.md", "docs/contributing.md"):
        assert {url.rstrip("/") for url in re.findall(r"http://127[\w.:]+/?", read(name))} == {HERE.rstrip("/")}, name
    [host, port] = re.findall(r"--bind (\S+) .* (\d+) >", read(".ci/external-links"))[0]
    assert f"http://{host}:{port}/" == HERE
