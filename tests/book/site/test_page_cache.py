"""A page is kept between builds: whatever goes into it, when it changes, the page is rendered again."""

from importlib.metadata import version

import pytest
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config

from tensorbook.book.site import page_cache

HOOK = """
from tensorbook.book.site.page_cache import PageCache

def on_files(files, config):
    global cache
    cache = config.extra["cache"] = PageCache(config, files)

def on_pre_page(page, **_):
    cache.take_over(page)

def on_post_build(**_):
    cache.forget_unused()
"""
CONFIG = """
site_name: small
theme: {name: null, custom_dir: theme}
nav: [index.md, other.md, reference.md]
hooks: [hook.py]
markdown_extensions: [footnotes]
plugins:
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
        return sorted(config.extra["cache"].rendered), {name: files[name] for name in files if "sitemap" not in name}

    @property
    def kept(self):
        return sorted((self.folder / page_cache.FOLDER).iterdir())


@pytest.fixture
def project(tmp_path):
    page_cache.LOG.setLevel("INFO")
    yield Project(tmp_path)
    page_cache.LOG.setLevel("NOTSET")


def test_a_second_build_renders_nothing_and_is_the_same_byte_for_byte(project):
    rendered, first = project.build()
    assert rendered == PAGES
    rendered, second = project.build()
    assert rendered == []
    assert first == second
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
    assert len(project.kept) == len(PAGES), "what no build has a use for is deleted"
    for path in project.kept:
        path.unlink()
    assert project.build() == (PAGES, found), "it is what a build without a cache makes"


@pytest.mark.parametrize("part", range(3), ids=["Python", "the code that renders", "the versions of the packages"])
def test_other_code_or_other_packages_start_afresh(project, monkeypatch, part):
    project.build()
    changed = list(page_cache.RENDERER)
    changed[part] = changed[part][:-1]
    monkeypatch.setattr(page_cache, "RENDERER", changed)
    assert project.build()[0] == PAGES


def test_the_code_is_known_by_the_names_and_contents_of_its_files(tmp_path):
    hashes = set()
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b.py", "2"), ("c/a.py", ""), ("a.py", "")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        hashes.add(page_cache.sources(tmp_path))
    assert len(hashes) == 5
    packages = [package.lower() for package in page_cache.RENDERER[2]]
    for name in ("markdown", "mkdocs", "mkdocstrings", "pygments", "latex2mathml"):
        assert f"{name}-{version(name)}.dist-info" in packages


@pytest.mark.parametrize("damage", ["", "{", "shorter", "changed", "\udcff"])
def test_a_damaged_file_is_made_again(project, damage):
    _, first = project.build()
    for path in project.kept:
        content = path.read_bytes()
        path.write_bytes(
            {"shorter": content[:-9], "changed": content.replace(b"h1", b"h2")}.get(damage)
            or damage.encode(errors="surrogateescape")
        )
    assert project.build() == (PAGES, first)
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
    assert not (project.folder / page_cache.FOLDER).exists()
