"""What became of fuzzing is read from what its process printed, left behind and ended with; a script stands for it."""

import os
import sys

import pytest

from tensorbook.book.fuzz.run import Outcome, fuzz


@pytest.fixture
def process(tmp_path, monkeypatch):
    """Let a shell script take the place of Python; $folder is where failures are kept."""

    def write(lines):
        python = tmp_path / "python"
        python.write_text(f'#!/bin/sh\nfor folder in "$@"; do :; done\n{lines}\n')
        python.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(python))

    return write


def test_a_reader_that_stood_all_inputs_has_no_failure(process, tmp_path):
    process("echo '#2 INITED'; echo 'Done 300 runs in 1 second(s)'; echo 'Done 7 runs'; sleep 0.2")
    outcome = fuzz("npz", 300, 0, tmp_path / "new" / "folder")
    assert outcome == Outcome(300, outcome.seconds, None, "")
    assert 0.2 < outcome.seconds < 60
    assert (tmp_path / "new" / "folder").is_dir()


def test_the_process_is_told_reader_runs_seed_and_folder_and_that_warnings_are_errors(process, tmp_path):
    process('echo "$@" > "$folder/told"; echo "Done 8 runs"')
    fuzz("idx", 8, 3, tmp_path)
    told = (tmp_path / "told").read_text().split()
    assert told[-8:] == ["-W", "error", "-m", "tensorbook.book.fuzz", "idx", "8", "3", str(tmp_path)]


FAILED = """
for name in c a b; do echo bad > "$folder/failed-npz-$name"; done
touch -d '2020-01-01' "$folder/failed-npz-b"; touch -d '2021-01-01' "$folder/failed-npz-c"
echo bad > "$folder/failed-idx-z"; touch -d '2099-01-01' "$folder/failed-idx-z"
echo 'INFO: seed'; echo '#12 NEW cov: 3'; echo '#40 pulse'; echo '#9 NEW'; echo '0x61,0x62'
echo "KeyError: 'x'" >&2; echo '  in read_npz'
"""


@pytest.mark.parametrize("end", ["exit 77", "echo 'Done 40 runs'; exit 1", "echo 'Done 40 runs'; kill -9 $$"])
def test_a_failure_is_the_last_input_of_this_reader_with_what_was_raised(process, tmp_path, end):
    process(FAILED + end)
    outcome = fuzz("npz", 300, 0, tmp_path)
    assert (outcome.runs, outcome.failure) == (40, tmp_path / "failed-npz-a")
    said = outcome.report.splitlines()
    assert [line for line in said if not line.startswith("Done")] == ["KeyError: 'x'", "  in read_npz"]


def test_a_failure_at_the_first_input_is_after_none(process, tmp_path):
    process('echo bad > "$folder/failed-npz-crash"; exit 1')
    assert fuzz("npz", 300, 0, tmp_path).runs == 0


def test_of_two_failures_the_later_is_named(process, tmp_path):
    (tmp_path / "failed-npz-z").touch()
    os.utime(tmp_path / "failed-npz-z", (0, 0))
    process('echo bad > "$folder/failed-npz-crash"; exit 1')
    assert fuzz("npz", 300, 0, tmp_path).failure == tmp_path / "failed-npz-crash"


@pytest.mark.parametrize("status", [0, 1])
def test_a_process_that_could_not_fuzz_is_told_with_its_last_words(process, tmp_path, status):
    process(f"i=0; while [ $i -lt 300 ]; do printf '%04d' $i; i=$((i+1)); done; exit {status}")
    with pytest.raises(ValueError, match="fuzzing needs atheris or hypothesis, and ended with: ") as error:
        fuzz("npz", 300, 0, tmp_path)
    words = "".join(f"{number:04d}" for number in range(300))
    assert str(error.value) == f"fuzzing needs atheris or hypothesis, and ended with: {words[-500:]}"
