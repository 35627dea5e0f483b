"""What the site does with the notebooks: the files that it offers, and the page of the whole book."""

import base64
import gc
import json
import re
import shutil
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from griffe import GriffeLoader, ModuleFinder
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs_macros import context

from tensorbook.book.site import hooks
from tensorbook.book.site.diagrams import DIAGRAMS
from tensorbook.book.site.downloads import added_files
from tensorbook.book.site.notebooks.read_chapters import diagram_title
from tensorbook.book.site.notebooks.read_whole_book_page import contents, read_page
from tensorbook.book.site.notebooks.whole_book_page import lean_page
from tensorbook.book.site.pack_sample_digits import DIGITS_FILE
from tensorbook.data import DataError

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "docs/results"
URL = "https://example.org/book/"


@pytest.fixture(scope="module")
def made():
    return added_files(ROOT, URL)


def test_each_chapter_is_offered_as_notebook_and_script_and_the_book_and_its_library_too(made):
    chapters = [page.name.split("-")[0] for page in (ROOT / "docs").glob("[0-9]*-*.md")]
    expected = {f"notebooks/chapter-{n}.{kind}" for n in chapters for kind in ("ipynb", "py")}
    names = {name for name in made if not name.startswith("notebooks/pictures/")}
    [wheel] = names - expected - {"notebooks/whole-book.ipynb", DIGITS_FILE}
    assert expected < names
    assert "tensorbook/ops.py" in zipfile.ZipFile(BytesIO(made[wheel])).namelist()
    for name in expected | {"notebooks/whole-book.ipynb"}:
        assert f"{URL}{wheel}" in made[name].decode(), "it installs the library from the site"
        assert made[name].endswith(b"\n")


def test_pictures_that_notebooks_show_are_offered_on_light_paper_of_their_own(made):
    shown = {
        name: re.findall(rf"{URL}(notebooks/pictures/[\w-]+\.svg)", content.decode())
        for name, content in made.items()
        if name.endswith(".ipynb")
    }
    offered = {name for name in made if name.startswith("notebooks/pictures/")}
    assert set().union(*shown.values()) == offered
    assert {f"notebooks/pictures/{name}.svg" for name in (*DIAGRAMS, "history")} <= offered
    for name in offered:
        svg = ET.fromstring(made[name])  # our own drawing
        assert svg.tag == "{http://www.w3.org/2000/svg}svg"
        assert svg.get("style") == "background: #ffffff; padding: 8px"
        assert b"light-dark" not in made[name]
        assert b"@media" not in made[name]
        assert ("font-family: sans-serif" in made[name].decode()) == (Path(name).stem in DIAGRAMS)


@pytest.fixture
def config():
    config = MkDocsConfig(config_file_path=str(ROOT / "mkdocs.yml"))
    hook = str(ROOT / "src/tensorbook/book/site/hooks.py")
    config.load_dict({"site_name": "book", "site_url": URL, "docs_dir": str(ROOT / "docs"), "hooks": [hook]})
    assert config.validate() == ([], [])
    return config


def files_of(config):
    return {file.src_uri: file.content_bytes for file in config.plugins.on_files(Files([]), config=config)}


