"""Importing the library is light, and what the chapters teach does not import what makes the book."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "tensorbook"
HEAVY = ("tensorflow", "keras", "matplotlib", "pandas", "sklearn", "scipy", "pooch", "mlxtend", "PIL")


@pytest.fixture
def modules_after(processes):
    def run(statement):
        code = f"{statement}; import sys; print(*sys.modules)"
        return set(processes.run([sys.executable, "-c", code], check=True).stdout.split())

    return run


@pytest.mark.parametrize(
    "module",
    [
        "tensorbook",
        "tensorbook.data",
        "tensorbook.ops",
        "tensorbook.plotting",
        "tensorbook.drawings",
        "tensorbook.exercises",
        "tensorbook.evaluation",
        "tensorbook.runs",
        "tensorbook.weights",
    ],
)
def test_importing_the_library_loads_nothing_heavy(modules_after, module):
    assert not modules_after(f"import {module}") & set(HEAVY)


FOR_A_COMMAND = {*HEAVY, "safetensors", "requests", "nbformat", "nbclient", "hatchling", "mkdocs"}


@pytest.mark.parametrize(
    ("program", "needless"), [("tensorbook", {*FOR_A_COMMAND, "numpy"}), ("tensorbook.book", FOR_A_COMMAND)]
)
def test_help_imports_nothing_that_only_a_command_needs(program, needless, modules_after):
    """It is what makes `--help` quick: NumPy alone would double its time."""
    loaded = modules_after(
        f"import sys; sys.argv = ['x', '--help']\n"
        f"try: from {program}.__main__ import main; main()\n"
        f"except SystemExit: pass"
    )
    assert "typer" in loaded
    assert not loaded & needless


def test_the_command_line_itself_imports_nothing_that_a_ctrl_c_could_hit(modules_after):
    """Up to where Ctrl-C is caught only these are imported, besides what Python imports by itself."""
    before = modules_after("import signal, collections.abc, typing, types")
    ours = modules_after("import tensorbook.cli") - before
    assert ours == {"tensorbook", "tensorbook.cli", "tensorbook.cli.interrupt", "tensorbook.errors"}


def test_the_library_never_imports_what_makes_the_book():
    for path in PACKAGE.rglob("*.py"):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] == "book":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
            assert not [name for name in names if "tensorbook.book" in name or name.startswith("..book")], path


def imported_by_the_library():
    """Return the packages of others that are imported anywhere outside of what makes the book."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] == "book":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
    return found - {*sys.stdlib_module_names, "tensorbook"}


def test_a_reader_installs_what_the_library_imports_and_nothing_else():
    project = tomllib.loads((PACKAGE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = project["dependencies"] + project["optional-dependencies"]["sample"]
    names = {re.match(r"[\w-]+", need)[0] for need in needs}
    own = {"pillow": "PIL"}  # imported by another name
    comes_along = {"keras", "requests"}  # with tensorflow and with pooch, which are made for it
    assert imported_by_the_library() - comes_along == {own.get(name, name) for name in names}
