"""``train``, ``evaluate`` and ``predict``: settings are handed on, and what came out is printed."""

import numpy as np
import pytest

from tensorbook import workers
from tensorbook.book import training
from tensorbook.runs import RESULTS, Record

RECORD = Record.load(RESULTS)


def test_train_hands_its_settings_on_and_prints_each_epoch(command, monkeypatch, one_order, tmp_path):
    asked = []

    def train(data, out, *, progress, learn, **settings):
        asked.append((len(data.train.labels), out, settings, learn))
        progress(0, 32, {"loss": 0.5, "accuracy": 0.5})
        return RECORD

    monkeypatch.setattr(training, "train", train)
    monkeypatch.delenv("TF_CONFIG", raising=False)
    status, out, _ = command("train", "--out", tmp_path)
    assert (status, one_order) == (0, [True])
    assert asked == [(4000, tmp_path, {"epochs": 5, "batch_size": 128, "seed": 0}, None)]
    assert "epoch 1 of 5" in out
    for epoch, (loss, accuracy) in enumerate(zip(RECORD.history.loss, RECORD.history.accuracy, strict=True), 1):
        assert f"│ {epoch} │ {loss:.4f} │ {accuracy:.4f} │" in out
    assert f"│ test │ {RECORD.test.loss:.4f} │ {RECORD.test.accuracy:.4f} │" in out
    assert out.endswith(f"{RECORD.run.seconds:.1f} s of training; record, weights and figures are in {tmp_path}\n")
    assert command("train", "--epochs", 1, "--batch-size", 1, "--seed", 7, "--out", tmp_path)[0] == 0
    assert asked[1][2] == {"epochs": 1, "batch_size": 1, "seed": 7}
    for option, value in (("--epochs", 0), ("--batch-size", 0), ("--seed", -1), ("--workers", 0)):
        assert command("train", option, value)[0] == 2
    assert len(asked) == 2


def test_several_workers_are_started_and_this_process_does_not_train(command, monkeypatch, one_order, tmp_path):
    started = []
    monkeypatch.setattr(workers, "run_workers", lambda arguments, count: started.append((arguments, count)))
    assert command("train", "--workers", 2, "--epochs", 3, "--batch-size", 9, "--seed", 4, "--out", tmp_path)[0] == 0
    options = ["--epochs=3", "--batch-size=9", "--seed=4", f"--out={tmp_path}"]
    assert (started, one_order) == ([(["train", *options], 2)], [])


@pytest.mark.parametrize("is_first", [True, False])
def test_a_process_that_is_one_of_several_joins_them(command, monkeypatch, is_first, tmp_path):
    """The first writes the results; the others only work along."""
    worked, trained = [], []
    monkeypatch.setenv("TF_CONFIG", "{}")
    monkeypatch.setattr(workers, "join", lambda out, _data, **settings: ((out, settings), is_first))
    monkeypatch.setattr(workers, "work_along", lambda learn, data: worked.append((learn, len(data.train.labels))))
    monkeypatch.setattr(training, "train", lambda *_, learn, **_options: trained.append(learn) or RECORD)
    assert command("train", "--out", tmp_path)[0] == 0
    learn = (tmp_path, {"epochs": 5, "batch_size": 128, "seed": 0})
    assert (trained, worked) == (([learn], []) if is_first else ([], [(learn, 4000)]))


def test_evaluate_shows_now_beside_the_record(command):
    status, out, _ = command("evaluate")
    assert status == 0
    assert all(line[0] in "┏┃┡│└" for line in out.splitlines()), "a table, and no bar of Keras's"
    [line] = [line for line in out.splitlines() if "test images" in line]
    assert line == "│ test images │ 1,000 │ 10,000 │"
    [line] = [line for line in out.splitlines() if "test accuracy" in line]
    now, then = (float(cell) for cell in line.split("│")[2:4])
    assert 0.97 < now < 1, "most of the sample's test digits the network has learned"
    assert then == round(RECORD.test.accuracy, 4)
    [line] = [line for line in out.splitlines() if "test loss" in line]
    now, then = (float(cell) for cell in line.split("│")[2:4])
    assert 0 < now < 0.1
    assert then == round(RECORD.test.loss, 4)


def test_predict_says_the_first_two_digits_of_each_picture(command, tmp_path):
    from PIL import Image

    from tensorbook.weights import restore_network
    from tensorbook.data import load_sample, prepare_images
    from tensorbook.drawings import load_drawing

    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path, image in zip(paths, load_sample().test.images, strict=False):
        Image.fromarray(image).resize((56, 56)).save(path)
    network = restore_network(RECORD.weights_in(RESULTS))
    said = network.predict(prepare_images(np.stack([load_drawing(path) for path in paths])), verbose=0)
    expected = []
    for path, probabilities in zip(paths, said, strict=True):
        second, first = sorted(range(10), key=lambda digit: probabilities[digit])[-2:]
        expected.append(
            f"{path}: {first} (probability {probabilities[first]:.3f}; next {second}, {probabilities[second]:.3f})"
        )
    status, out, _ = command("predict", *paths)
    assert (status, out.splitlines()) == (0, expected)
