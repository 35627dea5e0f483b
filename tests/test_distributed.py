"""Training with several processes: the weights match a single worker's, a lost worker is reported, and training can
resume."""

import inspect
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tensorbook import distributed, scratch
from tensorbook.book.results.book_record import Record
from tensorbook.data import load_sample, one_hot, prepare_images
from tensorbook.errors import UsageError
from tensorbook.fast_fit import fit as fast_fit
from tensorbook.models import build_network

SETTINGS = {"epochs": 3, "batch_size": 128, "seed": 1}
LIMIT = 120  # seconds after which something must have hung
# What each worker runs; on request, the second kills itself with SIGKILL after the first epoch.
WORKER = """
import os, signal, sys
from pathlib import Path
import numpy as np
import tensorflow as tf
from tests_of import digits, SETTINGS
from tensorbook import distributed
from tensorbook.models import build_network

if os.environ.get("DEVICES"):
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = distributed.choose_strategy()
assert strategy.num_replicas_in_sync == 2
first = distributed.is_chief(strategy)

def progress(epoch, batches, logs):
    if epoch == 1 and os.environ.get("DIE") and not first:
        os.kill(os.getpid(), signal.SIGKILL)

try:
    network, history = distributed.fit(
        strategy, build_network, *digits(), **SETTINGS, backup=Path("backup"), progress=progress
    )
except ConnectionError as error:
    sys.exit(f"told: {error}")
if first:
    np.savez("weights.npz", *network.get_weights(), history=[history["loss"], history["accuracy"]])
"""


def digits():
    """Return 1,100 images: eight batches of 128 and a batch of 76."""
    train = load_sample().train
    return prepare_images(train.images[:1100]), one_hot(train.labels[:1100])


def with_sgd():
    """Return chapter 2's network with plain SGD, whose steps are proportional to the slopes, unlike RMSprop's."""
    network = build_network()
    network.compile(optimizer=keras.optimizers.SGD(0.1), loss="categorical_crossentropy", metrics=["accuracy"])
    return network


def test_every_worker_knows_all_addresses_and_which_is_its_own():
    configs = [json.loads(config) for config in distributed.loopback_cluster(3)]
    assert [config["task"] for config in configs] == [{"type": "worker", "index": index} for index in range(3)]
    assert configs[0]["cluster"] == configs[1]["cluster"] == configs[2]["cluster"]


def test_the_ports_are_free_and_of_this_computer_alone():
    addresses = json.loads(distributed.loopback_cluster(20)[0])["cluster"]["worker"]
    assert len(set(addresses)) == 20
    for address in addresses:
        host, port = address.split(":")
        assert host == "127.0.0.1"
        with socket.socket() as free:
            free.bind((host, int(port)))


def test_one_worker_is_a_cluster_too():
    [config] = map(json.loads, distributed.loopback_cluster(1))
    assert len(config["cluster"]["worker"]) == 1


def test_a_cluster_of_nobody_is_refused():
    with pytest.raises(ValueError, match="a cluster needs at least one worker, got 0"):
        distributed.loopback_cluster(0)


IMAGES, TARGETS = np.zeros((4, 784), np.float32), np.eye(10, dtype=np.float32)[:4]


@pytest.mark.parametrize("value", [None, "", " ", "{}", '{"cluster": {}}', '{"task": {"type": "worker", "index": 0}}'])
def test_without_a_cluster_the_training_is_the_ordinary_one(monkeypatch, value):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if value is not None:
        monkeypatch.setenv("TF_CONFIG", value)
    assert not distributed.in_cluster()


def test_with_a_cluster_it_is_not(monkeypatch):
    for config in distributed.loopback_cluster(2):
        monkeypatch.setenv("TF_CONFIG", config)
        assert distributed.in_cluster()


WORKERS = '"cluster": {"worker": ["a:1", "b:1"]}'
BROKEN = {
    "cut short": ("{'cluster", "is not JSON"),
    "a list": ("[1]", "is not a JSON object"),
    "no list": ('{"cluster": {"worker": "a:1"}}', "needs a list of host:port addresses"),
    "unknown job": ('{"cluster": {"boss": ["a:1"]}}', "needs a list of host:port addresses"),
    "no task": (f"{{{WORKERS}}}", "has a cluster, but the type in its task is not a job in that cluster"),
    "another type": (f'{{{WORKERS}, "task": {{"type": "chief", "index": 0}}}}', "is not a job in that cluster"),
    "no index": (f'{{{WORKERS}, "task": {{"type": "worker"}}}}', "needs an index from 0 to 1 in its task"),
    "index past the end": (f'{{{WORKERS}, "task": {{"type": "worker", "index": 2}}}}', "needs an index from 0 to 1"),
    "index in quotes": (f'{{{WORKERS}, "task": {{"type": "worker", "index": "0"}}}}', "needs an index from 0 to 1"),
}


