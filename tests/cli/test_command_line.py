"""The command line, run as a user runs it: in a separate process, on the sample."""

import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tensorbook import __version__
from tensorbook.data import load_sample
from tensorbook.drawings import EXAMPLE
from tensorbook.run_record import RunRecord

ROOT = Path(__file__).parents[2]


CODE = "from tensorbook.cli.run_command import main; main()"
AND_ORDER = """
import atexit
@atexit.register
def say():
    from tensorflow.python.framework.config import is_op_determinism_enabled
    print("one order:", is_op_determinism_enabled())
"""


@pytest.fixture(scope="session")
def tensorbook(processes):
    def run(*arguments, variable="sample", home=None, code=CODE):
        environment = {**os.environ, "TENSORBOOK_MNIST": variable, "COLUMNS": "100", "NO_COLOR": "1"}
        if home:
            environment["KERAS_HOME"] = str(home)
        return processes.run([sys.executable, "-c", code, *map(str, arguments)], env=environment, cwd=ROOT)

    return run


@pytest.fixture(scope="module")
def trained(tensorbook, tmp_path_factory):
    """A results folder from one epoch on the sample, and what was printed during training."""
    out = tmp_path_factory.mktemp("results") / "new"
    result = tensorbook("train", "--epochs", 2, "--batch-size", 64, "--seed", 3, "--out", out)
    assert result.returncode == 0, result.stderr
    return out, result


def test_train_writes_record_weights_and_pictures(trained):
    out, result = trained
    record = RunRecord.read(out)
    assert (record.run.epochs, record.run.batch_size, record.run.seed) == (2, 64, 3)
    assert (record.data.name, record.data.train, record.data.test) == ("sample", 4000, 1000)
    assert record.test.accuracy > 0.8
    assert sorted(path.name for path in out.iterdir()) == [
        "confusion.png", "history.png", "mistakes.png", "run.json", "weights.safetensors",
    ]  # fmt: skip
    for path in out.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.width > 300, path
    assert "epoch 2 of 2" in result.stdout
    words = " ".join(result.stdout.split())
    for name, loss, accuracy in zip((1, 2), record.history.loss, record.history.accuracy, strict=True):
        assert f"│ {name} │ {loss:.4f} │ {accuracy:.4f} │" in words
    assert f"│ test │ {record.test.loss:.4f} │ {record.test.accuracy:.4f} │" in words
    assert f"Trained for {record.run.seconds:.1f} s. The record, weights and pictures are in" in words


def test_train_says_that_it_ran_on_the_sample_and_nothing_else_on_stderr(trained):
    assert "sample" in trained[1].stderr
    assert len(trained[1].stderr.splitlines()) == 1


@pytest.mark.nightly  # two training runs in one process are compared in test_training
def test_the_same_seed_gives_the_same_weights(tensorbook, trained, tmp_path):
    """This is not by luck: TensorFlow was made deterministic."""
    result = tensorbook(
        "train", "--epochs", 2, "--batch-size", 64, "--seed", 3, "--out", tmp_path, code=AND_ORDER + CODE
    )
    assert "one order: True" in result.stdout
    assert (tmp_path / "weights.safetensors").read_bytes() == (trained[0] / "weights.safetensors").read_bytes()


def test_predict_reads_digits_of_any_size_dark_on_light_or_light_on_dark(command, tmp_path):
    """This uses the recorded network and clearly written test digits from the sample."""
    digits = load_sample().test
    paths, right = [], []
    for index in range(20):
        picture = Image.fromarray(digits.images[index])
        if index % 2:
            picture = Image.fromarray(255 - np.asarray(picture))
        picture = picture.resize((28 + 13 * index, 28 + 13 * index), Image.Resampling.BICUBIC)
        paths.append(tmp_path / f"{index}.png")
        picture.save(paths[-1])
        right.append(int(digits.labels[index]))
    status, printed, errors = command("predict", *paths)
    assert status == 0, errors
    form = r"(.+): (\d) \(probability ([01]\.\d{3})(?:; next (\d), (0\.\d{3}))?\)"
    lines = [re.fullmatch(form, line).groups() for line in printed.splitlines()]
    assert [line[0] for line in lines] == list(map(str, paths))
    assert sum(int(line[1]) == digit for line, digit in zip(lines, right, strict=True)) >= 19
    unsure = [line[1:] for line in lines if line[3]]
    for first, probability, second, next_probability in unsure:
        assert first != second
        assert float(probability) > float(next_probability) > 0
        assert 0.5 < float(probability) + float(next_probability) <= 1.001
    assert all(float(line[2]) > 0.99 for line in lines if not line[3])  # nothing is left for a second choice
    assert 0 < len(unsure) < len(lines)


