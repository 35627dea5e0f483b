"""The list of the maintainers' commands."""

from pathlib import Path

from typer.main import get_command

from tensorbook.book.__main__ import _commands

ROOT = Path(__file__).parents[2]


def test_contributing_says_what_every_command_is_for():
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    commands = get_command(_commands()).commands
    assert len(commands) > 10
    assert [name for name in commands if f"| `{name}`" not in page and f"tensorbook.book {name}" not in page] == []