@pytest.mark.parametrize(("value", "message"), BROKEN.values(), ids=BROKEN)
def test_a_cluster_that_can_t_be_read_is_one_line_that_names_the_variable(
    command, monkeypatch, tmp_path, value, message
):
    monkeypatch.setenv("TF_CONFIG", value)
    status, out, err = command("train", "--out", tmp_path / "out")
    assert (status, out) == (2, "")
    [line] = err.splitlines()
    assert line.startswith("tensorbook: TF_CONFIG ")
    assert message in line
    assert value in line
    assert not (tmp_path / "out").exists()


def test_what_chooses_the_strategy_refuses_it_too(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "{")
    with pytest.raises(UsageError, match="TF_CONFIG is not JSON"):
        distributed.choose_strategy()


@pytest.mark.parametrize(
    ("images", "targets", "settings", "message"),
    [
        (IMAGES, TARGETS, {"batch_size": -1}, "batch_size must be at least 1, got -1"),
        (IMAGES, TARGETS, {"batch_size": 0}, "batch_size must be at least 1, got 0"),
        (IMAGES, TARGETS, {"epochs": 0}, "epochs must be at least 1, got 0"),
        (IMAGES, np.eye(10, dtype=np.float32), {}, "got 4 images and 10 targets"),
        (IMAGES, TARGETS[:3], {}, "got 4 images and 3 targets"),
        (IMAGES[:0], TARGETS[:0], {}, "needs at least one image and a target for each, got 0 images and 0 targets"),
    ],
)
def test_what_nothing_can_be_trained_on_is_refused_before_the_training(images, targets, settings, message, tmp_path):
    """All three ways to train give the same message; an untrained network with a loss of 0.0 would be worse."""
    backup = tmp_path / "backup"
    with pytest.raises(ValueError, match=message):
        distributed.fit(tf.distribute.get_strategy(), build_network, images, targets, backup=backup, **settings)
    assert not backup.exists()
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match=f"{message}|fit needs a one-hot row for each image"):
        scratch.Network([scratch.Dense(784, 10, random)]).fit(images, targets, **settings)
    if "epochs" not in settings:  # Keras's own fit takes these
        with pytest.raises(ValueError, match=message):
            fast_fit(build_network(), images, targets, **settings)


