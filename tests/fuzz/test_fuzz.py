"""What fuzzing found is tried again, and fuzzing itself finds a reader that fails by another error than DataError."""

from pathlib import Path

import pytest

from tensorbook.book.fuzz.run import fuzz
from tensorbook.book.fuzz.small import Target, attempt
from tensorbook.book.fuzz.targets import TARGETS
from tensorbook.data import DataError

CORPUS = Path(__file__).parent / "corpus"
each_reader = pytest.mark.parametrize("name", TARGETS)


@pytest.mark.usefixtures("small")
@each_reader
def test_inputs_that_fuzzing_kept_are_read_or_refused_in_one_line(name, tmp_path):
    kept = sorted((CORPUS / name).iterdir())
    assert len(kept) >= 5
    for path in kept:
        attempt(TARGETS[name], path.read_bytes(), tmp_path)


@pytest.mark.usefixtures("small")
@each_reader
def test_fuzzing_starts_from_a_file_that_is_read(name, tmp_path):
    TARGETS[name].read(TARGETS[name].seeds()[0], tmp_path)


@each_reader
def test_some_hundred_strange_files_are_read_or_refused(name, tmp_path):
    outcome = fuzz(name, 300, 0, tmp_path)
    assert outcome.failure is None, outcome.report
    assert outcome.runs >= 300


def test_the_memory_of_who_starts_it_is_not_counted(tmp_path):
    """Linux hands the peak of a process on to what it starts, and libFuzzer takes it for the reader's."""
    ballast = b"x" * (600 * 2**20)
    outcome = fuzz("weights", 2000, 0, tmp_path)  # for more than a second, once in which it looks
    assert len(ballast) == 600 * 2**20
    assert outcome.failure is None, outcome.report


def fail_with(error):
    def read(_data, _folder):
        raise error

    return Target(read, list)


def test_any_other_error_and_any_endless_message_is_a_failure(tmp_path):
    attempt(fail_with(DataError("a line for a person")), b"x", tmp_path)
    with pytest.raises(KeyError):
        attempt(fail_with(KeyError("x_train")), b"x", tmp_path)
    for message in ("two\nlines", "long " * 1000, ""):
        with pytest.raises(AssertionError, match="this is no line for a person"):
            attempt(fail_with(DataError(message)), b"x", tmp_path)


def test_a_reader_that_is_not_known_is_refused_and_not_fuzzed(tmp_path):
    with pytest.raises(ValueError, match="KeyError: 'nosuch'"):
        fuzz("nosuch", 1, 0, tmp_path)