def test_the_site_gets_the_downloads_and_each_picture_that_the_whole_book_drew(config, made):
    whole = json.loads((RESULTS / "whole-book.ipynb").read_text(encoding="utf-8"))
    drawn = [
        base64.b64decode(output["data"]["image/png"])
        for cell in whole["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(drawn) > 10
    assert files_of(config) == made | {
        f"notebooks/whole-book/{n}.png": picture for n, picture in enumerate(drawn, start=1)
    }


def test_a_site_without_an_address_is_the_one_that_is_served_on_this_computer(config):
    config.site_url = None
    assert b" http://127.0.0.1:8000/notebooks/tensorbook-" in files_of(config)["notebooks/chapter-1.py"]


def test_under_serve_the_downloads_are_made_when_one_is_asked_for(config, made, monkeypatch, tmp_path):
    times = []
    [hook] = config.hooks.values()
    monkeypatch.setattr(hook, "serving", True)
    monkeypatch.setattr(hook, "_downloads", lambda config: times.append(config) or made)
    early = files_of(config)
    assert not times
    assert early[DIGITS_FILE] == made[DIGITS_FILE], "the pages learn from it"
    empty = {name for name, content in early.items() if not content}
    assert empty == {name for name in made if "/pictures/" not in name and name != DIGITS_FILE}, "links lead to them"
    config.site_dir = str(tmp_path)
    (tmp_path / "book.css").write_text("body {}")

    def build():
        for name in empty:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(b"")

    build()
    with LiveReloadServer(lambda: None, "127.0.0.1", 0, root=str(tmp_path), mount_path="/book/") as server:
        hook.on_serve(server, config)

        def get(path):
            status = []
            with closing(server.get_app()({"PATH_INFO": path}, lambda line, _: status.append(line))) as body:
                return status[0], b"".join(body)

        assert get("/book/book.css") == ("200 OK", b"body {}")
        assert not times, "nobody asked for a notebook"
        for name in ("notebooks/chapter-1.ipynb", "notebooks/chapter-2.py"):
            assert get(f"/book/{name}") == ("200 OK", made[name])
        assert len(times) == 1
        build()
        assert get("/book/notebooks/chapter-1.ipynb")[1] == made["notebooks/chapter-1.ipynb"]
        assert len(times) == 2


def test_mkdocstrings_reads_the_library_and_not_the_book(monkeypatch):
    for owner, name in ((gc, "set_threshold"), (ModuleFinder, "submodules"), (context, "get_git_info")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # afterwards, as before
    monkeypatch.setattr(gc, "set_threshold", lambda _: None)
    hooks.on_startup(command="build", dirty=False)
    loader = GriffeLoader(search_paths=[ROOT / "src"])
    modules = loader.load("tensorbook").modules
    assert {"data", "ops", "scratch", "exercises"} < set(modules)
    assert "book" not in modules


def page(address):
    return SimpleNamespace(file=SimpleNamespace(src_uri=address), meta={}, toc=None)


def test_other_pages_are_left_as_they_are(config):
    other = page("1-data.md")
    assert hooks.on_page_markdown("# Data", page=other) == "# Data"
    assert hooks.on_page_content("<h1>Data</h1>", page=other, config=config) == "<h1>Data</h1>"
    assert (other.meta, other.toc) == ({}, None)


def test_the_page_of_the_whole_book_is_shown_in_the_book_s_look(config):
    whole = page("results/whole-book.ipynb")
    assert hooks.on_page_markdown('{"cells": []}', page=whole) == ""
    assert whole.meta["search"] == {"exclude": True}
    assert whole.meta["description"].startswith("All chapters of tensorbook in one notebook")
    body = hooks.on_page_content("", page=whole, config=config)
    assert "</h1><p>All chapters, one after the other, in one go:" in body
    assert '<a href="../../notebooks/whole-book.ipynb" download>Download notebook</a>' in body
    assert '<a href="../../1-data/' in body
    assert [item.title for item in whole.toc][:2] == ["The problem and the data", "A first network"]


def test_the_notebook_of_the_whole_book_is_a_page_of_the_site(config):
    file = File("results/whole-book.ipynb", config.docs_dir, config.site_dir, use_directory_urls=True)
    files = config.plugins.on_files(Files([file]), config=config)
    assert [found.url for found in files.documentation_pages()] == ["results/whole-book/"]
    assert [found.src_uri for found in files].count("results/whole-book.ipynb") == 1


@pytest.mark.parametrize("missing", ["whole-book.html", "whole-book.ipynb"])
def test_a_page_that_is_not_made_from_the_notebook_is_refused(missing, tmp_path):
    for name in ("whole-book.html", "whole-book.ipynb"):
        shutil.copy(RESULTS / name, tmp_path)
    assert read_page(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(DataError, match=r"is not made from today's whole-book.ipynb: run `python -m"):
        read_page(tmp_path)
    (tmp_path / missing).write_text("{}\n")
    with pytest.raises(DataError, match=r"is not made from today's"):
        read_page(tmp_path)


def mark(name):
    return f'<a class="headerlink" href="#{name}" title="Link to this section">¶</a>'


FORMULA = "<math xmlns='http://www.w3.org/1998/Math/MathML' alttext='{0}' display='{1}'><mrow>{2}</mrow></math>"
SEEN = 'alt="What is &quot;seen&quot;"'
# What mkdocs-jupyter turns a piece of the notebook into, and what is shown.
PIECES = {
    "links lead to pages": (
        '<p><a href="../3-tensors.md#a-digit">a</a> <a href="../index.md">b</a> <a href="https://a.org/x.md">c</a></p>',
        '<p><a href="../../3-tensors/#a-digit">a</a> <a href="../../">b</a> <a href="https://a.org/x.md">c</a></p>',
    ),
    "formulas are MathML": (
        "<p>5 &lt; 6 &amp; \\$3, $a$ or $b$ is \\$4, <code>$x$</code></p>",
        "<p>5 &lt; 6 &amp; $3, "
        + FORMULA.format("a", "inline", "<mi>a</mi>")
        + " or "
        + FORMULA.format("b", "inline", "<mi>b</mi>")
        + " is $4, <code>$x$</code></p>",
    ),
    "a formula of its own scrolls": (
        "<p>$$a$$</p>",
        "<p><span class='tb-math' tabindex='0'>" + FORMULA.format("a", "block", "<mi>a</mi>") + "</span></p>",
    ),
    "code in the prose is a block": (
        '<div class="highlight"><pre><span></span><code>$ ls\n\n</code></pre></div><pre>plain\n</pre>',
        '<div class="highlight language-text"><pre><code>$ ls</code></pre></div>'
        '<div class="highlight language-text"><pre><code>plain</code></pre></div>',
    ),
    "figures come for both schemes": (
        f'<p><img {SEEN} src="figures/history-light.svg"><img alt="" src="other.png"></p>',
        "<p>"
        + "".join(
            f'<img class="tb-figure" src="../../results/figures/history-{scheme}.svg#only-{scheme}" {SEEN} '
            'width="463" height="232" loading="lazy">'
            for scheme in ("light", "dark")
        )
        + '<img alt="" src="other.png"></p>',
    ),
}


def as_tree(html):
    """Return HTML in a form in which the order of attributes does not count."""
    from bs4 import BeautifulSoup

    return [
        (element.name, sorted(element.attrs.items()), str(element.string)) for element in BeautifulSoup(html).find_all()
    ]


def show(*parts):
    body = lean_page("<style>.a{}</style>" + "".join(parts), RESULTS, "../../", "<p>Below.</p>")
    return body, contents(body)


@pytest.mark.filterwarnings("ignore:No parser was explicitly specified")
@pytest.mark.parametrize(("html", "expected"), PIECES.values(), ids=PIECES)
def test_prose_is_shown_as_on_other_pages(html, expected):
    body, tokens = show(f'<div class="jp-MarkdownOutput">{html}</div>')
    assert as_tree(body) == as_tree(expected)
    assert re.sub(r"<[^>]*>", "", body) == re.sub(r"<[^>]*>", "", expected)
    assert tokens == []


def test_headings_have_an_id_each_and_chapters_hold_their_sections():
    part = '<section class="tb-part">'
    first = '<h1 id="a">Book<a class="anchor-link" href="#a">¶</a></h1><h2>1. One &amp; more</h2>'
    others = "<h3>In it</h3><h4>Below</h4><h2>2. Two</h2><h3>In it</h3>"
    body, tokens = show(f'<div class="jp-MarkdownOutput">{first}{others}</div>')
    assert body == (
        f'<h1 id="book">Book{mark("book")}</h1><p>Below.</p>'
        f'{part}<h2 id="1-one-more">1. One &amp; more{mark("1-one-more")}</h2></section>'
        f'{part}<h3 id="in-it">In it{mark("in-it")}</h3><h4 id="below">Below{mark("below")}</h4></section>'
        f'{part}<h2 id="2-two">2. Two{mark("2-two")}</h2></section>'
        f'{part}<h3 id="in-it_1">In it{mark("in-it_1")}</h3></section>'
    )
    one, two = (
        {"level": 2, "id": i, "name": name, "children": [{"level": 3, "id": j, "name": "In it", "children": []}]}
        for i, name, j in (("1-one-more", "1. One & more", "in-it"), ("2-two", "2. Two", "in-it_1"))
    )
    assert tokens == [one, two]
    assert show('<div class="jp-MarkdownOutput"><h3>Of no chapter</h3></div>')[1] == []


def test_cells_and_outputs_are_blocks_and_their_pictures_files():
    image = '<img alt="A digit" width="20" src="data:image/png;base64,AAAA">'
    code = '<span></span><clipboard-copy>x</clipboard-copy><span class="n">x</span>'
    body, _ = show(
        f'<div class="highlight-ipynb"><pre>{code}</pre></div>',
        '<div class="jp-OutputArea-output"><pre>1\n2\n</pre></div>',
        *(f'<div class="jp-OutputArea-output">{drawn}</div>' for drawn in (image, '<img src="x">', "<b>no block</b>")),
        '<div class="jp-MarkdownOutput">after</div>',
    )
    pictures = '<p><img {}class="tb-figure tb-drawn" loading="lazy" src="../../notebooks/whole-book/{}.png"{}/></p>'
    assert body == (
        '<div class="highlight language-text tb-cell"><pre><code><span></span>x</code></pre></div>'
        '<div class="highlight language-text tb-cell-output"><pre><code>1\n2</code></pre></div>'
        + pictures.format('alt="A digit" ', 1, ' width="20"')
        + pictures.format("", 2, "")
        + '<div class="highlight language-text tb-cell-output"><pre><code></code></pre></div>'
        "after"
    )


def test_a_diagram_is_drawn_in_the_page_and_no_paragraph_holds_it():
    image = f'<img alt="{diagram_title("dot")}" src="data:image/svg+xml;base64,AAAA">'
    for around in ("p", "li"):
        body, _ = show(f'<div class="jp-MarkdownOutput"><{around}>{image}</{around}></div>')
        assert body.count("<svg") == 1
        assert body.startswith('<div class="tb-diagram-box"><svg' if around == "p" else "<li><div")