def test_predict_answers_for_the_pictures_it_can_read_and_names_the_others(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("good.png", "good2.png"):
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes())
    Image.new("L", (40, 30), 200).save("blank.png")
    Image.fromarray(np.full((20, 20), -1, dtype=np.float32)).save("negative.tif")
    (tmp_path / "words.png").write_text("a three")
    status, printed, errors = command(
        "predict", "good.png", "blank.png", "good2.png", "nowhere.png", "words.png", "negative.tif"
    )
    assert status == 2
    assert [line[: line.index(" (")] for line in printed.splitlines()] == ["good.png: 3", "good2.png: 3"]
    assert errors.splitlines() == [
        "tensorbook: blank.png is blank: a drawing needs ink that stands out from its background.",
        "tensorbook: nowhere.png can't be read as a picture (No such file or directory).",
        "tensorbook: words.png is not a picture in a format that can be read: use a PNG or JPEG file.",
        "tensorbook: negative.tif can't be read. A drawing needs numbers from 0 to 255, or from 0 to 1; "
        "got float32 of shape (20, 20), from -1 to -1.",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--epochs", "0"], "epochs"),
        (["train", "--epochs", "-1"], "epochs"),
        (["train", "--batch-size", "0"], "batch-size"),
        (["train", "--seed", "-1"], "seed"),
        (["predict"], "IMAGE"),
        (["predict", "nowhere.png"], "nowhere.png can't be read as a picture"),
        (["predict", "README.md"], "README.md is not a picture in a format that can be read"),
        (["evaluate", "--run", "nowhere"], "There is no run in nowhere: run `tensorbook train --out nowhere`"),
        (["nonsense"], "nonsense"),
    ],
)
def test_bad_input_is_told_without_a_traceback_and_exits_with_2(command, monkeypatch, arguments, message):
    monkeypatch.chdir(ROOT)
    status, printed, errors = command(*arguments)
    assert status == 2
    assert message in errors
    assert "Traceback" not in errors + printed


def test_a_damaged_picture_is_one_line_also_where_a_library_in_c_has_its_say(tensorbook, tmp_path):
    """For a damaged TIFF file, libtiff itself writes to stderr."""
    Image.new("L", (20, 20), 255).save(tmp_path / "digit.tiff", compression="tiff_lzw")
    content = bytearray((tmp_path / "digit.tiff").read_bytes())
    content[8:40] = bytes(32)
    (tmp_path / "digit.tiff").write_bytes(content)
    result = tensorbook("predict", tmp_path / "digit.tiff")
    assert result.returncode == 2
    [line] = result.stderr.splitlines()
    assert line.startswith(f"tensorbook: {tmp_path / 'digit.tiff'} can't be read as a picture")


def test_a_wrong_variable_is_one_line(tensorbook, tmp_path):
    result = tensorbook("train", "--out", tmp_path / "out", variable=str(tmp_path / "nowhere.npz"))
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "nowhere.npz" in result.stderr
    assert not (tmp_path / "out").exists()


def test_data_where_names_the_source(tensorbook, tmp_path):
    assert "sample" in tensorbook("data", "where").stdout
    home = tmp_path / "keras"
    assert "download" in tensorbook("data", "where", variable="", home=home).stdout


def test_without_a_command_the_commands_are_told(tensorbook):
    result = tensorbook()
    assert result.returncode == 2
    assert "train" in result.stdout + result.stderr
    assert "tensorbook:" not in result.stderr


def test_data_fetch_prints_where_keras_has_it(tensorbook, full_mnist, tmp_path):
    (x_train, y_train), (x_test, y_test) = full_mnist
    copy = tmp_path / "datasets" / "mnist.npz"
    copy.parent.mkdir()
    np.savez(copy, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    assert tensorbook("data", "fetch", variable="", home=tmp_path).stdout == f"{copy}\n"


def test_the_version_is_the_package_s(tensorbook):
    assert tensorbook("--version").stdout.strip() == __version__
