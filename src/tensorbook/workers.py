"""``tensorbook train --workers N``: N processes on this computer that learn together over the loopback address."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any

from tensorbook.atomic_write import discard, results_folder, unbroken
from tensorbook.data import Mnist, identify, one_hot, prepare_images
from tensorbook.distributed import loopback_cluster
from tensorbook.errors import WorkerError

COMMAND = (sys.executable, "-m", "tensorbook")
LOOK_EVERY = 0.1  # seconds


def backup_folder(out: Path, data: Mnist, epochs: int, batch_size: int, seed: int) -> Path:
    """Return where a training with these settings saves what it needs to go on when it is broken off."""
    return out / f".backup-{identify(data)}-{epochs}-{batch_size}-{seed}"


def run_workers(arguments: Sequence[str], workers: int, out: Path) -> None:
    """Run ``tensorbook`` with some arguments as many workers at once, until all are done or one fails.

    The first worker, which writes the results, shows what it prints. If one ends badly the others are stopped:
    without it they would wait, or fail one by one.

    Args:
        arguments: Those of one worker's command line.
        workers: How many, at least 1.
        out: Their results folder; what the first one had not finished writing there is removed.

    Raises:
        WorkerError: A worker was ended or failed; the message says which, and how to go on.
        OutputError: The folder can't be made.
    """
    with ExitStack() as stack:
        stack.enter_context(results_folder(out))
        processes: list[subprocess.Popen[bytes]] = []
        stack.callback(_stop, processes, out)
        errors: list[IO[bytes]] = []
        for config in loopback_cluster(workers):
            errors.append(stack.enter_context(tempfile.TemporaryFile()))
            with unbroken():  # a process that has started is in the list of those to be stopped
                processes.append(
                    subprocess.Popen(  # noqa: S603  # this very program
                        [*COMMAND, *arguments],
                        env={**os.environ, "TF_CONFIG": config},
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL if processes else None,
                        stderr=errors[-1],
                    )
                )
        while any(process.poll() is None for process in processes):
            _check(processes, errors)
            time.sleep(LOOK_EVERY)
        _check(processes, errors)


def _check(processes: Sequence[subprocess.Popen[bytes]], errors: Sequence[IO[bytes]]) -> None:
    ended = [(process.returncode, index) for index, process in enumerate(processes) if process.poll()]
    if not ended:
        return
    status, index = min(ended)  # a signal is a negative status: who was killed comes before who missed them
    if status < 0:
        what = f"was ended by {signal.Signals(-status).name}"
    else:
        errors[index].seek(0)
        lines = errors[index].read().decode(errors="replace").strip().splitlines()
        what = f"failed: {lines[-1].removeprefix('tensorbook: ') if lines else f'exit status {status}'}"
    raise WorkerError(
        f"worker {index + 1} of {len(processes)} {what}; the others were stopped. Run the same command again: "
        "it goes on after the last epoch that was finished."
    )


def _stop(processes: Sequence[subprocess.Popen[bytes]], out: Path) -> None:
    with unbroken():
        for process in processes:
            process.kill()  # TensorFlow's workers catch a polite SIGTERM and go on
        for process in processes:
            process.wait()
        discard(out, (process.pid for process in processes))  # they could not do it themselves


def join(out: Path, data: Mnist, epochs: int, batch_size: int, seed: int) -> tuple[Callable[..., Any], bool]:
    """Join the cluster of ``TF_CONFIG``; return what trains a network in it, and whether this is the first worker.

    It takes the place of ``fit`` in ``train_and_evaluate``. Other workers call ``work_along`` with it.
    """
    from tensorbook import distributed
    from tensorbook.models import build_network

    strategy = distributed.choose_strategy()
    learn = partial(
        distributed.fit,
        strategy,
        build_network,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        backup=backup_folder(out, data, epochs, batch_size, seed),
    )
    return learn, distributed.is_chief(strategy)


def work_along(learn: Callable[..., Any], data: Mnist) -> None:
    """Take one's share of the training and leave writing the results to the first worker."""
    learn(prepare_images(data.train.images), one_hot(data.train.labels))
