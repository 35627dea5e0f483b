"""What every command does with the terminal: a warning is one line, bars move, and TensorFlow's messages are hidden."""

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from tensorbook.cli import shared
from tensorbook.data import DataError

FILES = Path("/proc/self/fd")


@pytest.fixture
def screen(monkeypatch):
    """The output that is sent to a terminal 120 characters wide."""
    text = io.StringIO()
    monkeypatch.setattr(shared, "console", Console(file=text, width=120))
    return text


def test_the_sample_is_a_line_on_stderr(monkeypatch, capsys):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    assert shared.load_data().train.images.shape == (4000, 28, 28)
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert line.startswith("tensorbook: ")
    assert "sample" in line


def test_each_epoch_has_a_bar_of_its_batches_and_says_how_well_it_goes(screen):
    with shared.progress_bars(3, 100, 32) as progress:
        progress(1, 1, {"loss": 9.0, "accuracy": 0.1})
        progress(1, 4, {"loss": 0.123456, "accuracy": 0.5})
        progress(2, 3, {"loss": 1.0, "accuracy": 0.75})
    second, third = screen.getvalue().splitlines()
    assert second.startswith("epoch 2 of 3 ")
    assert " 4/4 loss 0.1235, accuracy 0.5000 " in second
    assert third.startswith("epoch 3 of 3 ")
    assert " 3/4 loss 1.0000, accuracy 0.7500 " in third


@pytest.mark.parametrize(("images", "steps"), [(64, 2), (65, 3), (1, 1)])
def test_a_last_batch_that_is_not_full_is_one(screen, images, steps):
    with shared.progress_bars(1, images, 32) as progress:
        progress(0, steps, {"loss": 1.0, "accuracy": 0.0})
    assert f" {steps}/{steps} " in screen.getvalue()


def test_of_many_epochs_the_last_twenty_are_seen(screen):
    with shared.progress_bars(50, 32, 32) as progress:
        for epoch in range(25):
            progress(epoch, 1, {"loss": 1.0, "accuracy": 0.0})
    lines = screen.getvalue().splitlines()
    assert [line.partition(" of ")[0] for line in lines] == [f"epoch {number}" for number in range(6, 26)]


def open_files():
    return sorted(path.name for path in FILES.iterdir())


@pytest.mark.skipif(not FILES.is_dir(), reason="counts open files as Linux lists them")
def test_what_c_writes_is_kept_away_and_what_python_writes_afterwards_is_not(capfd, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    before = open_files()
    with shared.quiet_import():
        os.write(2, b"a line of C++\n")
        assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
    os.write(2, b"a line for a person\n")
    assert capfd.readouterr().err == "a line for a person\n"
    assert open_files() == before


def fail_with(error, lines):
    with shared.quiet_import():
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
    with shared.quiet_import():
        pass
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0"
