"""The book's own record: the stored one describes one complete run, and a new one lists every file.

Only full MNIST can replace results from full MNIST.
"""

import platform
import shutil
from importlib.metadata import version

import numpy as np
import pytest

from tensorbook.book.results import book_record as records
from tensorbook.book.results.book_record import RESULTS, Record, check_same_data, make_record, measure_again
from tensorbook.book.results.compare_keras import measure_scratch
from tensorbook.book.results.light_and_dark_figures import SCHEMES
from tensorbook.book.results.recorded_run_figures import RUN_FIGURES
from tensorbook.book.results.seed_variance import measure_seeds
from tensorbook.book.results.social_card import CARD_FILE
from tensorbook.book.results.train_convnet import measure_convnet
from tensorbook.data import DataError, Mnist, Split, fingerprint, load_sample, prepare_images
from tensorbook.evaluation import confusion_matrix
from tensorbook.run_record import sha256_of
from tensorbook.training import train_and_evaluate
from tensorbook.weights import network_from_weights, read_weights


@pytest.fixture(scope="module")
def stored():
    return Record.load(RESULTS)


def test_the_recorded_run_is_of_full_mnist_and_good_enough(stored):
    assert (stored.data.name, stored.data.train, stored.data.test) == ("mnist", 60000, 10000)
    assert stored.test.accuracy >= 0.978
    assert stored.run.epochs == len(stored.history.loss) == len(stored.history.accuracy) == 5


def test_the_figures_of_the_record_agree_with_each_other(stored):
    assert stored.test.images == stored.data.test
    assert stored.test.accuracy == pytest.approx(stored.test.correct / stored.test.images, abs=1e-6)
    assert stored.gap == pytest.approx(stored.history.accuracy[-1] - stored.test.accuracy)
    assert all(earlier > later for earlier, later in zip(stored.history.loss, stored.history.loss[1:], strict=False))


def test_every_file_of_the_run_is_the_one_that_the_run_wrote(stored):
    assert {name: sha256_of((RESULTS / name).read_bytes()) for name in stored.files} == stored.files
    figures = {f"figures/{name}-{scheme}.svg" for name in RUN_FIGURES for scheme in SCHEMES}
    assert set(stored.files) == figures | {stored.weights.file, CARD_FILE}


def test_every_committed_picture_is_on_a_page():
    pages = "\n".join(page.read_text(encoding="utf-8") for page in RESULTS.parent.glob("*.md"))
    for path in (RESULTS / "figures").iterdir():
        name = path.stem.rsplit("-", 1)[0]
        assert f'figure("{name}"' in pages, f"{path.name} is shown nowhere"


def test_the_stored_weights_give_the_recorded_answers(stored, full_mnist):
    """Every page, the drawing box and `tensorbook predict` use the same network, which is this one."""
    hidden_kernel, hidden_bias, output_kernel, output_bias = read_weights(RESULTS / stored.weights.file)
    images = full_mnist.test.images.reshape(-1, 784).astype("float32") / 255
    scores = np.maximum(images @ hidden_kernel + hidden_bias, 0) @ output_kernel + output_bias
    counted = confusion_matrix(full_mnist.test.labels, scores.argmax(axis=1))
    assert np.array_equal(counted, stored.test.confusion)


def test_a_record_is_read_back_as_it_was_written(stored, tmp_path):
    (tmp_path / "record.json").write_text(stored.dumps())
    assert Record.load(tmp_path) == stored


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"run": {}}', "\0"])
def test_a_damaged_record_is_refused_with_the_way_out(tmp_path, text):
    (tmp_path / "record.json").write_text(text)
    with pytest.raises(
        DataError, match=r"is not a record .* `python -m tensorbook\.book record --out .*` to create a new"
    ):
        Record.load(tmp_path)


def test_a_missing_record_is_named(tmp_path):
    with pytest.raises(DataError, match=r"There is no run in .*: run `python -m tensorbook\.book record --out"):
        Record.load(tmp_path)


@pytest.fixture(scope="module")
def few():
    """300 training digits and 300 test digits."""
    train, test = load_sample()
    return Mnist(Split(train.images[:300], train.labels[:300]), Split(test.images[:300], test.labels[:300]))


