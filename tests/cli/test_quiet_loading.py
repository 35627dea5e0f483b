"""While the data and TensorFlow load, a warning is one line, and TensorFlow's messages are hidden."""

import os
from pathlib import Path

import pytest

from tensorbook.cli.quiet_loading import load_data, quiet_import
from tensorbook.data import DataError

FILES = Path("/proc/self/fd")


def test_the_sample_is_a_line_on_stderr(monkeypatch, capsys):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    assert load_data().train.images.shape == (4000, 28, 28)
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert line.startswith("tensorbook: ")
    assert "sample" in line


def open_files():
    return sorted(path.name for path in FILES.iterdir())


@pytest.mark.skipif(not FILES.is_dir(), reason="counts open files as Linux lists them")
def test_what_c_writes_is_kept_away_and_what_python_writes_afterwards_is_not(capfd, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    before = open_files()
    with quiet_import():
        os.write(2, b"a line of C++\n")
        assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
    os.write(2, b"a line for a person\n")
    assert capfd.readouterr().err == "a line for a person\n"
    assert open_files() == before


def fail_with(error, lines):
    with quiet_import():
        os.write(2, lines)
        raise error


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_where_the_import_fails_all_lines_are_shown(error, capfd):
    with pytest.raises(error):
        fail_with(error, b"first\nsecond\n" * 1000)
    assert capfd.readouterr().err == "first\nsecond\n" * 1000


@pytest.mark.parametrize("error", [KeyboardInterrupt, DataError])
def test_where_a_person_broke_it_off_or_gave_bad_data_no_other_line_is_shown(error, capfd):
    with pytest.raises(error):
        fail_with(error, b"a line of C++\n")
    assert capfd.readouterr().err == ""


def test_who_wants_to_see_tensorflow_s_lines_does(monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    with quiet_import():
        pass
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0"
