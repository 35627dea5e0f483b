"""Notebooks and scripts as readers get them: downloaded with a browser, and run where only tensorbook is installed.

That they are the code of their pages, and so print the same, is shown in
`tests/book/site/notebooks/test_downloads_match_pages.py`. Here a short
chapter is run in each form, in an environment of its own, in which its packages are links to those of the tests. At
night every chapter is, in a fresh environment that holds ipykernel, without which no notebook runs, and what the first
cell of the first notebook installs into it: tensorbook's wheel, from the site, and what the wheel needs.
"""

import importlib.metadata
import json
import os
import re
import tomllib
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from packaging.requirements import Requirement

from tensorbook.book.site.notebooks.read_chapters import load_chapters
from tensorbook.book.site.notebooks.run_notebook import differences, execute
from tensorbook.book.site.notebooks.whole_book_page import CELLS

ROOT = Path(__file__).parents[2]
CHAPTERS = load_chapters(ROOT)
[SHORT] = [chapter for chapter in CHAPTERS if chapter.page == "3-tensors"]
KERNEL = "reader"
MAINTAINERS = {"mkdocs", "pytest", "sybil", "jupytext", "hatchling", "zensical", "playwright"}
LIMIT = 1200  # seconds for a chapter on a busy machine, at night


@pytest.fixture(scope="module")
def downloaded(opening, address, tmp_path_factory):
    """A folder with every notebook and script, each saved with a click on its chapter's page."""
    folder = tmp_path_factory.mktemp("downloaded")
    with opening() as open_page:
        page = open_page("install/", java_script_enabled=False)  # the links need no script, and pages load faster
        for chapter in CHAPTERS:
            page.goto(f"{address}{chapter.page}/")
            for link in ("Download notebook", "Download script"):
                with page.expect_download() as download:
                    page.get_by_role("link", name=link).click()
                download.value.save_as(folder / download.value.suggested_filename)
    return folder


@pytest.fixture(scope="module")
def environment_of_its_own(tmp_path_factory):
    """Return what makes an environment with pip, whose Python is the kernel KERNEL and works on the sample."""
    with pytest.MonkeyPatch.context() as patch:

        def make():
            folder = tmp_path_factory.mktemp("reader")
            venv.create(folder / "venv", with_pip=True)
            python = folder / "venv/bin/python"
            kernel = folder / "jupyter/kernels" / KERNEL
            kernel.mkdir(parents=True)
            command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            spec = {"argv": command, "display_name": KERNEL, "language": "python"}
            (kernel / "kernel.json").write_text(json.dumps(spec))
            patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
            patch.setenv("TENSORBOOK_MNIST", "sample")
            patch.delenv("PYTHONPATH", raising=False)
            patch.setenv("PIP_CONSTRAINT", str(ROOT / "constraints.txt"))
            patch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            return python

        yield make


def needed(names):
    """Return some distributions and everything they need, except for extras."""
    found, left = {}, list(names)
    while left:
        name = left.pop()
        if name not in found:
            found[name] = importlib.metadata.distribution(name)
            requirements = map(Requirement, found[name].requires or ())
            left += [one.name for one in requirements if not one.marker or one.marker.evaluate({"extra": ""})]
    return found.values()


@pytest.fixture(scope="module")
def light(environment_of_its_own):
    """The Python of an environment in which what tensorbook and a notebook need is linked to what is installed here."""
    python = environment_of_its_own()
    [site_packages] = python.parents[1].glob("lib/python*/site-packages")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    dependencies = [*project["dependencies"], *project["optional-dependencies"]["sample"]]
    for distribution in needed(["ipykernel", *(Requirement(line).name for line in dependencies)]):
        for part in {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}:
            if not (site_packages / part).exists():
                (site_packages / part).symlink_to(distribution.locate_file(part))
    return python


@pytest.fixture(scope="module")
def reader(environment_of_its_own, processes):
    """The Python of a fresh environment in which a notebook can run, and nothing else is; it needs a package index."""
    python = environment_of_its_own()
    result = processes.run([python, "-m", "pip", "install", "--quiet", "ipykernel", "mlxtend"], timeout=LIMIT)
    if result.returncode:
        pytest.skip(f"needs a package index: {result.stderr.strip().splitlines()[-1]}")
    return python


def run_notebook(folder, chapter, elsewhere):
    """Run a downloaded notebook in a thread, since Playwright's loop is running in this one."""
    book = nbformat.read(folder / f"chapter-{chapter.number}.ipynb", as_version=4)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(execute, book, kernel=KERNEL, folder=elsewhere).result(timeout=LIMIT)


def assert_only_a_reader_s(processes, python):
    program = """import importlib.metadata as m, tensorbook
print(tensorbook.__file__, *[d.name.lower() for d in m.distributions()])"""
    where, *names = processes.run([python, "-c", program], check=True, cwd=python.parent).stdout.split()
    assert where.startswith(str(python.parents[1]))
    assert {"tensorbook", "tensorflow", "ipykernel"} <= set(names)
    assert not MAINTAINERS & set(names)


def test_a_short_chapter_runs_as_a_notebook_and_as_a_script_where_only_tensorbook_is(
    downloaded, light, processes, tmp_path
):
    assert differences(SHORT.cells, run_notebook(downloaded, SHORT, tmp_path), sample=True) == []
    assert_only_a_reader_s(processes, light)
    script = [light, downloaded / f"chapter-{SHORT.number}.py"]
    printed = processes.run(script, env={**os.environ, "MPLBACKEND": "Agg"}, cwd=tmp_path, check=True).stdout
    assert printed.startswith(
        "array(12)\n0\narray([12,  3,  6, 14])\n"
    )  # all of it: tests/book/site/notebooks/test_scripts.py


