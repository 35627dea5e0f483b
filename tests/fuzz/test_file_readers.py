"""Hundreds of strange files, and those that fuzzing kept: each is read, or rejected in one line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.file_readers import TARGETS
from fuzz.harness import Target, attempt
from tensorbook.data import DataError

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 4096  # bytes of an input
each_reader = pytest.mark.parametrize("name", TARGETS)


@pytest.mark.usefixtures("small")
@each_reader
def test_inputs_that_fuzzing_kept_are_read_or_refused_in_one_line(name, tmp_path):
    kept = sorted((CORPUS / name).iterdir())
    assert len(kept) >= 5
    for path in kept:
        attempt(TARGETS[name], path.read_bytes(), tmp_path)


def edited(data, edits):
    """Replace bytes in some places of an input."""
    for place, content, length in edits:
        start = place % (len(data) + 1)
        data = data[:start] + content + data[start + length :]
    return data


def inputs(name):
    """Draw a good file or one of the corpus with some edits, or any bytes."""
    starts = [*TARGETS[name].seeds(), *(path.read_bytes() for path in sorted((CORPUS / name).iterdir()))]
    edit = st.tuples(st.integers(0, LONGEST), st.binary(max_size=4), st.integers(0, 8))
    return st.builds(edited, st.sampled_from(starts), st.lists(edit, max_size=8)) | st.binary(max_size=LONGEST)


@pytest.mark.usefixtures("small")
@each_reader
def test_some_hundred_strange_files_are_read_or_refused(name, tmp_path):
    @settings(suppress_health_check=list(HealthCheck))
    @given(inputs(name))
    def any_file_is_read_or_refused(data):
        attempt(TARGETS[name], data, tmp_path)

    any_file_is_read_or_refused()


def fail_with(error):
    def read(_data, _folder):
        raise error

    return Target(read, list)


def test_any_other_error_and_any_endless_message_is_a_failure(tmp_path):
    attempt(fail_with(DataError("a line for a person")), b"x", tmp_path)
    with pytest.raises(KeyError):
        attempt(fail_with(KeyError("x_train")), b"x", tmp_path)
    for message in ("two\nlines", "long " * 1000, ""):
        with pytest.raises(AssertionError, match="this is not one line for a person"):
            attempt(fail_with(DataError(message)), b"x", tmp_path)
