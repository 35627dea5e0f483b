"""A page is kept between builds; if anything that goes into it changes, it is rendered again."""

import json

import pytest
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config

from tensorbook.book.site import build_cache, page_cache

HOOK = """
from pathlib import Path
from tensorbook.book.site.build_cache import BuildCache
from tensorbook.book.site.page_cache import PageCache

def on_files(files, config):
    global cache
    cache = config.extra["cache"] = PageCache(BuildCache(Path(config.config_file_path).parent), config, files)

def on_pre_page(page, **_):
    cache.take_over(page)

def on_post_build(**_):
    cache.cache.forget_unused()
"""
CONFIG = """
site_name: small
theme: {name: null, custom_dir: theme}
nav: [index.md, other.md, reference.md]
hooks: [hook.py]
markdown_extensions: [footnotes]
plugins:
  - material/search: {lang: en, separator: " ", pipeline: []}
  - mkdocstrings:
      handlers:
        python:
          paths: [src]
          options: {heading_level: 3, show_root_heading: true}
"""
PAGES = ["index.md", "other.md", "reference.md"]


class Project:
    """A small site, and how it is built."""

    def __init__(self, folder):
        self.folder = folder
        self.write("hook.py", HOOK)
        self.write("theme/main.html", "{{ page.title }} {{ page.content }} {{ page.toc }}")
        self.write("mkdocs.yml", CONFIG)
        self.write(
            "docs/index.md",
            "# Home\n\nThe [other](other.md#deep) page[^1], and [`twice`][tensorbook.twice].\n\n[^1]: A note.",
        )
        self.write("docs/other.md", "# Other\n\n## Deep\n\n$x$\n")
        self.write("docs/reference.md", "# Reference\n\n::: tensorbook.twice\n")
        self.write("src/tensorbook/__init__.py", 'def twice(x: int) -> int:\n    """Double it."""\n    return 2 * x\n')

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def replace(self, name, old, new):
        text = (self.folder / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def build(self, **settings):
        """Build the site; return the pages that were rendered, in order, and all files of the site."""
        config = load_config(str(self.folder / "mkdocs.yml"), **settings)
        config.plugins.on_startup(command="build", dirty=False)
        build_site(config)
        site = self.folder / "site"
        files = {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        self.searched = sorted(config.extra["cache"].searched)
        return sorted(config.extra["cache"].rendered), {name: files[name] for name in files if "sitemap" not in name}

    @property
    def kept(self):
        """The files with pages, and the files with their search entries."""
        return sorted((self.folder / build_cache.FOLDER).iterdir())


@pytest.fixture
def project(tmp_path):
    page_cache.LOG.setLevel("INFO")
    yield Project(tmp_path)
    page_cache.LOG.setLevel("NOTSET")


def test_a_second_build_renders_nothing_and_is_the_same_byte_for_byte(project):
    rendered, first = project.build()
    assert rendered == project.searched == PAGES
    rendered, second = project.build()
    assert rendered == project.searched == []
    assert first == second
    found = json.loads(second["search/search_index.json"])["docs"]
    assert [entry["location"] for entry in found][:4] == ["", "other/", "other/#deep", "reference/"]
    assert second["objects.inv"]
    assert b'href="reference/#tensorbook.twice"' in second["index.html"], "links into the reference are restored"


INPUTS = {
    "the page's Markdown": (lambda p: p.replace("docs/other.md", "## Deep", "Changed.\n\n## Deep"), ["other.md"]),
    "the sources that the reference describes": (
        lambda p: p.replace("src/tensorbook/__init__.py", "Double it.", "Changed."),
        PAGES,
    ),
    "a setting of a plugin": (lambda p: p.replace("mkdocs.yml", "heading_level: 3", "heading_level: 4"), PAGES),
    "the extensions": (lambda p: p.replace("mkdocs.yml", "[footnotes]", "[footnotes, admonition]"), PAGES),
    "an extension's option": (
        lambda p: p.replace("mkdocs.yml", "[footnotes]", "[footnotes: {BACKLINK_TEXT: Changed}]"),
        PAGES,
    ),
    "the files that links lead to": (lambda p: p.write("docs/image.svg", "<svg/>"), PAGES),
    "the form of addresses": (lambda p: p.write("mkdocs.yml", CONFIG + "use_directory_urls: false\n"), PAGES),
    "the site's address": (lambda p: p.write("mkdocs.yml", CONFIG + "site_url: https://example.org/\n"), PAGES),
    "how links are checked": (lambda p: p.write("mkdocs.yml", CONFIG + "validation: {anchors: warn}\n"), PAGES),
    "the settings of ruff, which lays out signatures": (lambda p: p.write("pyproject.toml", "[tool.ruff]\n"), PAGES),
}


@pytest.mark.parametrize(("change", "again"), INPUTS.values(), ids=INPUTS)
def test_whatever_goes_into_a_page_and_changes_the_page_is_made_again(project, change, again):
    project.build()
    change(project)
    rendered, found = project.build()
    assert rendered == again
    assert len(project.kept) == 2 * len(PAGES), "what no build has a use for is deleted"
    for path in project.kept:
        path.unlink()
    assert project.build() == (PAGES, found), "it is what a build without a cache makes"


@pytest.mark.parametrize("about", ["title: Changed", "search: {boost: 2}", "search: {exclude: true}", "tags: [a]"])
def test_what_a_page_says_of_itself_reaches_the_search(project, about):
    before = project.build()[1]
    project.replace("docs/other.md", "# Other", f"---\n{about}\n---\n# Other")
    rendered, found = project.build()
    assert rendered == [], "its Markdown is the same"
    assert project.searched == ["other.md"]
    if "title" not in about:  # the heading is removed first
        assert found["search/search_index.json"] != before["search/search_index.json"]
    for path in project.kept:
        path.unlink()
    assert project.build()[1] == found


def test_a_damaged_file_is_made_again(project):
    _, first = project.build()
    for path in project.kept:
        path.write_bytes(path.read_bytes()[:-9])
    assert project.build() == (PAGES, first)
    assert project.searched == PAGES
    assert project.build() == ([], first)


def test_a_page_with_a_message_is_not_kept_so_the_message_comes_again(project, caplog):
    project.replace("docs/other.md", "$x$", "[nowhere](nowhere.md)")
    for rendered in (PAGES, ["other.md"]):
        caplog.clear()
        page_cache.LOG.addHandler(caplog.handler)
        assert project.build()[0] == rendered
        page_cache.LOG.removeHandler(caplog.handler)
        assert "nowhere.md" in caplog.text


def test_a_link_to_an_anchor_that_went_away_is_found_though_its_page_is_kept(project, caplog):
    project.write("mkdocs.yml", CONFIG + "validation: {anchors: warn}\n")
    project.build()
    project.replace("docs/other.md", "## Deep", "## Shallow")
    page_cache.LOG.addHandler(caplog.handler)
    assert project.build()[0] == ["other.md"]
    page_cache.LOG.removeHandler(caplog.handler)
    assert "other.md#deep" in caplog.text


def test_where_messages_are_hidden_nothing_is_kept(project):
    page_cache.LOG.setLevel("ERROR")
    project.build()
    assert not list((project.folder / build_cache.FOLDER).glob("page-*"))
