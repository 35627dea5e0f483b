"""MkDocs with Material, and Zensical, its successor, build the same pages from the same sources."""

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
ONLY_MKDOCS = ("results/whole-book/",)  # Zensical has no plugin for notebooks: its menu leads to the file


@pytest.fixture(scope="session")
def zensical(processes, environment, tmp_path_factory):
    """The folder of the site as Zensical builds it; it writes beside its configuration, so it gets a copy."""
    project = tmp_path_factory.mktemp("zensical")
    for name in ("docs", "src"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "-f", "mkdocs.yml"]
    result = processes.run(command, cwd=project, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return project / "site"


def words(tag):
    """The words of a tag, however the generator has spaced and permalinked them."""
    return re.sub(r"[\s¶]+", " ", tag.get_text(" ")).strip()


def article(folder, path):
    page = BeautifulSoup((folder / path / "index.html").read_text(encoding="utf-8"), "html.parser")
    body = page.find("article")
    for extra in body.select(".headerlink, .md-source-file, nav, button"):
        extra.decompose()
    return page, body


@pytest.fixture(scope="session")
def both(site, zensical, pages):
    """For each page its article from either generator."""
    return {path: (article(site, path), article(zensical, path)) for path in pages if path not in ONLY_MKDOCS}


def test_both_build_the_same_pages(both):
    assert len(both) >= 10


def test_titles_are_the_same(both):
    for path, ((mkdocs, _), (zensical, _)) in both.items():
        assert words(mkdocs.title) == words(zensical.title), path


def test_headings_are_the_same(both):
    for path, ((_, mkdocs), (_, zensical)) in both.items():
        headings = [
            [(tag.name, tag.get("id"), words(tag)) for tag in body.select("h1, h2, h3, h4")]
            for body in (mkdocs, zensical)
        ]
        assert headings[0] == headings[1], path
        assert headings[0]


def test_code_blocks_have_the_same_text(both):
    for path, ((_, mkdocs), (_, zensical)) in both.items():
        blocks = [[code.get_text() for code in body.select("pre code")] for body in (mkdocs, zensical)]
        assert blocks[0] == blocks[1], path


def test_figures_diagrams_and_formulas_are_the_same(both):
    for path, ((_, mkdocs), (_, zensical)) in both.items():
        images = [
            [(urljoin(f"/{path}", image["src"]), image["alt"]) for image in body.select("img")]
            for body in (mkdocs, zensical)
        ]
        assert images[0] == images[1], path
        for selector in ("svg.tb-diagram", "math"):
            drawn = [[words(tag) for tag in body.select(selector)] for body in (mkdocs, zensical)]
            assert drawn[0] == drawn[1], path


def test_the_results_in_the_prose_are_the_same(both):
    for path, ((_, mkdocs), (_, zensical)) in both.items():
        texts = [[words(tag) for tag in body.select("p, li, td, th")] for body in (mkdocs, zensical)]
        assert texts[0] == texts[1], path
        assert not [text for text in texts[1] if "{{" in text and path != "contributing/"], path


def test_the_head_is_the_same(both):
    for path, ((mkdocs, _), (zensical, _)) in both.items():
        for page in (mkdocs, zensical):
            assert page.find("meta", attrs={"name": "description"})["content"], path
        addresses = [page.find("link", rel="canonical")["href"] for page in (mkdocs, zensical)]
        assert addresses[0] == addresses[1], path
        properties = [
            {m["property"]: m["content"] for m in page.select("meta[property]")} for page in (mkdocs, zensical)
        ]
        assert properties[0] == properties[1], path


def test_what_is_offered_for_download_is_the_same(processes, zensical, site, environment):
    command = [sys.executable, "-m", "tensorbook.book", "downloads", zensical]
    processes.run(command, cwd=zensical.parent, env=environment, check=True)
    files = [path.relative_to(zensical) for path in (zensical / "notebooks").rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        assert (zensical / path).read_bytes() == (site / path).read_bytes(), path


def test_the_policy_is_the_same_but_for_the_styles_of_zensical_s_search(both):
    for path, ((mkdocs, _), (zensical, _)) in both.items():
        policies = [
            page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"] for page in (mkdocs, zensical)
        ]
        assert policies[0] == policies[1].replace("style-src 'self' 'unsafe-inline';", "style-src 'self';"), path
        scripts = [[tag.string for tag in page.select("script:not([src], [type])")] for page in (mkdocs, zensical)]
        assert scripts[0] == scripts[1], path
