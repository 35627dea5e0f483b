"""Importing the library is light, and what the chapters teach does not import what makes the book."""

import ast
import sys
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
    ],
)
def test_importing_the_library_loads_nothing_heavy(modules_after, module):
    assert not modules_after(f"import {module}") & set(HEAVY)


def test_the_command_line_answers_without_tensorflow(modules_after):
    assert not modules_after("import tensorbook.cli") & {"tensorflow", "keras"}


def test_the_library_never_imports_what_makes_the_book():
    for path in PACKAGE.rglob("*.py"):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] in ("book", "cli"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
            assert not [name for name in names if "tensorbook.book" in name or name.startswith("..book")], path


def test_modules_are_read_in_one_sitting():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert not {path.name: length for path, length in lengths.items() if length >= 200}
