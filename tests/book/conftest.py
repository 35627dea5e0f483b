"""A small book of one page, run by a separate pytest."""

import sys
from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parents[2] / "docs" / "conftest.py").read_text(encoding="utf-8")


@pytest.fixture
def figures(tmp_path):
    """The folder with the book's pictures."""
    folder = tmp_path / "docs/results/figures"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def book(processes, tmp_path, figures, monkeypatch):
    """A folder with one page, run by a separate pytest without the variables that CI sets for this one."""
    for variable in ("TENSORBOOK_NO_SKIPS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(variable, raising=False)
    docs = figures.parents[1]
    (docs / "conftest.py").write_text(CONFTEST)
    page = docs / "page.md"

    def run(text, *options):
        page.write_text(text)
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tensorbook.book.pytest_plugin",
            "-p",
            "no:cacheprovider",
        ]
        result = processes.run([*command, *options], cwd=tmp_path)
        return result, page.read_text()

    return run
