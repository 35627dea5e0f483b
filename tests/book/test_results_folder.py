"""What a training leaves in its folder: a record that names every file, and weights that say what the network says."""

import platform
from importlib.metadata import version

import numpy as np
import pytest

from tensorbook.book import training
from tensorbook.runs import Record, sha256_of
from tensorbook.book.running import train_and_test
from tensorbook.book.training import train
from tensorbook.weights import restore_network
from tensorbook.data import Mnist, Split, fingerprint, load_sample, prepare_images


@pytest.fixture(scope="module")
def few():
    """300 digits to train on, and as many to test on."""
    train, test = load_sample()
    return Mnist(Split(train.images[:300], train.labels[:300]), Split(test.images[:300], test.labels[:300]))


def keep_what_is_trained(patch):
    """Return a list that the next training's network goes to, with what was measured of it."""
    kept = []

    def keep(*data, **settings):
        kept.append(train_and_test(*data, **settings))
        return kept[-1]

    patch.setattr(training, "train_and_test", keep)
    return kept


@pytest.fixture(scope="module")
def made(few, tmp_path_factory, one_round):  # noqa: ARG001  # for the timings in it
    """The folder, the record that was returned, the network, and what was told on the way."""
    out = tmp_path_factory.mktemp("results")
    (out / "seeds.json").write_text("of another command")
    told = []
    with pytest.MonkeyPatch.context() as patch:
        kept = keep_what_is_trained(patch)
        record = train(few, out, epochs=2, batch_size=50, seed=3, progress=lambda *done: told.append(done[:2]))
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
    assert {"naive_relu", "naive_add", "naive_vector_dot"} <= {speed.operation for speed in made[1].speeds}


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


def test_the_weights_are_the_network_s_and_it_is_counted_on_how_many_images_they_differ(made, few):
    out, record, trained, _ = made
    weights = record.weights
    assert (weights.file, weights.dtype, weights.parameters) == ("weights.safetensors", "float16", 407_050)
    assert weights.bytes == (out / weights.file).stat().st_size
    stored = restore_network(out / weights.file)
    for now, then in zip(stored.get_weights(), trained.network.get_weights(), strict=True):
        np.testing.assert_allclose(now, then, rtol=1e-3, atol=1e-6)
    said = stored.predict(prepare_images(few.test.images), verbose=0).argmax(axis=1)
    assert weights.other_class == (said != trained.probabilities.argmax(axis=1)).sum()


@pytest.mark.usefixtures("one_round")
def test_images_that_the_rounded_weights_call_otherwise_are_counted(few, made, tmp_path, monkeypatch):
    """A network whose weights were lost on the way says one class of all."""

    class Lost:
        def predict(self, images, verbose):
            assert verbose == 0
            return np.tile(np.arange(10.0), (len(images), 1))

    _, _, trained, _ = made
    monkeypatch.setattr(training, "train_and_test", lambda *_, **__: trained)
    monkeypatch.setattr(training, "restore_network", lambda _path: Lost())
    record = train(few, tmp_path, epochs=1)
    assert record.weights.other_class == (trained.probabilities.argmax(axis=1) != 9).sum() > 150


@pytest.mark.usefixtures("one_round")
def test_a_digit_that_is_not_in_the_test_set_costs_no_training(few, tmp_path):
    train(Mnist(few.train, Split(few.test.images[:12], few.test.labels[:12])), tmp_path, epochs=1)
    assert len(set(few.test.labels[:12])) < 10
    assert Record.load(tmp_path).test.images == 12


def test_without_settings_it_trains_what_the_book_prints(few, tmp_path, monkeypatch):
    asked = []

    def stop(data, **settings):
        asked.append((data, settings))
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "train_and_test", stop)
    with pytest.raises(KeyboardInterrupt):
        train(few, tmp_path / "new")
    run = Record.load().run
    settings = {"epochs": run.epochs, "batch_size": run.batch_size, "seed": run.seed, "progress": None, "learn": None}
    assert asked == [(few, settings)]
    assert list((tmp_path / "new").iterdir()) == []
