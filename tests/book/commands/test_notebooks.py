"""``notebook`` and ``downloads``: when the book is run, and what is written; a stand-in does the running."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tensorbook.book.commands import notebooks as notebook_commands
from tensorbook.book.site import downloads
from tensorbook.book.site.notebooks import read_chapters, run_notebook, whole_book_page, write_notebooks


class Book:
    """A stand-in for the whole book: what has changed, what its run returned, and how often it ran."""

    def __init__(self):
        self.changed, self.different, self.ran, self.images = "prose", [], 0, 60_000

    def data(self):
        return SimpleNamespace(train=SimpleNamespace(labels=range(self.images)))

    def run(self, project, start, done):
        assert project == Path()
        self.ran += 1
        start(8)
        done(6)
        return "a book that ran", self.different


@pytest.fixture
def whole(monkeypatch):
    book = Book()
    monkeypatch.setattr(read_chapters, "load_chapters", lambda _project: None)
    monkeypatch.setattr(write_notebooks, "whole_cells", lambda _chapters: [])
    monkeypatch.setattr(write_notebooks, "whole_notebook", lambda *_: "today's prose")
    monkeypatch.setattr(run_notebook, "read_whole_book", lambda _out: None)
    monkeypatch.setattr(run_notebook, "describe_figures", lambda _cells, _book: [])
    monkeypatch.setattr(run_notebook, "with_outputs_of", lambda _book, _before: book.changed != "code")
    monkeypatch.setattr(run_notebook, "differences", lambda _cells, _book: ["an output"] * (book.changed == "output"))
    monkeypatch.setattr(run_notebook, "shrink_pictures", lambda _book: None)
    monkeypatch.setattr(run_notebook, "run_whole_book", book.run)
    monkeypatch.setattr(notebook_commands, "load_data", book.data)
    monkeypatch.setattr("nbformat.writes", str)
    monkeypatch.setattr(
        whole_book_page, "make_page", lambda out, _results: f"a page of {(out / 'whole-book.ipynb').read_text()}"
    )
    return book


def test_where_only_prose_has_changed_the_notebook_is_written_and_not_run(book_command, whole, tmp_path):
    path = tmp_path / "whole-book.ipynb"
    path.write_text("yesterday's")
    status, out, _ = book_command("notebook", "--out", tmp_path)
    assert (status, whole.ran, path.read_text()) == (0, 0, "today's prose\n")
    assert path.with_suffix(".html").read_text() == "a page of today's prose\n"
    assert out == f"no code has changed: {path} has the current prose and the outputs of its last run\n"


@pytest.mark.parametrize(
    ("there", "changed", "option"),
    [(False, "prose", ()), (True, "code", ()), (True, "output", ()), (True, "prose", ("--again",))],
)
def test_else_the_book_is_run_and_written(book_command, whole, tmp_path, there, changed, option):
    whole.changed, path = changed, tmp_path / "whole-book.ipynb"
    if there:
        path.write_text("yesterday's")
    status, out, _ = book_command("notebook", *option, "--out", tmp_path)
    assert (status, whole.ran, path.read_text()) == (0, 1, "a book that ran\n")
    assert "75%" in out
    assert out.endswith(f"all cells print what their pages say; written to {path}\n")


def test_a_check_runs_it_and_writes_nothing(book_command, whole, tmp_path):
    path = tmp_path / "whole-book.ipynb"
    path.write_text("yesterday's")
    status, out, _ = book_command("notebook", "--check", "--out", tmp_path)
    assert (status, whole.ran, path.read_text()) == (0, 1, "yesterday's")
    assert out.endswith("all cells print what their pages say\n")
    whole.different = ["2-network.md:7: 0.98 for 0.97", "3-images.md:9: 1 for 2"]
    for options in (["--check"], ["--again"]):
        status, _, err = book_command("notebook", *options, "--out", tmp_path)
        assert (status, path.read_text()) == (1, "yesterday's")
        assert err == "".join(f"tensorbook: {line}\n" for line in whole.different)


def test_the_whole_book_needs_full_mnist(book_command, whole, tmp_path):
    whole.images = 59_999
    status, _, err = book_command("notebook", "--out", tmp_path)
    assert (status, whole.ran) == (2, 0)
    assert "The whole book runs on full MNIST" in err


def test_a_cell_that_fails_is_one_line(book_command, whole, monkeypatch, tmp_path):
    from nbclient.exceptions import CellExecutionError

    def run(*_, **__):
        raise CellExecutionError("traceback", "NameError", "name 'x' is not defined")

    monkeypatch.setattr(run_notebook, "run_whole_book", run)
    status, _, err = book_command("notebook", "--out", tmp_path)
    assert (status, whole.ran) == (2, 0)
    assert err == "tensorbook: A cell failed, so the rest was not run: NameError: name 'x' is not defined\n"


def test_downloads_are_written_into_a_site_that_is_built(book_command, monkeypatch, tmp_path):
    asked = []
    files = {"index.txt": b"one", "deep/er/file.ipynb": b"two"}
    monkeypatch.setattr(downloads, "added_files", lambda *where: asked.append(where) or files)
    monkeypatch.delenv("SITE_URL", raising=False)
    (tmp_path / "index.html").write_text("a site")
    for _ in range(2):  # the second time, the folders exist
        status, out, _ = book_command("downloads", tmp_path)
        assert (status, out) == (0, f"2 files are in {tmp_path}\n")
    assert {name: (tmp_path / name).read_bytes() for name in files} == files
    monkeypatch.setenv("SITE_URL", "https://book.test/")
    assert book_command("downloads", tmp_path)[0] == 0
    assert asked == [(Path(), "")] * 2 + [(Path(), "https://book.test/")]
    status, _, err = book_command("downloads", tmp_path / "deep")
    assert (status, len(asked)) == (2, 3)
    assert "There is no built site in" in err
