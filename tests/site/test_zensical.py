"""MkDocs with Material, and Zensical, its successor, build the same pages from the same sources."""

import re
import shutil
import sys
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from tensorbook.book.site.pack_sample_digits import DIGITS_FILE

ROOT = Path(__file__).parents[2]
ONLY_MKDOCS = ("results/whole-book/",)  # Zensical has no plugin for notebooks, so its menu leads to the file


@pytest.fixture(scope="session")
def zensical_build(processes, environment, tmp_path_factory):
    """The folder of the site as Zensical builds it, and its messages. It writes beside its configuration, so it gets a
    copy."""
    project = tmp_path_factory.mktemp("zensical")
    for name in ("docs", "src"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "-f", "mkdocs.yml"]
    result = processes.run(command, cwd=project, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return project / "site", result.stdout + result.stderr


@pytest.fixture(scope="session")
def zensical(zensical_build):
    """The folder of the site as Zensical builds it."""
    return zensical_build[0]


def test_zensical_s_build_says_what_its_site_lacks(zensical_build):
    site, said = zensical_build
    assert said.count("Zensical runs no hooks") == 1
    for path, named in (
        ("results/whole-book/index.html", "page of the whole book"),
        (DIGITS_FILE, "digits for the training panel"),
    ):
        assert named in said
        assert not (site / path).exists(), "it is what the message says"
    assert "`python -m tensorbook.book downloads site`" in said


def words(tag):
    """Return the words of a tag, regardless of spacing and permalinks."""
    return re.sub(r"[\s¶]+", " ", tag.get_text(" ")).strip()


def article(folder, path):
    page = BeautifulSoup((folder / path / "index.html").read_text(encoding="utf-8"), "html.parser")
    body = page.find("article")
    for extra in body.select(".headerlink, .md-source-file, nav, button"):
        extra.decompose()
    return page, body


@pytest.fixture(scope="session")
def both(site, zensical, pages):
    """For each page, its article from both generators."""
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


def test_what_blocks_need_from_above_is_the_same(both):
    marked = 0
    for path, ((_, mkdocs), (_, zensical)) in both.items():
        needs = [
            [[block.get(f"data-{name}") for name in ("block", "needs", "names")] for block in body.select(".highlight")]
            for body in (mkdocs, zensical)
        ]
        assert needs[0] == needs[1], path
        marked += sum(bool(one[1]) for one in needs[0])
    assert marked > 200


def test_the_fields_of_the_exercises_know_the_same(both):
    fields = 0
    for path, ((_, mkdocs), (_, zensical)) in both.items():
        known = [[host.attrs for host in body.select("[data-nearby^=exercises]")] for body in (mkdocs, zensical)]
        assert known[0] == known[1], path
        places = [
            [(words(place), [link["href"] for link in place.select("a")]) for place in body.select(".tb-where")]
            for body in (mkdocs, zensical)
        ]
        assert places[0] == places[1], path
        fields += len(known[0])
    assert fields > 40


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
    files.append(Path(DIGITS_FILE))
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


# Markup that Markdown, the macros and the extensions remove from a page when they understand it.
LEFT_OVER = {
    "a tab or an admonition": r"^\s*(===[!+]*|!!!|\?\?\?\+?)\s",
    "a fence": r"```|~~~",
    "a macro": r"\{\{|\}\}|\{%|%\}|\{#",
    "attributes": r"\{:|\{\s*[.#]\w",
    "a snippet or a reference to an object": r"--8<--|^\s*:::\s",
    "a heading": r"^\s*#{1,6}\s",
    "a row of a table": r"^\s*\|.*\||\|\s*:?-{3,}",
    "a list": r"^\s*[*+-]\s",
    "strong text": r"\*\*\S|\S\*\*",
    "code": r"`",
    "a link or a footnote": r"\]\(|\]\[|\[\^",
    "a comment or a tag": r"<!--|</?[a-z]+[^<>]*>",
    "TeX": r"\$\$|\\[a-z]{2,}",
}
NOT_TEXT = re.compile(r"<(pre|code|kbd|script|style|math|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
BLOCK = re.compile(r'(?:<div\b[^>]*? class="([^"]*)"[^>]*>\s*)?<pre\b[^>]*>(.*?)</pre>', re.DOTALL)
SENTENCE = re.compile(r"(?!\w+(Error|Warning):)[A-Z0-9][\w,']*( \S+){4,}\.")  # an error message may be a sentence


def left_over(html):
    """Return what Markdown has not understood on a page, by kind and line, and prose that it has taken for code."""
    found = []
    for classes, block in BLOCK.findall(html):
        if "language-markdown" in classes:
            continue
        for line in unescape(re.sub("<[^>]*>", "", block)).splitlines():
            if re.match(r"\s*(```|~~~|===\+?\s|!!!|\?\?\?)", line):
                found.append(("Markdown in a block of code", line))
            # In Python, a sentence that is not an output does not run.
            if not re.search("language-py|tb-cell", classes) and SENTENCE.match(line.strip()):
                found.append(("prose in a block of code", line))
    described = "\n".join(re.findall(r'<meta[^>]* content="([^"]*)"', html))
    text = unescape(re.sub("<[^>]*>", "", f"{described}\n{NOT_TEXT.sub('…', html)}"))
    for line in text.splitlines():
        found += [(kind, line) for kind, pattern in LEFT_OVER.items() if re.search(pattern, line)]
    return found


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<p>=== "I have a file"</p>', "a tab or an admonition"),
        ("<p>!!! note</p>", "a tab or an admonition"),
        ('<p>Text\n??? tip "Hint"</p>', "a tab or an admonition"),
        ("<p>```console</p>", "a fence"),
        ("<p>{{ record.test.errors }} errors</p>", "a macro"),
        ("<p>A link{ .md-button }</p>", "attributes"),
        ('<p>--8<-- "page.md"</p>'.replace("<--", "&lt;--"), "a snippet or a reference to an object"),
        ("<p>::: tensorbook.data</p>", "a snippet or a reference to an object"),
        ("<p>## Exercises</p>", "a heading"),
        ("<p>| a | b |</p>", "a row of a table"),
        ("<p>Namely:\n- one</p>", "a list"),
        ("<p>**never <em>this</em>**</p>", "strong text"),
        ("<p>the function `relu</p>", "code"),
        ("<p>[<em>here</em>](index.md)</p>", "a link or a footnote"),
        ("<p>&lt;!-- skip: next --&gt;</p>", "a comment or a tag"),
        ("<p>\\frac{1}{2}</p>", "TeX"),
        ("<pre><code>```console\n$ pytest</code></pre>", "Markdown in a block of code"),
        ("<pre><code>$ pytest\n\n5,000 digits were installed along with it.</code></pre>", "prose in a block of code"),
    ],
)
def test_markdown_that_is_left_over_is_noticed(html, kind):
    assert kind in dict(left_over(html))


