"""What a build keeps is reused only while everything that went into it is the same and its file is intact."""

import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from tensorbook.book.site import build_cache
from tensorbook.book.site.build_cache import BuildCache, own_files, sources
from tensorbook.book.site.hooks import _kept_downloads

ROOT = Path(__file__).parents[3]
FILES = {"a.bin": b"\x00\n\xff", "empty": b"", "folder/c": "ü".encode()}


@pytest.fixture
def cache(tmp_path):
    return BuildCache(tmp_path)


class Maker:
    """Makes files or values, and counts how often."""

    def __init__(self, made):
        self.made, self.times = made, 0

    def __call__(self):
        self.times += 1
        return self.made


def test_what_was_made_from_the_same_inputs_is_made_once(cache, tmp_path):
    files, values = Maker(FILES), Maker([{"text": "ü", "boost": 0.5}])
    for again in (cache, cache, BuildCache(tmp_path)):
        assert again.files(files, "files", "in", 1) == FILES
        assert again.values(values, "values", "in", 1) == values.made
    assert (files.times, values.times) == (1, 1)
    cache.files(files, "files", "in", 2)
    cache.files(files, "others", "in", 1)
    assert files.times == 3


@pytest.mark.parametrize("part", range(3), ids=["Python", "the code", "the versions of the packages"])
def test_other_code_or_other_packages_start_afresh(cache, monkeypatch, part):
    maker, changed = Maker(FILES), list(build_cache.MAKER)
    cache.files(maker, "files")
    changed[part] = changed[part][:-1]
    monkeypatch.setattr(build_cache, "MAKER", changed)
    cache.files(maker, "files")
    assert maker.times == 2


@pytest.mark.parametrize("damage", [b"", b"\n", b"shorter", b"changed", b"\xff"])
def test_a_damaged_file_of_the_cache_is_made_again(cache, damage):
    maker = Maker(FILES)
    cache.files(maker, "files")
    [path] = cache.folder.iterdir()
    content = path.read_bytes()
    path.write_bytes({b"shorter": content[:-1], b"changed": content.replace(b"\xff", b"\xfe")}.get(damage, damage))
    for _ in range(2):
        assert cache.files(maker, "files") == FILES
    assert maker.times == 2


def test_where_nothing_can_be_kept_it_is_made_each_time(cache):
    maker = Maker(FILES)
    cache.folder.parent.write_text("a file in the place of the folder")
    for _ in range(2):
        assert cache.files(maker, "files") == FILES
    assert maker.times == 2
    cache.forget_unused()


def test_what_no_build_has_a_use_for_is_deleted(cache, tmp_path):
    cache.files(Maker(FILES), "old")
    later = BuildCache(tmp_path)
    later.files(Maker(FILES), "new")
    later.forget_unused()
    assert [path.name.split("-")[0] for path in cache.folder.iterdir()] == ["new"]


def test_files_are_known_by_their_names_and_contents(tmp_path):
    hashes, tops = [], []
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b.py", "2"), ("c/a.py", ""), ("a.py", "")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        hashes.append(sources(tmp_path))
        tops.append(own_files(tmp_path))
    assert len(set(hashes)) == 5
    assert tops[3] == tops[2], "what is in a folder of its own does not count"
    assert len(set(tops)) == 4
    packages = [package.lower() for package in build_cache.MAKER[2]]
    for name in ("markdown", "mkdocs", "mkdocstrings", "pygments", "latex2mathml", "hatchling", "mlxtend"):
        assert f"{name}-{version(name)}.dist-info" in packages


class Site:
    """What a hook knows about a site."""

    def __init__(self, folder):
        self.folder, self.site_url = folder, "https://example.org/"
        self.config_file_path = str(folder / "mkdocs.yml")

    def downloads(self):
        return _kept_downloads(self, BuildCache(self.folder))

    def append(self, name, text):
        path = self.folder / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("docs", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".gitignore", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def replace(site, name, old, new):
    path = site.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# The inputs of the downloads, and one of the downloads that each changes.
INPUTS = {
    "a chapter": (lambda s: s.append("docs/1-data.md", "\nMore.\n"), "notebooks/chapter-1.ipynb"),
    "the library": (lambda s: s.append("src/tensorbook/ops.py", "# more\n"), "WHEEL"),
    "the README": (lambda s: s.append("README.md", "\nMore.\n"), "WHEEL"),
    "what is packed": (lambda s: replace(s, "pyproject.toml", "pooch>=1.8", "pooch>=1.7"), "WHEEL"),
    "what git ignores": (lambda s: s.append(".gitignore", "ops.py\n"), "WHEEL"),
    "colours": (
        lambda s: replace(s, "docs/stylesheets/diagrams.css", ".tb-", "a, .tb-"),
        "notebooks/pictures/ranks.svg",
    ),
    "a record": (
        lambda s: replace(s, "docs/results/record.json", '"accuracy": 0.9', '"accuracy": 0.8'),
        "notebooks/whole-book.ipynb",
    ),
    "the site's address": (lambda s: setattr(s, "site_url", "https://else.org/"), "notebooks/chapter-2.py"),
}


def test_whatever_goes_into_the_downloads_and_changes_they_are_made_again(checkout, monkeypatch):
    site = Site(checkout)
    before = site.downloads()
    [wheel] = [name for name in before if name.endswith(".whl")]
    assert site.downloads() == before
    for what, (change, name) in INPUTS.items():
        change(site)
        after = site.downloads()
        name = wheel if name == "WHEEL" else name
        assert before[name] != after[name], what
        before = after
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert before[wheel] != site.downloads()[wheel]


def test_downloads_that_are_kept_are_those_that_are_made(checkout, monkeypatch):
    from tensorbook.book.site.downloads import added_files

    site = Site(checkout)
    site.downloads()
    monkeypatch.setattr("tensorbook.book.site.downloads.added_files", None)
    assert site.downloads() == added_files(checkout, site.site_url)
