"""The page Install works as it says, with nothing but the site."""

import os
import re
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from typer.main import get_command

from tensorbook.cli.commands import app

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def page(site):
    return BeautifulSoup((site / "install/index.html").read_text(encoding="utf-8"), "html.parser").find("article")


def commands(page):
    return [
        line.removeprefix("$ ") for code in page.select(".language-console code") for line in code.text.splitlines()
    ]


def test_the_reader_s_line_installs_the_library_from_this_site(page, address, processes, tmp_path):
    line = next(line for line in commands(page) if address in line)
    python, *arguments = line.split()
    assert (python, arguments[:3]) == ("python", ["-m", "pip", "install"])
    folder = tmp_path / "installed"
    # Without TensorFlow and other dependencies, which come from a package index, since this test is about the site.
    pip = [sys.executable, *arguments, "--no-deps", "--no-index", "--quiet", "--target", folder]
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    alone |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    processes.run(pip, env=alone, cwd=tmp_path, check=True)
    program = "import tensorbook.data as data; print(data.__file__, data.load_mnist.__name__)"
    there = alone | {"PYTHONPATH": str(folder)}
    where = processes.run([sys.executable, "-c", program], env=there, cwd=tmp_path, check=True).stdout
    assert where.split() == [str(folder / "tensorbook/data/__init__.py"), "load_mnist"]


def test_the_reader_comes_before_the_contributor(page):
    lines = commands(page)
    reader = next(place for place, line in enumerate(lines) if ".whl" in line)
    [contributor] = [place for place, line in enumerate(lines) if '-e ".[dev]" -c constraints.txt' in line]
    assert reader < contributor
    assert f"{lines[contributor]} && pytest" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_a_shell_of_unix_does_is_said_for_windows_too(page):
    lines = commands(page)
    assert len([line for line in lines if line.startswith("source ")]) == lines.count(r".venv\Scripts\activate") == 1
    unix = re.findall(r"^export (\w+)=(.+)$", "\n".join(lines), re.MULTILINE)
    windows = re.findall(r'^\$env:(\w+) = "(.+)"$', "\n".join(lines), re.MULTILINE)
    assert unix == [(name, value.replace("\\", "/")) for name, value in windows]
    assert len(unix) == 2


def test_the_three_ways_to_the_digits_are_tabs(page):
    tabs = [[label.get_text() for label in tab.select(".tabbed-labels > label")] for tab in page.select(".tabbed-set")]
    assert ["I have internet access", "I have a file", "I have neither"] in tabs
    assert "===" not in page.get_text()


def test_the_table_of_commands_has_every_command_of_the_command_line(page):
    [table] = [table for table in page.find_all("table") if table.th.get_text() == "command"]
    named = [row.td.code.get_text().split()[1:] for row in table.tbody.find_all("tr")]
    commands = dict(walk(get_command(app)))
    assert [" ".join(words[: 2 if words[0] == "data" else 1]) for words in named] == list(commands)


def walk(group, before=""):
    """Yield each command of a group, with its words."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from walk(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command