def test_no_page_has_markdown_left_over(site, zensical, pages):
    """This includes its text, head, menu and contents, and text that became code because it was indented."""
    read = 0
    for folder in (site, zensical):
        for path in pages:
            if folder == site or path not in ONLY_MKDOCS:
                assert not left_over((folder / path / "index.html").read_text(encoding="utf-8")), (folder, path)
                read += 1
    assert read > 30


def test_content_tabs_are_radio_buttons_with_labels_that_the_style_sheet_knows(both):
    """The style sheet counts tabs: more than four would need an additional rule."""
    sets = 0
    for path, found in both.items():
        for _, body in found:
            for tabs in body.select(".tabbed-set"):
                sets += 1
                buttons, labels = tabs.select("input[type=radio]"), tabs.select(".tabbed-labels > label")
                assert [label["for"] for label in labels] == [button["id"] for button in buttons], path
                assert len(tabs.select(".tabbed-block")) == len(labels) <= 4, path
    assert sets >= 2, "one page has tabs, in either site"


def test_the_menu_has_the_chapters_open_and_what_is_for_maintainers_in_one_section_at_the_end(both):
    for path, found in both.items():
        for page, _ in found:
            entries = page.select("nav.md-nav--primary > ul > li")
            titles = [words(entry.select_one(".md-ellipsis")) for entry in entries]
            assert titles[:2] == ["Home", "Install"], path
            assert [title.split(".")[0] for title in titles[2:12]] == [str(number) for number in range(1, 11)], path
            further = ["Glossary", "Results", "Benchmarks", "Reference", "The whole book as one notebook"]
            assert titles[12:-1] == further, path
            assert titles[-1] == "For maintainers", path
            inside = entries[-1].select(":scope > nav > ul > li")
            assert [words(entry.select_one(".md-ellipsis")) for entry in inside] == [
                "Contributing",
                "What can go wrong",
                "Security",
            ], path
            assert not any("md-nav__item--nested" in entry["class"] for entry in entries[:-1]), path
