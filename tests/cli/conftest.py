"""What a person types, run in this process."""

import pytest

from tensorbook.cli import gates, main, network


@pytest.fixture
def door(monkeypatch, capsys):
    """Run the command line on the sample; return its exit status, and what it printed on stdout and stderr.

    Of stdout, with its tables, each line has single spaces.
    """
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["tensorbook", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return end.value.code or 0, "".join(f"{' '.join(line.split())}\n" for line in out.splitlines()), err

    return run


@pytest.fixture(autouse=True)
def one_order(monkeypatch):
    """How often TensorFlow was told to keep to one order, which it does to the end of the process."""
    told = []
    for module in (gates, network):
        monkeypatch.setattr(module, "repeatable", lambda: told.append(True))
    return told