def test_one_worker_learns_what_keras_learns_from_the_same_batches():
    images, targets = digits()
    told = []
    ours, history = distributed.fit(
        tf.distribute.get_strategy(), with_sgd, images, targets, epochs=2, progress=lambda *done: told.append(done[:2])
    )
    keras.utils.set_random_seed(0)
    network = with_sgd()
    for epoch in range(2):
        order = np.random.default_rng([0, epoch]).permutation(1100)
        sums = np.zeros(2)
        for start in range(0, 1100, 128):
            chosen = order[start : start + 128]
            loss, accuracy = (float(value) for value in network.train_on_batch(images[chosen], targets[chosen]))
            network.reset_metrics()
            sums += np.array([loss, accuracy]) * len(chosen)
        assert (history["loss"][epoch], history["accuracy"][epoch]) == pytest.approx(sums / 1100, rel=1e-4)
    for learned, expected in zip(ours.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_allclose(learned, expected, rtol=0, atol=1e-5)
    assert told == [(epoch, batch) for epoch in range(2) for batch in range(1, 10)]


def test_without_settings_it_trains_as_the_book_does():
    defaults = {name: one.default for name, one in inspect.signature(distributed.fit).parameters.items()}
    run = Record.load(Path(__file__).parents[1] / "docs/results").run
    assert (defaults["epochs"], defaults["batch_size"], defaults["seed"]) == (run.epochs, run.batch_size, run.seed)


@pytest.fixture(scope="module")
def alone():
    """The result of a single worker that trains with whole batches."""
    network, history = distributed.fit(tf.distribute.get_strategy(), build_network, *digits(), **SETTINGS)
    return network.get_weights(), [history["loss"], history["accuracy"]]


@pytest.fixture
def start(processes, tmp_path):
    """Start a worker."""
    (tmp_path / "tests_of.py").write_text(
        "from tensorbook.data import load_sample, one_hot, prepare_images\n"
        f"SETTINGS = {SETTINGS}\n"
        "def digits():\n"
        "    train = load_sample().train\n"
        "    return prepare_images(train.images[:1100]), one_hot(train.labels[:1100])\n"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])

    def start(**environment):
        return processes.start(
            [sys.executable, "-c", WORKER],
            cwd=tmp_path,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": path, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def finish(workers):
    """Wait for all workers; return their statuses and their output on stderr."""
    written = [worker.communicate(timeout=LIMIT)[1] for worker in workers]
    return [worker.returncode for worker in workers], written


def assert_as_alone(folder, alone):
    weights, history = alone
    with np.load(folder / "weights.npz") as learned:
        for k, expected in enumerate(weights):
            np.testing.assert_allclose(learned[f"arr_{k}"], expected, rtol=0, atol=1e-4)
        np.testing.assert_allclose(learned["history"], history, rtol=0, atol=1e-3)


def test_a_training_that_is_broken_off_goes_on_after_its_last_whole_epoch(tmp_path, alone):
    def learn(progress):
        return distributed.fit(
            tf.distribute.get_strategy(), build_network, *digits(), **SETTINGS, backup=tmp_path / "backup",
            progress=progress,
        )  # fmt: skip

    told, later = {}, {}

    def stop(epoch, batch, logs):
        told[epoch, batch] = logs
        if (epoch, batch) == (2, 4):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(stop)
    assert sorted(path.name for path in (tmp_path / "backup").glob("*.index")) == ["epoch-2.index"]
    network, history = learn(lambda epoch, batch, logs: later.update({(epoch, batch): logs}))
    assert list(later) == [(2, batch) for batch in range(1, 10)]
    assert not (tmp_path / "backup").exists()
    for ours, expected in zip(network.get_weights(), alone[0], strict=True):
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose([history["loss"], history["accuracy"]], alone[1], rtol=0, atol=1e-5)
    for epoch in range(3):
        logs = (told | later)[epoch, 9]
        assert (logs["loss"], logs["accuracy"]) == pytest.approx((history["loss"][epoch], history["accuracy"][epoch]))
    assert told[0, 1]["loss"] == pytest.approx(np.log(10), abs=0.5), "of ten classes, all as likely"
    for (_, batch), logs in told.items():  # a whole number of the images so far was right
        right = logs["accuracy"] * min(batch * 128, 1100)
        assert right == pytest.approx(round(right), abs=1e-3)
        assert 0 <= right <= min(batch * 128, 1100)


@pytest.mark.nightly  # chapter 10 does the same with each change, and its outputs say so
def test_two_workers_with_half_batches_learn_the_weights_of_one_and_go_on_when_one_was_killed(start, tmp_path, alone):
    statuses, written = finish([start(TF_CONFIG=config, DIE="1") for config in distributed.loopback_cluster(2)])
    assert statuses == [1, -signal.SIGKILL]
    assert "told: another worker was lost after 1 complete epoch" in written[0]
    assert "restart all workers, and they will continue from backup" in written[0]
    assert (tmp_path / "backup" / "epoch-1.index").exists()
    statuses, written = finish([start(TF_CONFIG=config) for config in distributed.loopback_cluster(2)])
    assert statuses == [0, 0], written
    assert not (tmp_path / "backup").exists()
    assert_as_alone(tmp_path, alone)


@pytest.mark.nightly  # two workers do the same, and are the harder case
def test_two_devices_of_one_machine_learn_the_weights_of_one(start, tmp_path, alone):
    statuses, written = finish([start(DEVICES="2")])
    assert statuses == [0], written
    assert_as_alone(tmp_path, alone)


# Chapter 10 has a table of these. If these tests fail, Keras's behaviour has changed, and the chapter must be
# rewritten.
KERAS = """
import sys
import keras, numpy as np, tensorflow as tf
from tensorbook.models import build_network
if "several devices" in sys.argv:
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from tensorbook.distributed import choose_strategy
strategy = choose_strategy()
assert strategy.num_replicas_in_sync == 2
arrays = np.random.default_rng(0).random((256, 784), "float32"), np.eye(10, dtype="float32")[np.arange(256) % 10]

class Break(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            raise InterruptedError("a break")

def fit(data, *callbacks):
    with strategy.scope():
        network = build_network()
    try:
        print(network.fit(*data, epochs=3, batch_size=128, verbose=0, callbacks=callbacks).epoch)
    except Exception as error:
        print(type(error).__name__ + ":", *str(error).splitlines())

fit(arrays)
fit([tf.data.Dataset.from_tensor_slices(arrays).batch(128)])
fit(arrays, keras.callbacks.BackupAndRestore("backup"), Break())
fit(arrays, keras.callbacks.BackupAndRestore("backup"))
"""


@pytest.fixture
def keras_says(processes):
    def start(folder, *arguments, **environment):
        return processes.start(
            [sys.executable, "-W", "ignore", "-c", KERAS, *arguments],
            cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start


@pytest.mark.nightly  # versions are pinned, and this tests Keras
def test_keras_fit_still_refuses_several_workers_in_the_words_of_chapter_10(keras_says, tmp_path):
    workers = []
    for index, config in enumerate(distributed.loopback_cluster(2)):
        (tmp_path / str(index)).mkdir()
        workers.append(keras_says(tmp_path / str(index), TF_CONFIG=config))
    page = (Path(__file__).parents[1] / "docs" / "10-more-machines.md").read_text(encoding="utf-8")
    beginning, end = re.search(r"(?ms)^(ValueError: .*?)\n…\n(.*?)$", page).groups()
    assert "PerReplica" in beginning
    said = [worker.communicate(timeout=LIMIT)[0].splitlines() for worker in workers]
    for refusals in said:
        assert len(refusals) == 4
        for refusal in refusals:
            assert refusal.startswith(beginning)
            assert refusal.endswith(end)
    assert not list(tmp_path.glob("*/backup/*.h5")), "nothing was backed up"


@pytest.mark.nightly  # waits for a process that trains four times
def test_keras_fit_runs_on_several_devices_and_goes_on_after_a_break(keras_says, tmp_path):
    said, _ = keras_says(tmp_path, "several devices").communicate(timeout=LIMIT)
    assert said.splitlines() == ["[0, 1, 2]", "[0, 1, 2]", "InterruptedError: a break", "[1, 2]"]


# `tensorbook train` whose second worker kills itself with SIGKILL in the second epoch, as long as a file says so.
DYING = """
import json, os, signal
from tensorbook import distributed
fit = distributed.fit

def dying(*data, **settings):
    def progress(epoch, batches, logs):
        if epoch == 1:
            os.kill(os.getpid(), signal.SIGKILL)
    return fit(*data, **settings, progress=progress)

if json.loads(os.environ["TF_CONFIG"])["task"]["index"] == 1 and os.path.exists("die"):
    distributed.fit = dying
from tensorbook.cli.run_command import main
main()
"""
TRAIN = f"""
import sys
from tensorbook import worker_processes
worker_processes.COMMAND = (sys.executable, "-c", {DYING!r})
from tensorbook.cli.run_command import main
main()
"""


@pytest.mark.nightly  # test_worker_processes and the tests above cover the parts during the day
def test_a_killed_worker_of_train_is_named_and_the_same_command_goes_on(processes, tmp_path):
    arguments = ["train", "--workers=2", "--epochs=3", "--batch-size=512", "--out=results"]
    environment = {**os.environ, "TENSORBOOK_MNIST": "sample", "TF_CPP_MIN_LOG_LEVEL": "3"}
    (tmp_path / "die").touch()
    killed = processes.run([sys.executable, "-c", TRAIN, *arguments], cwd=tmp_path, env=environment)
    assert killed.returncode == 2
    assert killed.stderr.startswith("tensorbook: worker 2 of 2 was killed by SIGKILL; the others were stopped.")
    assert "Run the same command again: it continues after the last finished epoch." in killed.stderr
    assert [path.name for path in tmp_path.glob("results/.backup-*/epoch-*.index")] == ["epoch-1.index"]
    (tmp_path / "die").unlink()
    processes.run([sys.executable, "-c", TRAIN, *arguments], cwd=tmp_path, env=environment, check=True)
    record = json.loads((tmp_path / "results" / "run.json").read_text())
    losses = record["history"]["loss"]
    assert len(losses) == 3
    assert min(losses) > 0, "epochs before the kill are in the history, too"
    assert not list(tmp_path.glob("results/.backup-*"))