@pytest.fixture(scope="module")
def made(few, tmp_path_factory):
    """The folder, the returned record, the trained network, and the reported progress."""
    out = tmp_path_factory.mktemp("results")
    (out / "seeds.json").write_text("of another command")
    told, kept = [], []

    def keep(*data, **settings):
        kept.append(train_and_evaluate(*data, **settings))
        return kept[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "train_and_evaluate", keep)
        record = make_record(few, out, epochs=2, batch_size=50, seed=3, progress=lambda *done: told.append(done[:2]))
    return out, record, kept[0], told


def test_the_record_is_read_back_as_it_was_returned(made):
    out, record, trained, told = made
    assert Record.load(out) == record
    assert (record.run, record.history, record.test) == (trained.run, trained.history, trained.test)
    assert (record.run.epochs, record.run.batch_size, record.run.seed) == (2, 50, 3)
    assert told[-1] == (1, 6)


def test_it_names_the_data_and_what_everything_ran_on(made, few):
    data, versions = made[1].data, dict(made[1].versions)
    assert (data.name, data.sha256, data.train, data.test) == ("other", fingerprint(few), 300, 300)
    assert versions.pop("python") == platform.python_version()
    assert versions == {name: version(name) for name in ("tensorbook", "tensorflow", "keras", "numpy", "matplotlib")}


def test_every_file_is_named_with_its_content_and_others_stay(made):
    out, record, *_ = made
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert files == {*record.files, "record.json", "seeds.json"}
    assert list(record.files) == sorted(record.files)
    assert all(sha256_of((out / name).read_bytes()) == digest for name, digest in record.files.items())
    drawn = {name.removesuffix(".svg").rsplit("-", 1)[0] for name in files if name.endswith(".svg")}
    assert {f"{name}-{scheme}.svg" for name in drawn for scheme in ("light", "dark")} <= files
    assert {"figures/history", "figures/confusion", "figures/calibration"} <= drawn
    assert {"card.png", "weights.safetensors"} <= files


def test_what_the_record_says_is_what_its_weights_file_gives(made, few):
    out, record, *_ = made
    weights = record.weights
    assert (weights.file, weights.dtype, weights.parameters) == ("weights.safetensors", "float16", 407_050)
    assert weights.bytes == (out / weights.file).stat().st_size
    images, labels = prepare_images(few.test.images), few.test.labels
    probabilities = network_from_weights(read_weights(out / weights.file)).predict(images)
    assert record.test.errors == (probabilities.argmax(axis=1) != labels).sum()
    assert record.test.loss == pytest.approx(-np.log(probabilities[np.arange(300), labels]).mean(), abs=1e-5)


def test_measuring_again_keeps_the_training_and_gives_the_same_figures(made, few, tmp_path):
    out = shutil.copytree(made[0], tmp_path / "results")
    (out / "record.json").write_text((out / "record.json").read_text().replace('"accuracy": 0.', '"accuracy": 0.1'))
    measure_again(few, out)
    again = Record.load(out)
    assert (again.test, again.weights, again.run) == (made[1].test, made[1].weights, made[1].run)
    assert again.files.keys() == made[1].files.keys()
    assert again.files["weights.safetensors"] == made[1].files["weights.safetensors"]


def test_a_digit_that_is_not_in_the_test_set_costs_no_training(few, tmp_path):
    make_record(Mnist(few.train, Split(few.test.images[:12], few.test.labels[:12])), tmp_path, epochs=1)
    assert len(set(few.test.labels[:12])) < 10
    assert Record.load(tmp_path).test.images == 12


WRITERS = {
    "record": make_record,
    "again": measure_again,
    "seeds": measure_seeds,
    "scratch": measure_scratch,
    "convnet": measure_convnet,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_results_of_the_sample_never_replace_the_book_s(write, tmp_path):
    out = shutil.copytree(RESULTS, tmp_path / "results")
    with pytest.raises(DataError, match="made from different digits: load full MNIST"):
        write(load_sample(), out)
    for path in RESULTS.glob("*.*"):
        assert (out / path.name).read_bytes() == path.read_bytes()


def test_the_same_data_may_replace_and_so_may_a_first_record(made, few, tmp_path):
    check_same_data(few, made[0])
    check_same_data(few, tmp_path)


def test_a_training_that_is_broken_off_leaves_nothing(few, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(records, "train_and_evaluate", stop)
    with pytest.raises(KeyboardInterrupt):
        make_record(few, tmp_path / "new")
    assert not (tmp_path / "new").exists()
