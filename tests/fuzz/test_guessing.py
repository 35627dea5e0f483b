"""The process that fuzzes: how Atheris is set up, and how Hypothesis takes its place where it is not installed."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tensorbook.book.fuzz import __main__ as fuzzing
from tensorbook.book.fuzz.small import Target
from tensorbook.book.fuzz.targets import TARGETS
from tensorbook.data import DataError, identity


@pytest.fixture
def tried(monkeypatch):
    """The inputs of a reader that takes everything but the word ``bad``, started from one long input."""
    inputs = []

    def read(data, folder):
        inputs.append((data, folder))
        if b"bad" in data:
            raise KeyError("bad")
        if not data.strip(b"\0"):
            raise DataError("empty")

    monkeypatch.setitem(TARGETS, "any", Target(read, lambda: [b"0123456789" * 30]))
    return inputs


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], b"abcdef"),
        ([(2, b"XY", 3)], b"abXYf"),
        ([(0, b"", 1)], b"bcdef"),
        ([(6, b"!", 4)], b"abcdef!"),
        ([(7, b"!", 0)], b"!abcdef"),
        ([(15, b"--", 1)], b"a--cdef"),
        ([(0, b"12", 0), (8, b"3", 0), (1, b"", 6)], b"1f3"),
        ([(0, b"", 1), (5, b"!", 0)], b"bcdef!"),
    ],
)
def test_an_input_is_edited_in_some_places(edits, expected):
    assert fuzzing._edit(b"abcdef", edits) == expected


@pytest.mark.usefixtures("small")
def test_guessing_tries_seeds_with_edits_and_any_bytes_batch_after_batch(tried, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fuzzing, "BATCH", 100)
    fuzzing._guess("any", 250, 0, tmp_path)
    assert capsys.readouterr().err == "Done 250 runs\n"
    assert len(tried) == 250
    assert {folder for _, folder in tried} == {tmp_path / "any-files"}
    inputs = [data for data, _ in tried]
    near = [data for data in inputs if b"0123456789" * 3 in data]
    assert 50 < len(near) < 250, "some are the seed with edits, some are not"
    assert all(abs(len(data) - 300) <= 8 * 8 for data in near)
    assert len({*near}) > 25
    assert max(map(len, inputs)) <= 4096
    assert inputs[:100] != inputs[100:200], "each batch draws others"


@pytest.mark.usefixtures("small")
def test_a_seed_gives_the_same_guesses_again_and_another_seed_others(tried, tmp_path):
    for seed in (0, 0, 1):
        fuzzing._guess("any", 30, seed, tmp_path)
    assert tried[:30] == tried[30:60] != tried[60:]


@pytest.mark.usefixtures("small")
def test_what_the_reader_fails_on_is_kept_in_the_folder(tried, tmp_path, monkeypatch):
    monkeypatch.setitem(TARGETS, "any", TARGETS["any"]._replace(seeds=lambda: [b"a bad seed"]))
    with pytest.raises(KeyError, match="bad"):
        fuzzing._guess("any", 200, 0, tmp_path)
    assert b"bad" in (tmp_path / "failed-any-crash").read_bytes()
    assert len(tried) > 1


@pytest.mark.usefixtures("small")
def test_atheris_is_told_what_to_try_and_starts_from_the_seeds(tried, tmp_path, monkeypatch):
    """A stand-in takes what Atheris would be told: fuzzing itself ends the process that it runs in."""
    set_up, seen = [], []

    class Instrument:
        def __init__(self, **options):
            seen.append(options)

        def __enter__(self):
            pass

        def __exit__(self, *_):
            seen.append(identity.MNIST[0].shape)

    atheris = SimpleNamespace(
        instrument_imports=Instrument,
        Setup=lambda arguments, attempt: set_up.append((arguments, attempt)),
        Fuzz=lambda: set_up[0][1](b"an input"),
    )
    monkeypatch.setitem(sys.modules, "atheris", atheris)
    for _ in range(2):  # the second time the folders are there
        fuzzing.main("any", 70, 5, tmp_path)
    assert seen[0] == {"include": fuzzing.INSTRUMENTED, "enable_loader_override": False}
    assert seen[1] == (2, 28, 28), "small arrays pass for MNIST"
    program, *options, corpus = set_up[0][0]
    assert corpus == str(tmp_path / "any")
    assert [path.read_bytes() for path in Path(corpus).iterdir()] == [b"0123456789" * 30]
    assert {"-runs=70", "-seed=6", "-timeout=20", "-rss_limit_mb=512", "-max_len=4096"} <= {*options}
    assert {"-print_final_stats=1", "-verbosity=1", "-len_control=0"} <= {*options}
    assert f"-artifact_prefix={tmp_path}/failed-any-" in options
    assert tried == [(b"an input", tmp_path / "any-files")] * 2
    assert program == "fuzz"


def test_where_atheris_is_not_installed_a_reader_is_fuzzed_all_the_same(tmp_path):
    (tmp_path / "atheris.py").write_text("raise ImportError('is not installed')")
    (tmp_path / "found").mkdir()
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    result = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tensorbook.book.fuzz", "idx", "40", "7", str(tmp_path / "found")],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "Done 40 runs\n")
    assert [path.name for path in (tmp_path / "found").iterdir()] == ["idx-files"]
