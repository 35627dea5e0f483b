"""Several processes as workers: each gets its index, a worker that fails is named, and the others are stopped.

Small scripts stand for `tensorbook train`; `tests/test_distributed.py` has the training itself.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tensorbook import distributed, worker_processes
from tensorbook.data import Mnist, Split, load_sample, one_hot, prepare_images
from tensorbook.worker_processes import backup_folder, join_cluster, run_workers, train_without_saving

PLACE = "import json, os, pathlib, sys, time\nplace = json.loads(os.environ['TF_CONFIG'])['task']['index']\n"


@pytest.fixture
def script(monkeypatch):
    """Let workers run some lines of Python instead of the command line; `place` is the worker's index."""

    def write(lines):
        monkeypatch.setattr(worker_processes, "COMMAND", (sys.executable, "-c", PLACE + lines))

    return write


def test_each_worker_knows_the_others_and_only_the_first_shows_what_it_prints(script, tmp_path, capfd):
    script(
        "pathlib.Path(sys.argv[2], str(place)).write_text(os.environ['TF_CONFIG'])\n"
        "print('printed by', place, sys.argv[1], sys.stdin.read())\nprint('a warning', file=sys.stderr)\n"
    )
    run_workers(["train", str(tmp_path)], 3, tmp_path)
    assert capfd.readouterr() == ("printed by 0 train \n", "")
    configs = [json.loads((tmp_path / str(place)).read_text()) for place in range(3)]
    assert [config["task"] for config in configs] == [{"type": "worker", "index": place} for place in range(3)]
    assert len({json.dumps(config["cluster"]) for config in configs}) == 1
    assert len({*configs[0]["cluster"]["worker"]}) == 3


def test_the_last_that_is_done_is_waited_for(script, tmp_path):
    script("time.sleep(0.6 * place)\npathlib.Path(sys.argv[1], str(place)).touch()\n")
    run_workers([str(tmp_path)], 2, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1"]


# The second worker ends as soon as the first has completely written its number.
FAILS = """
pid = pathlib.Path(sys.argv[1])
if place == 1:
    while not pid.exists():
        time.sleep(0.02)
    {}
pid.with_suffix(".new").write_text(str(os.getpid()))
pid.with_suffix(".new").rename(pid)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("end", "what"),
    [
        ("sys.exit('a line\\nanother\\ntensorbook: There is no data.')", "failed: There is no data."),
        ("sys.exit('tensorbook: One line.')", "failed: One line."),
        ("sys.exit(3)", "failed: exit status 3"),
        ("os.kill(os.getpid(), 9)", "was killed by SIGKILL"),
        # SIGHUP, which is 1, even if these tests run under nohup
        ("import signal; signal.signal(1, signal.SIG_DFL); os.kill(os.getpid(), 1)", "was killed by SIGHUP"),
    ],
)
def test_a_worker_that_ends_badly_is_named_and_the_others_are_stopped(script, tmp_path, end, what):
    pid = tmp_path / "pid"
    script(FAILS.format(end))
    with pytest.raises(ChildProcessError) as error:
        run_workers([str(pid)], 2, tmp_path)
    assert str(error.value) == (
        f"worker 2 of 2 {what}; the others were stopped. Run the same command again: "
        "it continues after the last finished epoch."
    )
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_who_was_killed_is_named_before_who_failed_for_the_lack_of_it(script, monkeypatch, tmp_path):
    check = worker_processes._check

    def check_when_both_have_ended(processes, errors):
        for process in processes:
            process.wait(timeout=60)
        check(processes, errors)

    monkeypatch.setattr(worker_processes, "_check", check_when_both_have_ended)
    script(f"os.kill(os.getpid(), {int(signal.SIGTERM)}) if place else sys.exit('a worker is gone')\n")
    with pytest.raises(ChildProcessError, match="worker 2 of 2 was killed by SIGTERM; the others"):
        run_workers([str(tmp_path)], 2, tmp_path)


def test_workers_are_stopped_by_force_when_the_waiting_is_broken_off(script, tmp_path, monkeypatch):
    """Like TensorFlow's workers, they ignore SIGTERM."""
    script(
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "pathlib.Path(sys.argv[1], str(place)).write_text(str(os.getpid()))\ntime.sleep(60)\n"
    )

    def interrupt(seconds):
        time_sleep(seconds)
        if len([path for path in tmp_path.iterdir() if path.read_text()]) == 2:
            raise KeyboardInterrupt

    time_sleep = time.sleep
    monkeypatch.setattr(worker_processes.time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_workers([str(tmp_path)], 2, tmp_path)
    for place in ("0", "1"):
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / place).read_text()), 0)


@pytest.fixture(scope="module")
def few():
    train, test = load_sample()
    return Mnist(Split(train.images[:64], train.labels[:64]), Split(test.images[:9], test.labels[:9]))


def test_a_backup_is_of_one_training_alone(few):
    out = Path("out")
    assert backup_folder(out, load_sample(), 5, 128, 0) == Path("out/.backup-sample-5-128-0")
    assert backup_folder(out, few, 6, 7, 8) == Path("out/.backup-other-6-7-8")


@pytest.mark.parametrize("first", [True, False])
def test_a_worker_joins_with_its_settings_and_works_along(few, monkeypatch, tmp_path, first):
    fitted = []
    monkeypatch.setattr(distributed, "choose_strategy", lambda: "all of them")
    monkeypatch.setattr(distributed, "is_chief", lambda strategy: strategy == "all of them" and first)
    monkeypatch.setattr(distributed, "fit", lambda *given, **settings: fitted.append((given, settings)))
    learn, is_first = join_cluster(tmp_path, few, 2, 16, 3)
    assert is_first == first
    train_without_saving(learn, few)
    [((strategy, build, images, targets), settings)] = fitted
    assert strategy == "all of them"
    assert build().count_params() == 407_050
    assert (images == prepare_images(few.train.images)).all()
    assert (targets == one_hot(few.train.labels)).all()
    assert settings == {
        "epochs": 2, "batch_size": 16, "seed": 3, "backup": tmp_path / ".backup-other-2-16-3",
    }  # fmt: skip
