"""Output to streams that are closed, full, abandoned by their reader, or unable to encode some characters."""

import os
import sys
from pathlib import Path

import pytest

from tensorbook.drawings import EXAMPLE

SHELL = 'exec "$@" '  # then the targets of its streams
PREDICT, VERSION = ("predict", str(EXAMPLE)), ("--version",)


@pytest.fixture
def tensorbook(processes, tmp_path):
    def run(arguments, redirected="", **options):
        environment = {**os.environ, "TENSORBOOK_MNIST": "sample", "NO_COLOR": "1", **options.pop("variables", {})}
        command = ["sh", "-c", SHELL + redirected, "sh", sys.executable, "-m", "tensorbook", *arguments]
        return processes.run(command, env=environment, cwd=tmp_path, **options)

    return run


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_name_that_stdout_can_t_write_loses_no_answer(tensorbook, tmp_path, encoding):
    names = ["数字.png", os.fsdecode(b"\xff.png")]
    for name in names:
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes())
    result = tensorbook(("predict", *names), variables={"PYTHONIOENCODING": encoding})
    assert (result.returncode, result.stderr) == (0, "")
    first, second = result.stdout.splitlines()
    assert first.startswith(("数字" if encoding == "utf-8" else r"\u6570\u5b57") + ".png: 3 (probability ")
    assert second.startswith(r"\udcff.png: 3 (probability ")


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_a_closed_stream_costs_no_answer(tensorbook, closed):
    result = tensorbook(PREDICT, closed)
    assert result.returncode == 0
    assert result.stdout.startswith(f"{EXAMPLE}: 3 (probability ")


def test_what_is_printed_to_a_closed_stdout_gets_into_no_file(tensorbook):
    result = tensorbook(VERSION, ">&-")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_an_error_is_an_error_where_stderr_is_closed_or_full(tensorbook):
    for redirected in ("2>&-", "2>/dev/full"):
        result = tensorbook(("predict", "nowhere.png"), redirected)
        assert (result.returncode, result.stdout, result.stderr) == (2, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_stdout_is_one_line_and_status_2(tensorbook, unbuffered):
    result = tensorbook(VERSION, ">/dev/full", variables={"PYTHONUNBUFFERED": unbuffered})
    assert result.returncode == 2
    assert result.stderr == "tensorbook: the output can't be written (No space left on device)\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_leaves_early_meets_no_traceback(tensorbook, unbuffered):
    reading, writing = os.pipe()
    os.close(reading)
    result = tensorbook(VERSION, stdout=writing, variables={"PYTHONUNBUFFERED": unbuffered})
    os.close(writing)
    assert (result.returncode, result.stderr) == (1, "")


def test_a_fault_of_ours_that_has_to_do_with_files_is_no_trouble_of_stdout(command, monkeypatch):
    monkeypatch.setattr("tensorbook.data.find_mnist", lambda: open("/nowhere/at/all"))  # noqa: SIM115, PTH123  # it fails
    with pytest.raises(FileNotFoundError):
        command("data", "where")
