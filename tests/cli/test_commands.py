"""The commands for readers: each exists, and every failure is one line and an exit status."""

from pathlib import Path

import pytest
import typer

from tensorbook import __version__
from tensorbook.cli.commands import app
from tensorbook.cli.run_command import main
from tensorbook.data import DataError
from tensorbook.errors import OutputError, UsageError


def test_every_command_is_told_with_what_it_does(command):
    status, out, _ = command("--help")
    commands = {command.callback.__name__ for command in app.registered_commands}
    assert commands == {"train", "evaluate", "predict"}
    assert status == 0
    words = out.split()
    assert {*commands, "data", "--version"} <= {*words}
    assert "--install-completion" not in words


def test_without_a_command_the_commands_are_told_and_that_is_an_error(command):
    status, out, err = command()
    assert status == 2
    assert "predict" in out + err
    assert "tensorbook:" not in err


def test_without_a_command_about_the_data_these_are_told(command):
    status, out, err = command("data")
    assert status == 2
    assert "fetch" in out + err
    assert "Download MNIST into Keras's cache" in out + err


def test_the_version_is_the_package_s(command):
    assert command("--version") == (0, f"{__version__}\n", "")


def test_the_data_are_fetched_and_named(command, monkeypatch):
    monkeypatch.setattr("tensorbook.data.fetch", lambda: "/cache/mnist.npz")
    monkeypatch.setattr("tensorbook.data.find_mnist", lambda: "the cache")
    assert command("data", "fetch") == (0, "/cache/mnist.npz\n", "")
    assert command("data", "where") == (0, "the cache\n", "")


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (DataError("There is\nno file."), 2, "tensorbook: There is no file."),
        (UsageError("epochs must be at least 1"), 2, "tensorbook: epochs must be at least 1"),
        (OutputError("Nothing can be written to out."), 2, "tensorbook: Nothing can be written to out."),
        (KeyboardInterrupt(), 130, "tensorbook: interrupted"),
        (typer.Abort(), 130, "tensorbook: interrupted"),
        (typer.Exit(1), 1, None),
        (typer.BadParameter("no such thing"), 2, "tensorbook: Invalid value: no such thing"),
    ],
)
def test_what_goes_wrong_is_one_line_and_a_status(command, monkeypatch, error, status, line):
    def fail():
        raise error

    monkeypatch.setattr("tensorbook.data.find_mnist", fail)
    assert command("data", "where") == (status, "", f"{line}\n" if line else "")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (lambda: {}["a name"], KeyError),
        (lambda: [1, 2].index(3), ValueError),
        (lambda: Path("/nowhere/at/all").read_bytes(), OSError),
        (lambda: b"\xff".decode(), UnicodeDecodeError),
    ],
)
def test_a_fault_of_ours_keeps_its_traceback(monkeypatch, fault, error):
    """A line that says "3 is not in list" would help nobody find the fault."""
    monkeypatch.setattr("tensorbook.data.find_mnist", fault)
    monkeypatch.setattr("sys.argv", ["tensorbook", "data", "where"])
    with pytest.raises(error):
        main()


def test_train_s_defaults_are_those_of_the_book_s_run():
    from typer.main import get_command

    from tensorbook.book.results.book_record import RESULTS, Record

    defaults = {option.name: option.default for option in get_command(app).commands["train"].params}
    run = Record.load(RESULTS).run
    assert (defaults["epochs"], defaults["batch_size"], defaults["seed"]) == (run.epochs, run.batch_size, run.seed)
