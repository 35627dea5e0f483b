"""``fuzz`` and ``links``: what was found is named, and the exit status tells that there was something."""

from pathlib import Path

import pytest

from tensorbook.book import outside
from tensorbook.book.commands.robust import Reader
from tensorbook.book.fuzz import run as fuzzing
from tensorbook.book.fuzz.run import Outcome
from tensorbook.book.fuzz.targets import TARGETS


def test_every_reader_that_is_fuzzed_can_be_named():
    assert [reader.value for reader in Reader] == list(TARGETS)


@pytest.mark.parametrize("keep", [True, False])
def test_fuzz_goes_through_the_readers_and_cleans_up(book_command, monkeypatch, tmp_path, keep):
    asked = []

    def fuzz(name, runs, seed, folder):
        assert folder.is_dir()
        asked.append((name, runs, seed, folder))
        return Outcome(runs + 2, 1.6, None, "")

    monkeypatch.setattr(fuzzing, "fuzz", fuzz)
    options = ("--keep", tmp_path) if keep else ()
    status, out, _ = book_command("fuzz", *options)
    assert status == 0
    assert [one[:3] for one in asked] == [(name, 10_000, 0) for name in TARGETS]
    assert out.splitlines() == [f"{name}: 10,002 runs in 2 s" for name in TARGETS]
    [folder] = {one[3] for one in asked}
    assert folder.is_dir() == keep
    assert (folder == tmp_path) == keep
    assert book_command("fuzz", "idx", "--runs", 1, "--seed", 3, *options)[0] == 0
    assert asked[4][:3] == ("idx", 1, 3)
    for option, value in (("--runs", 0), ("--seed", -1)):
        assert book_command("fuzz", option, value)[0] == 2


def test_fuzz_names_what_a_reader_failed_on_and_goes_on_with_the_others(book_command, monkeypatch):
    asked = []

    def fuzz(name, runs, _seed, folder):
        asked.append(folder)
        (folder / "failed-idx-crash").write_bytes(b"bad")
        return Outcome(runs, 1.0, folder / "failed-idx-crash" if name == "idx" else None, "KeyError: 'x'")

    monkeypatch.setattr(fuzzing, "fuzz", fuzz)
    status, out, err = book_command("fuzz", "idx", "weights")
    assert status == 1
    assert out.splitlines() == ["idx: 10,000 runs in 1 s", "weights: 10,000 runs in 1 s"]
    assert err == f"KeyError: 'x'\ntensorbook: idx failed on {asked[0]}/failed-idx-crash\n"
    assert (asked[0] / "failed-idx-crash").read_bytes() == b"bad", "what was found is kept"


def test_links_says_how_many_lead_somewhere_and_names_the_others(book_command, monkeypatch, tmp_path):
    found = {"https://a.test/": ("index.html",), "https://b.test/": ("a.html", "b.html"), "https://c.test/": ("c",)}
    asked = []
    monkeypatch.setattr(outside, "outside_links", lambda site: asked.append(site) or found)

    def check(links, done):
        for link, pages in links.items():
            yield outside.Verdict(link, pages, "status 404" if "b." in link else "")
            done()

    monkeypatch.setattr(outside, "check_links", check)
    status, out, err = book_command("links", tmp_path)
    assert (status, asked) == (1, [tmp_path])
    assert "100%" in out
    assert out.endswith("3 links lead out of the site, 2 of them somewhere\n")
    assert err == "tensorbook: https://b.test/: status 404 (on a.html, b.html)\n"
    del found["https://b.test/"]
    status, out, err = book_command("links")
    assert (status, asked[1], err) == (0, Path("site"), "")
    assert out.endswith("2 links lead out of the site, 2 of them somewhere\n")
