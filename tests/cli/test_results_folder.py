"""The folder that a command writes to: problems with it are found and reported before the work starts."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tensorbook.atomic_write import staging_folder

ROOT = Path(__file__).parents[2]
OUT_COMMANDS = [["train"], ["train", "--workers", "2"]]
BOOK_COMMANDS = [
    ["record"],
    ["op-timings"],
    ["seeds"],
    ["scratch"],
    ["convnet"],
    ["disturbances"],
    ["notebook", "--again"],
]
# None of these commands gets as far as loading data.
NO_DATA = {"TENSORBOOK_MNIST": "/nowhere"}


@pytest.fixture
def run(processes):
    """Run a command that writes to a folder, from either command line, in the project."""

    def run(command, out, *before):
        program = "tensorbook" if command[0] == "train" else "tensorbook.book"
        return processes.run(
            [*before, sys.executable, "-m", program, *command, "--out", out], cwd=ROOT, env={**os.environ, **NO_DATA}
        )

    return run


@pytest.mark.parametrize("command", OUT_COMMANDS + BOOK_COMMANDS, ids=" ".join)
def test_a_file_is_no_folder(run, tmp_path, command):
    file = tmp_path / "a-file"
    file.write_text("precious")
    done = run(command, file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"tensorbook: Results need a folder, but {file} is a file: choose a different path.\n"
    assert file.read_text() == "precious"


@pytest.mark.parametrize("command", [OUT_COMMANDS[0], BOOK_COMMANDS[0]], ids=" ".join)
def test_a_full_disk_is_known_before_the_work_and_nothing_is_left_on_it(run, tmp_path, command):
    out = tmp_path / "deep" / "results"
    done = run(command, out, "bash", "-c", 'ulimit -f 1000; exec "$@"', "bash")  # no file can grow beyond a megabyte
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line == f"tensorbook: Can't write to the folder {out} (File too large): choose a different folder."
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody can make another")
@pytest.mark.parametrize("command", OUT_COMMANDS + BOOK_COMMANDS[:1], ids=" ".join)
def test_a_folder_that_may_only_be_read_is_named(run, command):
    done = run(command, "/proc/results")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("tensorbook: Can't write to the folder /proc/results (")


# Two workers that are only about to write, so that TensorFlow is not needed here.
WORKERS = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from tensorbook import worker_processes
worker_processes.COMMAND = (sys.executable, "-c", '''
import sys, time
from pathlib import Path
from tensorbook.atomic_write import staging_folder
with staging_folder(Path(sys.argv[-1].partition("=")[2])) as stage:
    (stage / "record.json").write_text("half")
    time.sleep(600)
''')
from tensorbook.cli.run_command import main
main()
"""


@pytest.mark.parametrize("there", [False, True])
def test_ctrl_c_with_workers_leaves_the_folder_as_it_was(processes, wait_until, tmp_path, there):
    """They are killed and can't clean up, so the process that started them does."""
    out = tmp_path / "deep" / "results"
    if there:
        out.mkdir(parents=True)
        (out / "run.json").write_text("earlier")
    process = processes.start(
        [sys.executable, "-c", WORKERS, "train", "--workers", "2", "--out", str(out)], stderr=-1, text=True
    )
    wait_until(lambda: len(list(out.glob(".new-*/record.json"))) == 2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "tensorbook: interrupted\n")
    assert list(tmp_path.rglob("*")) == ([out.parent, out, out / "run.json"] if there else [])


def test_a_disk_that_fills_up_at_the_end_is_named_too(tmp_path):
    from tensorbook.errors import OutputError

    def write():
        with staging_folder(tmp_path / "out") as stage:
            (stage / "weights").write_bytes(b"some")
            raise OSError(28, os.strerror(28))  # the error of write(), which has no path

    with pytest.raises(OutputError, match=rf"^Can't write to the folder {tmp_path / 'out'} \(No space left"):
        write()
    assert not list(tmp_path.iterdir())


def test_a_fault_in_a_block_that_writes_results_is_not_blamed_on_the_disk(tmp_path):
    with pytest.raises(FileNotFoundError), staging_folder(tmp_path / "out") as stage:
        (stage / "no folder" / "weights").write_bytes(b"some")
    assert not list(tmp_path.iterdir())


@pytest.fixture
def ctrl_c_is_heard():
    """A process started in the background, as this one may be, may ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_while_cleaning_up_waits_until_it_is_done(tmp_path, monkeypatch):
    remove = shutil.rmtree

    def press(folder, **options):
        signal.raise_signal(signal.SIGINT)
        remove(folder, **options)

    monkeypatch.setattr(shutil, "rmtree", press)
    with pytest.raises(KeyboardInterrupt), staging_folder(tmp_path / "out"):
        raise ValueError
    assert not list(tmp_path.iterdir())
