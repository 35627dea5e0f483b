"""The list of the maintainers' commands."""

import re
from pathlib import Path

from typer.main import get_command

from tensorbook.book.__main__ import _commands

ROOT = Path(__file__).parents[2]


def test_contributing_says_what_every_command_is_for():
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    commands = get_command(_commands()).commands
    assert len(commands) > 10
    assert [name for name in commands if f"| `{name}`" not in page and f"tensorbook.book {name}" not in page] == []


def test_every_command_that_ci_runs_exists():
    commands = get_command(_commands()).commands
    files = [path for folder in (".ci", ".github/workflows") for path in (ROOT / folder).iterdir()]
    run = {
        (name, option)
        for path in files
        for name, option in re.findall(r"tensorbook\.book (\w+)(?: (--\w+))?", path.read_text(encoding="utf-8"))
    }
    assert len(run) >= 3
    for name, option in run:
        assert name in commands
        assert option in {"", *(flag for parameter in commands[name].params for flag in parameter.opts)}
