"""Links out of the site are found and asked for; a local server plays the other sites."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from tensorbook.book import outside
from tensorbook.book.commands import main
from tensorbook.book.outside import check_links, outside_links
from tensorbook.data import DataError


class Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        status = {"/good": 200, "/moved": 302, "/long": 200}.get(self.path, 404)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/good")
        self.end_headers()
        self.wfile.write(b"words " * 500_000 * (self.path == "/long") + b'<h1 id="there">A page</h1>')

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere(monkeypatch):
    """The address of another site."""
    monkeypatch.setattr(outside, "PAUSE", 0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    Handler.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def site(tmp_path, elsewhere):
    """A site of two pages."""
    links = ["good", "good#there", "good#nowhere", "moved", "gone"]
    anchors = "".join(f'<a class="x" href="{elsewhere}/{link}" title="{elsewhere}/title">x</a>' for link in links)
    inside = '<a href="../other/#part">x</a><a href="http://book.test/page/">x</a><a href="mailto:a@book.test">x</a>'
    head = '<!doctype html><link rel="canonical" href="http://book.test/">'
    head += f'<link rel="icon" href="{elsewhere}/icon"><abbr title="{elsewhere}/abbr">x</abbr>'
    (tmp_path / "other").mkdir()
    (tmp_path / "index.html").write_text(head + anchors + inside)
    (tmp_path / "other" / "index.html").write_text(f'<a href="{elsewhere}/gone">x</a>')
    return tmp_path


def test_links_to_other_sites_are_found_with_their_pages(site, elsewhere):
    found = outside_links(site)
    assert sorted(found) == [f"{elsewhere}/{link}" for link in ("gone", "good", "good#nowhere", "good#there", "moved")]
    assert found[f"{elsewhere}/gone"] == ("index.html", "other/index.html")


def test_pages_and_anchors_that_are_not_there_are_told_and_each_page_is_asked_for_once(site, elsewhere):
    troubles = {verdict.link: verdict.trouble for verdict in check_links(outside_links(site))}
    assert {link.removeprefix(elsewhere): trouble for link, trouble in troubles.items()} == {
        "/gone": "status 404",
        "/good": "",
        "/good#there": "",
        "/good#nowhere": "the page has no anchor #nowhere",
        "/moved": "",
    }
    assert sorted(Handler.asked) == ["/gone", "/good", "/good", "/moved"], "the way from /moved leads to /good"


def test_each_host_is_left_a_pause_between_two_questions(elsewhere, monkeypatch):
    slept = []
    monkeypatch.setattr(outside, "PAUSE", 3.0)
    monkeypatch.setattr(outside.time, "sleep", slept.append)
    monkeypatch.setattr(outside.time, "monotonic", lambda: 3.0)  # as where the machine has just started
    other = elsewhere.replace("127.0.0.1", "localhost")
    addresses = [f"{elsewhere}/good", f"{elsewhere}/good#there", f"{elsewhere}/gone", f"{other}/good", f"{other}/moved"]
    assert len(list(check_links(dict.fromkeys(addresses, ("index.html",))))) == 5
    assert slept == [0, 3, 0, 3]


def test_anchors_are_looked_for_in_the_first_bytes_only(elsewhere, monkeypatch):
    for most, trouble in ((28, "the page has no anchor #there"), (29, "")):
        monkeypatch.setattr(outside, "MOST", len('<h1 id="there">') + most - 29)
        [verdict] = check_links({f"{elsewhere}/good#there": ("index.html",)})
        assert verdict.trouble == trouble


def test_an_anchor_at_the_end_of_three_million_bytes_is_found(elsewhere):
    [verdict] = check_links({f"{elsewhere}/long#there": ("index.html",)})
    assert verdict.trouble == ""


def test_a_page_s_anchors_are_its_ids_and_names():
    page = outside._Page(
        '<h2 id="one" class="two">x</h2><a name="three" href="four">x</a><p id="">x</p><b hidden>x</b>'
    )
    assert (page.anchors, page.links) == ({"one", "three"}, ["four"])


def test_where_nobody_answers_it_is_said(elsewhere):
    nobody = elsewhere.replace("http://127.0.0.1", "http://127.0.0.1:1/x?")
    [verdict] = check_links({nobody: ("index.html",)})
    assert verdict.trouble == "no answer (ConnectionError)"


def test_the_command_names_each_broken_link_and_fails(site, elsewhere, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["tensorbook", "links", str(site)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert f"{elsewhere}/gone: status 404 (on index.html, other/index.html)" in capsys.readouterr().err
    (site / "index.html").write_text(f'<a href="{elsewhere}/good#there">x</a>')
    (site / "other" / "index.html").unlink()
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (0, None)


def test_a_folder_without_pages_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"needs to hold a built site, and holds no pages: run `mkdocs build` first"):
        outside_links(tmp_path)
