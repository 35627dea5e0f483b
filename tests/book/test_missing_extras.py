"""The maintainers' commands need a checkout and the extras; if something is missing, one line says what to do."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = [
    "record", "op-timings", "check", "seeds", "scratch", "convnet", "disturbances",
    "handwriting", "strangers", "notebook", "downloads",
]  # fmt: skip


def test_every_command_is_listed_with_what_it_does(book_command):
    status, out, _ = book_command("--help")
    assert status == 0
    assert {*COMMANDS} <= {*out.split()}
    assert "python -m tensorbook.book" in out
    assert not {"train", "predict", "evaluate"} & {*out.split()}


@pytest.mark.parametrize("command", [["check"], ["notebook", "--check"], ["downloads", "site"], ["seeds"], ["record"]])
def test_outside_a_checkout_each_says_so(book_command, monkeypatch, tmp_path, command):
    monkeypatch.chdir(tmp_path)
    status, out, err = book_command(*command)
    assert (status, out) == (2, "")
    assert err == (
        f"tensorbook: python -m tensorbook.book needs a checkout of the book, but {tmp_path} is not one: "
        "run it in the folder with mkdocs.yml and docs.\n"
    )
    assert not list(tmp_path.iterdir())


# An environment without the extras: their packages can't be found.
WITHOUT = """
import sys
from tensorbook.book.__main__ import main
extras = {"nbformat", "nbclient", "bs4", "hatchling", "mkdocs", "latex2mathml"}
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in extras:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nothing())
main()
"""


@pytest.mark.parametrize("command", [["notebook"], ["downloads", "site"]])
def test_without_the_extras_each_says_how_to_install_them(processes, tmp_path, command):
    (tmp_path / "mkdocs.yml").touch()
    (tmp_path / "docs").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").touch()
    environment = {**os.environ, "TENSORBOOK_MNIST": "sample"}
    result = processes.run([sys.executable, "-c", WITHOUT, *command], env=environment, cwd=tmp_path)
    assert result.returncode == 2, result
    line = result.stderr.splitlines()[-1]
    assert line.startswith("tensorbook: python -m tensorbook.book needs the package ")
    assert line.endswith("run `python -m pip install -e '.[dev]'` in a checkout of the book.")
    assert "Traceback" not in result.stderr
