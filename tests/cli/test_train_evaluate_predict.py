"""``train``, ``evaluate`` and ``predict``: settings are passed on, and results are printed."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tensorbook import training, worker_processes
from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.data import load_sample, prepare_images
from tensorbook.distributed import loopback_cluster
from tensorbook.drawings import EXAMPLE, load_drawing
from tensorbook.evaluation import evaluate
from tensorbook.handwriting_network import trained_handwriting_network
from tensorbook.run_record import load_run
from tensorbook.weights import trained_network

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
    assert f"Trained for {RECORD.run.seconds:.1f} s. The record, weights and pictures are in {tmp_path}\n" in out
    assert out.endswith(
        f"Look at {tmp_path}/mistakes.png, or try the network on your own digit: "
        f"tensorbook predict 7.png --run {tmp_path}\n"
    )
    assert command("train", "--epochs", 1, "--batch-size", 1, "--seed", 7, "--out", tmp_path)[0] == 0
    assert asked[1][2] == {"epochs": 1, "batch_size": 1, "seed": 7}
    for option, value in (("--epochs", 0), ("--batch-size", 0), ("--seed", -1), ("--workers", 0)):
        assert command("train", option, value)[0] == 2
    assert len(asked) == 2


def test_a_folder_whose_name_looks_like_a_colour_is_printed_as_it_is(command, monkeypatch, tmp_path):
    monkeypatch.setattr(training, "train", lambda *_, **__: RECORD)
    _, out, _ = command("train", "--out", tmp_path / "[red]:house:")
    assert f"record, weights and pictures are in {tmp_path}/[red]:house:\n" in out


def test_several_workers_are_started_and_this_process_does_not_train(command, monkeypatch, one_order, tmp_path):
    started = []
    monkeypatch.setattr(
        worker_processes, "run_workers", lambda arguments, count, _out: started.append((arguments, count))
    )
    assert command("train", "--workers", 2, "--epochs", 3, "--batch-size", 9, "--seed", 4, "--out", tmp_path)[0] == 0
    options = ["--epochs=3", "--batch-size=9", "--seed=4", f"--out={tmp_path}"]
    assert (started, one_order) == ([(["train", *options], 2)], [])


@pytest.mark.parametrize("is_first", [True, False])
def test_a_process_that_is_one_of_several_joins_them(command, monkeypatch, is_first, tmp_path):
    """The first process writes the results, and the others only take part."""
    worked, trained = [], []
    monkeypatch.setenv("TF_CONFIG", loopback_cluster(2)[0])
    monkeypatch.setattr(worker_processes, "join_cluster", lambda out, _data, **settings: ((out, settings), is_first))
    monkeypatch.setattr(
        worker_processes, "train_without_saving", lambda learn, data: worked.append((learn, len(data.train.labels)))
    )
    monkeypatch.setattr(training, "train", lambda *_, learn, **_options: trained.append(learn) or RECORD)
    assert command("train", "--out", tmp_path)[0] == 0
    learn = (tmp_path, {"epochs": 5, "batch_size": 128, "seed": 0})
    assert (trained, worked) == (([learn], []) if is_first else ([], [(learn, 4000)]))


def test_without_a_folder_train_writes_into_one_of_the_reader_s(command, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(training, "train", lambda _data, out, **_: asked.append(out) or RECORD)
    monkeypatch.chdir(tmp_path)
    assert command("train")[0] == 0
    assert asked == [Path("tensorbook-run")]


@pytest.mark.parametrize("option", [(), ("--workers", 2)])
def test_train_never_writes_into_the_folder_of_the_book_s_record(command, option, tmp_path):
    results = shutil.copytree(RESULTS, tmp_path / "results")
    status, _, err = command("train", *option, "--out", results)
    assert status == 2
    assert err == (
        f"tensorbook: {results} contains the book's own record, written by `python -m tensorbook.book record`: "
        "choose a different folder with --out.\n"
    )
    assert {path.name: path.read_bytes() for path in results.glob("*.*")} == {
        path.name: path.read_bytes() for path in RESULTS.glob("*.*")
    }


def row(out, name):
    """Return the cells of a line of a table."""
    [line] = [line for line in out.splitlines() if f"│ {name} " in line]
    return line.strip("│").replace(" ", "").split("│")[1:]


@pytest.fixture(scope="module")
def run_of_mine(tmp_path_factory):
    """The folder of a two-epoch run on the sample."""
    folder = tmp_path_factory.mktemp("runs") / "mine"
    return folder, training.train(load_sample(), folder, epochs=2)


def test_evaluate_measures_the_network_of_the_book(command):
    status, out, _ = command("evaluate")
    assert status == 0
    assert all(line[0] in "┏┃┡│└" for line in out.splitlines()), "a table, and no bar of Keras's"
    test, _ = evaluate(trained_network(), load_sample().test)
    assert [row(out, name) for name in ("test accuracy", "test loss", "test images", "wrong")] == [
        [f"{test.accuracy:.4f}"], [f"{test.loss:.4f}"], ["1,000"], [f"{test.errors}"],
    ]  # fmt: skip
    assert 0.97 < test.accuracy < 1, "most of the sample's test digits the network has learned"


def test_evaluate_shows_a_run_of_mine_beside_its_record_and_they_are_equal(command, run_of_mine):
    folder, record = run_of_mine
    status, out, _ = command("evaluate", "--run", folder)
    assert status == 0
    for name, figure in (
        ("test accuracy", f"{record.test.accuracy:.4f}"), ("test loss", f"{record.test.loss:.4f}"),
        ("test images", "1,000"), ("wrong", f"{record.test.errors}"),
    ):  # fmt: skip
        assert row(out, name) == [figure, figure]


@pytest.mark.parametrize("whose", ["the book's", "mine", "for handwriting"])
def test_predict_says_the_first_two_digits_of_each_picture(command, tmp_path, run_of_mine, whose):
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path, image in zip(paths, load_sample().test.images, strict=False):
        Image.fromarray(image).resize((56, 56)).save(path)
    images = np.stack([load_drawing(path) for path in paths])
    network = load_run(run_of_mine[0])[1] if whose == "mine" else trained_network()
    second = trained_handwriting_network()
    answers = second.predict(images) if whose == "for handwriting" else network.predict(prepare_images(images))
    expected = []
    for path, probabilities in zip(paths, answers, strict=True):
        second, first = sorted(range(10), key=lambda digit: probabilities[digit])[-2:]
        following = f"; next {second}, {probabilities[second]:.3f}" if probabilities[second] >= 0.0005 else ""
        expected.append(f"{path}: {first} (probability {probabilities[first]:.3f}{following})")
    options = {"mine": ("--run", run_of_mine[0]), "for handwriting": ("--handwriting",)}.get(whose, ())
    status, out, _ = command("predict", *paths, *options)
    assert (status, out.splitlines()) == (0, expected)


def test_predict_asks_one_network_at_a_time(command, run_of_mine):
    status, _, err = command("predict", EXAMPLE, "--handwriting", "--run", run_of_mine[0])
    assert status == 2
    assert err == "tensorbook: --run and --handwriting select different networks: use only one of them.\n"


@pytest.mark.parametrize("asked", ["evaluate", "predict"])
def test_a_folder_without_a_run_is_one_line(command, asked, tmp_path):
    pictures = (EXAMPLE,) if asked == "predict" else ()
    status, _, err = command(asked, *pictures, "--run", tmp_path)
    assert status == 2
    assert err.splitlines()[-1] == (
        f"tensorbook: There is no run in {tmp_path}: run `tensorbook train --out {tmp_path}` to create one."
    )
