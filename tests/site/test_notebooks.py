"""Notebooks and scripts as a reader gets them: downloaded by a browser, run where only tensorbook is installed.

The environment holds ipykernel, without which no notebook runs, and what the first cell of the first notebook installs
into it: tensorbook's wheel, from the site, and what the wheel needs.
"""

import json
import os
import re
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from tensorbook.book.notebooks.chapters import load_chapters
from tensorbook.book.notebooks.execution import differences, execute
from tensorbook.book.notebooks.page import CELLS

ROOT = Path(__file__).parents[2]
CHAPTERS = load_chapters(ROOT)
KERNEL = "reader"


@pytest.fixture(scope="session")
def downloaded(browser, address, tmp_path_factory):
    """A folder with every notebook and script, each saved by a click on its chapter's page."""
    folder = tmp_path_factory.mktemp("downloaded")
    page = browser.new_page()
    for chapter in CHAPTERS:
        page.goto(f"{address}{chapter.page}/")
        for link in ("Download notebook", "Plain script"):
            with page.expect_download() as download:
                page.get_by_role("link", name=link).click()
            download.value.save_as(folder / download.value.suggested_filename)
    page.close()
    return folder


@pytest.fixture(scope="session")
def reader(processes, tmp_path_factory):
    """The Python of a fresh environment in which a notebook can run, and nothing else is; it needs a package index."""
    folder = tmp_path_factory.mktemp("reader")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    constrained = {"PIP_CONSTRAINT": str(ROOT / "constraints.txt"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    install = [python, "-m", "pip", "install", "--quiet", "ipykernel"]
    result = processes.run(install, env={**os.environ, **constrained}, timeout=200)
    if result.returncode:
        pytest.skip(f"needs a package index: {result.stderr.strip().splitlines()[-1]}")
    kernel = folder / "jupyter/kernels" / KERNEL
    kernel.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": KERNEL, "language": "python"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        patch.setenv("TENSORBOOK_MNIST", "sample")
        patch.delenv("PYTHONPATH", raising=False)
        for name, value in constrained.items():
            patch.setenv(name, value)
        yield python


def read(folder, chapter):
    return nbformat.read(folder / f"chapter-{chapter.number}.ipynb", as_version=4)


@pytest.fixture(scope="session")
def ran(downloaded, reader, tmp_path_factory):  # noqa: ARG001  # the kernel is the reader's
    """The notebooks by their numbers, run: the first alone, as it installs, then two at a time."""
    folder = tmp_path_factory.mktemp("elsewhere")

    def run(chapter):
        return execute(read(downloaded, chapter), kernel=KERNEL, folder=folder)

    first, *others = CHAPTERS
    with ThreadPoolExecutor(2) as pool:  # the first too: in this thread Playwright's loop is running
        return {1: pool.submit(run, first).result()} | {
            c.number: book for c, book in zip(others, pool.map(run, others), strict=True)
        }


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.page)
def test_a_downloaded_notebook_runs_and_prints_what_its_page_says(chapter, ran):
    assert differences(chapter.cells, ran[chapter.number], sample=True) == []


def test_they_ran_where_only_tensorbook_is_installed(processes, ran, reader):
    assert ran
    program = """import importlib.metadata as m, tensorbook
print(tensorbook.__file__, *[d.name.lower() for d in m.distributions()])"""
    where, *names = processes.run([reader, "-c", program], check=True, cwd=reader.parent).stdout.split()
    assert where.startswith(str(reader.parents[1]))
    assert {"tensorbook", "tensorflow", "ipykernel"} <= set(names)
    assert not {"mkdocs", "pytest", "sybil", "jupytext", "nbformat", "hatchling"} & set(names)


def test_the_scripts_run_too(processes, downloaded, ran, reader):
    """One after the other in one Python, each with names of its own: TensorFlow is imported once."""
    assert ran  # tensorbook is installed
    scripts = [str(downloaded / f"chapter-{chapter.number}.py") for chapter in CHAPTERS]
    program = (
        "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path, run_name='__main__'); print('ran', path)"
    )
    environment = {**os.environ, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
    result = processes.run([reader, "-c", program, *scripts], env=environment, timeout=600)
    assert result.returncode == 0, result.stderr[-2000:]
    assert [line.split()[1] for line in result.stdout.splitlines() if line.startswith("ran ")] == scripts
    assert "naive_vector_dot needs two vectors of equal length, got shapes (3,) and (2,)\n" in result.stdout


def test_a_script_runs_with_python(processes, downloaded, ran, reader):
    assert ran
    result = processes.run([reader, downloaded / "chapter-3.py"], env={**os.environ, "MPLBACKEND": "Agg"})
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.startswith("3\n(4000, 28, 28)\nuint8\n")


def test_what_the_notebooks_link_to_is_there(site, address):
    files = sorted((site / "notebooks").glob("*.ipynb"))
    assert len(files) == len(CHAPTERS) + 1
    for file in files:
        book = nbformat.read(file, as_version=4)
        targets = re.findall(rf"{re.escape(address)}([^\s)\"]*)", "\n".join(cell.source for cell in book.cells))
        assert any(target.endswith(".whl") for target in targets)
        for target in targets:
            path, _, anchor = target.partition("#")
            page = site / path / "index.html"
            assert page.exists() or (site / path).is_file(), f"{file.name}: {target}"
            assert not anchor or f'id="{anchor}"' in page.read_text(encoding="utf-8"), f"{file.name}: {target}"


def test_pictures_of_the_notebooks_can_be_seen_by_themselves(open_page, address, site):
    page = open_page()
    for picture in sorted((site / "notebooks/pictures").glob("*.svg")):
        page.goto(f"{address}notebooks/pictures/{picture.name}")
        assert page.evaluate("document.documentElement.tagName") == "svg"  # and no error of XML
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert not re.search(r"light-dark\(|@import|url\(http", picture.read_text(encoding="utf-8"))


def test_colab_is_offered_only_where_there_is_a_repository(site):
    for chapter in CHAPTERS:
        html = (site / chapter.page / "index.html").read_text(encoding="utf-8")
        assert "Download notebook" in html
        assert "colab" not in html.lower()


def test_the_links_are_not_printed(open_page):
    page = open_page("2-network/")
    assert page.get_by_role("link", name="Download notebook").is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("link", name="Download notebook").is_visible()


def test_the_page_of_the_whole_book_shows_every_cell_and_output_in_little_html(site, open_page):
    book = nbformat.read(ROOT / "docs/results/whole-book.ipynb", as_version=4)
    html = (site / "results/whole-book/index.html").read_text(encoding="utf-8")
    assert len(html.encode()) < 500_000
    assert not re.search(rf"{CELLS.replace(', ', '|').replace('.', '')}|cdn|<style|data:image/png", html)
    page = open_page("results/whole-book/")
    sources = [code.inner_text() for code in page.locator(".tb-cell code").all()]
    assert sources == [cell.source for cell in book.cells if cell.cell_type == "code"]
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/png" in output.get("data", {})]
    assert page.locator(".tb-cell-output").count() == len(outputs) - len(drawn)
    assert page.locator(".tb-drawn").count() == len(drawn) >= 10
    assert page.locator("math").count() >= 10
    assert "$" not in page.locator("article p").all_inner_texts()


def test_the_whole_book_s_drawings_can_be_seen_on_a_dark_page(open_page):
    for scheme, filtered in (("light", False), ("dark", True)):
        drawing = open_page("results/whole-book/", scheme=scheme).locator(".tb-drawn").first
        assert drawing.evaluate("image => getComputedStyle(image).filter !== 'none'") == filtered


def test_the_whole_book_is_offered_too(open_page):
    page = open_page("results/whole-book/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download notebook").click()
    book = nbformat.read(download.value.path(), as_version=4)
    nbformat.validate(book)
    assert sum(cell.source.startswith("## ") for cell in book.cells) >= len(CHAPTERS)


def test_with_a_repository_colab_is_offered_and_github_is_asked_nothing(processes, server, tmp_path):
    repository = {"REPO_URL": "https://github.com/someone/tensorbook", "SITE_URL": server[1]}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path]
    result = processes.run(command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **repository})
    assert result.returncode == 0, result.stderr
    for chapter in CHAPTERS:
        html = (tmp_path / chapter.page / "index.html").read_text(encoding="utf-8")
        opened = f"github/someone/tensorbook/blob/notebooks/chapter-{chapter.number}.ipynb"
        assert f'<a href="https://colab.research.google.com/{opened}">Open in Colab</a>' in html
        assert (tmp_path / f"notebooks/chapter-{chapter.number}.ipynb").exists()  # what the branch is made of
        assert repository["REPO_URL"] in html
        assert 'data-md-component="source"' not in html  # it is for Material's script to ask GitHub for stars
