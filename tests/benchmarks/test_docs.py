"""All pages run as tests, compared with a plain script of the same statements and with notebooks that have a kernel
each."""

from pathlib import Path

import pytest
from nbformat import from_dict

from benchmarks.measuring import seconds, weigh
from tensorbook.book.site.notebooks.read_chapters import load_chapters
from tensorbook.book.site.notebooks.run_notebook import execute
from tensorbook.book.site.notebooks.write_notebooks import OnSite, chapter_notebook, chapter_script

ROOT = Path(__file__).parents[2]
PLACE = OnSite("http://127.0.0.1:8000/")


def run_notebooks(chapters, folder):
    for chapter in chapters:
        notebook = from_dict(chapter_notebook(chapter, PLACE, "tensorbook"))
        notebook.cells = notebook.cells[1:]  # except the cell that installs
        execute(notebook, folder=folder)


@pytest.mark.usefixtures("full_mnist")
def test_all_pages(rounds, quick, tmp_path):
    chapters = load_chapters(ROOT)
    if quick:
        chapters = [chapter for chapter in chapters if chapter.page == "4-slicing"]
    script = tmp_path / "book.py"
    script.write_text("\n".join(chapter_script(chapter, PLACE, "tensorbook") for chapter in chapters))
    pages = [f"docs/{chapter.page}.md" for chapter in chapters]

    def one_round():
        suite, suite_memory = weigh("-m", "pytest", "-q", "-p", "no:cacheprovider", *(pages if quick else ["docs"]))
        plain, plain_memory = weigh(script, folder=tmp_path)
        return {
            "docs-script": (suite, plain),
            "memory-docs": (suite_memory, plain_memory),
            "docs-notebooks": (suite, seconds(run_notebooks, chapters, tmp_path)),
        }

    rounds(one_round)
