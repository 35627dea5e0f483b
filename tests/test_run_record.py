"""The record of a run: the values derived from its figures, and the files it describes."""

import dataclasses
import json
import re

import pytest

from tensorbook import evaluation
from tensorbook.data import DataError
from tensorbook.run_record import Data, History, Run, RunRecord, Weights, sha256_of


@pytest.fixture
def made():
    """The record of a run on three classes, one of which was never predicted and one of which had no images."""
    confusion = [[5, 0, 2], [0, 0, 0], [3, 0, 4]]
    return RunRecord(
        Run(0, 2, 3, 4.5),
        Data("other", "0" * 64, 6, 14),
        History([0.5, 0.25], [0.5, 0.875]),
        evaluation.TestResults(0.5, 9 / 14, confusion, [(14, 0.9, 9 / 14)]),
        Weights("weights.safetensors", "float16", 12, 7, 1),
        {"keras": "3"},
        {"weights.safetensors": sha256_of(b"weights")},
    )


def test_images_are_counted_by_rows_and_hits_on_the_diagonal(made):
    test = made.test
    assert (test.images, test.correct, test.errors) == (14, 9, 5)
    assert test.recall == pytest.approx([5 / 7, 0, 4 / 7])
    assert test.precision == pytest.approx([5 / 8, 0, 4 / 6])
    one = dataclasses.replace(test, confusion=[[1, 0], [0, 1]])
    assert (one.recall, one.precision) == ([1, 1], [1, 1])


def test_the_gap_is_that_of_the_last_epoch(made):
    assert made.gap == pytest.approx(0.875 - 9 / 14)


def test_it_is_read_back_from_text_that_a_person_can_read(made, tmp_path):
    text = made.dumps()
    assert text.startswith('{\n "run": {\n  "seed": 0,\n')
    assert text.endswith("}\n")
    assert RunRecord.loads(text) == made
    (tmp_path / "run.json").write_text(text)
    assert RunRecord.read(tmp_path) == made
    assert RunRecord.loads(text).test.calibration == [(14, 0.9, 9 / 14)]


def refuses(folder, raw):
    (folder / "run.json").write_text(json.dumps(raw))
    with pytest.raises(DataError, match=r"is not a record .*: run `tensorbook train --out"):
        RunRecord.read(folder)


@pytest.mark.parametrize("key", [field.name for field in dataclasses.fields(RunRecord)])
def test_a_record_that_lacks_a_part_is_refused(made, tmp_path, key):
    raw = json.loads(made.dumps())
    del raw[key]
    refuses(tmp_path, raw)


@pytest.mark.parametrize("key", ["run", "data", "history", "test", "weights"])
def test_a_record_of_which_a_part_has_too_much_is_refused(made, tmp_path, key):
    raw = json.loads(made.dumps())
    raw[key]["strange"] = 1
    refuses(tmp_path, raw)


def test_a_record_that_is_a_folder_is_told(tmp_path):
    (tmp_path / "run.json").mkdir()
    with pytest.raises(DataError, match=r"run\.json is not a record .*IsADirectoryError"):
        RunRecord.read(tmp_path)


def test_a_run_is_a_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"file is not a folder: a run is a folder written by `tensorbook train`"):
        RunRecord.read(tmp_path / "file")


def test_the_weights_are_those_of_the_run_or_none(made, tmp_path):
    path = tmp_path / "weights.safetensors"
    way = re.escape(f"run `tensorbook train --out {tmp_path}` to recreate both.")
    with pytest.raises(DataError, match=f"The weights file .* can't be read \\(No such file or directory\\): {way}"):
        made.weights_in(tmp_path)
    path.write_bytes(b"weights")
    assert made.weights_in(tmp_path) == path
    for other in (b"weightS", b"weights ", b"", b"weight"):
        path.write_bytes(other)
        with pytest.raises(DataError, match=f"is not the weights file from the run in .*run.json: {way}"):
            made.weights_in(tmp_path)
    path.write_bytes(b"weights")
    with pytest.raises(DataError, match="is not the weights file from the run in"):
        dataclasses.replace(made, files={}).weights_in(tmp_path)


def test_a_record_is_not_changed_by_accident(made):
    for one, name in (
        (made, "run"), (made.run, "seed"), (made.data, "name"), (made.history, "loss"), (made.test, "loss"),
        (made.weights, "bytes"),
    ):  # fmt: skip
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, name, None)