@pytest.fixture(scope="module")
def ran(downloaded, reader, tmp_path_factory):  # noqa: ARG001  # the kernel is the reader's
    """The notebooks by number, run one after another; the first also installs what the others need."""
    folder = tmp_path_factory.mktemp("elsewhere")
    return {chapter.number: run_notebook(downloaded, chapter, folder) for chapter in CHAPTERS}


@pytest.mark.nightly  # every chapter; a short one runs during the day
@pytest.mark.timeout(3 * LIMIT)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.page)
def test_a_downloaded_notebook_runs_and_prints_what_its_page_says(chapter, ran):
    assert differences(chapter.cells, ran[chapter.number], sample=True) == []


@pytest.mark.nightly  # needs the run of every chapter
def test_they_ran_where_only_tensorbook_is_installed(processes, ran, reader):
    assert ran
    assert_only_a_reader_s(processes, reader)


@pytest.mark.nightly  # every chapter; a short one runs during the day
@pytest.mark.timeout(2 * LIMIT)
def test_the_scripts_run_too(processes, downloaded, ran, reader, tmp_path):
    """They run one after another in one Python, each with its own names, so TensorFlow is imported only once."""
    assert ran  # tensorbook is installed
    scripts = [str(downloaded / f"chapter-{chapter.number}.py") for chapter in CHAPTERS]
    program = (
        "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path, run_name='__main__'); print('ran', path)"
    )
    environment = {**os.environ, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
    printed = processes.run(
        [reader, "-c", program, *scripts], env=environment, cwd=tmp_path, timeout=LIMIT, check=True
    ).stdout
    assert [line.split()[1] for line in printed.splitlines() if line.startswith("ran ")] == scripts
    assert "ValueError: naive_vector_dot needs two vectors of equal length, got shapes (3,) and (2,)\n" in printed


def test_what_the_notebooks_link_to_is_there(site, address):
    files = sorted((site / "notebooks").glob("*.ipynb"))
    assert len(files) == len(CHAPTERS) + 1
    for file in files:
        book = nbformat.read(file, as_version=4)
        targets = re.findall(rf"{re.escape(address)}([^\s)\"]*)", "\n".join(cell.source for cell in book.cells))
        assert any(target.endswith(".whl") for target in targets)
        for target in targets:
            path, _, anchor = target.partition("#")
            anchor = re.sub("^learn=.*", "watch-it-learn", anchor)  # settings of the panel, which is in that section
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


def test_with_a_repository_colab_is_offered_and_github_is_asked_nothing(site, environment):
    """Without a repository, it is not offered: see `tests/book/site/test_macros.py`. A page's requests are recorded by
    its visit."""
    install = (site / "install/index.html").read_text(encoding="utf-8")
    assert f"git clone {environment['REPO_URL']} tensorbook" in BeautifulSoup(install, "html.parser").get_text()
    for chapter in CHAPTERS:
        html = (site / chapter.page / "index.html").read_text(encoding="utf-8")
        opened = f"github/someone/tensorbook/blob/notebooks/chapter-{chapter.number}.ipynb"
        assert "Download notebook" in html
        assert f'<a href="https://colab.research.google.com/{opened}">Open in Colab</a>' in html
        assert (site / f"notebooks/chapter-{chapter.number}.ipynb").exists()  # what the branch is made of
        assert environment["REPO_URL"] in html
        assert 'data-md-component="source"' not in html  # Material's script would ask GitHub for the number of stars


def test_the_links_are_not_printed(open_page):
    page = open_page("2-network/")
    assert page.get_by_role("link", name="Download notebook").is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("link", name="Download notebook").is_visible()


def test_the_page_of_the_whole_book_shows_every_cell_and_output_in_little_html(site, open_page):
    book = nbformat.read(ROOT / "docs/results/whole-book.ipynb", as_version=4)
    html = (site / "results/whole-book/index.html").read_text(encoding="utf-8")
    assert len(html.encode()) < 700_000
    assert not re.search(rf"{CELLS.replace(', ', '|').replace('.', '')}|cdn|<style|data:image/png", html)
    page = open_page("results/whole-book/")
    # Content far below is not laid out yet, so it has no inner text.
    sources = [source.strip("\n") for source in page.locator(".tb-cell code").all_text_contents()]
    assert sources == [cell.source for cell in book.cells if cell.cell_type == "code"]
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/png" in output.get("data", {})]
    assert page.locator(".tb-cell-output").count() == len(outputs) - len(drawn)
    assert page.locator(".tb-drawn").count() == len(drawn) >= 10
    assert page.locator("math").count() >= 10
    assert "$" not in page.locator("article p").all_text_contents()


def test_the_whole_book_s_drawings_can_be_seen_on_a_dark_page(open_page):
    """They are drawn on white and stay that way, since an inverted sheet of paper would be a blackboard."""
    for scheme in ("light", "dark"):
        drawing = open_page("results/whole-book/", scheme=scheme).locator(".tb-drawn").first
        style = drawing.evaluate("image => [getComputedStyle(image).backgroundColor, getComputedStyle(image).filter]")
        assert style == ["rgb(255, 255, 255)", "none"]


def test_the_whole_book_is_offered_too(open_page):
    page = open_page("results/whole-book/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download notebook").click()
    book = nbformat.read(download.value.path(), as_version=4)
    nbformat.validate(book)
    assert sum(cell.source.startswith("## ") for cell in book.cells) >= len(CHAPTERS)
