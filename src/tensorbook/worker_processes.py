"""``tensorbook train --workers N``: train with N processes on this computer, connected by the loopback address."""

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

from tensorbook.atomic_write import defer_interrupt, remove_unfinished, results_folder
from tensorbook.data import Mnist, identify, one_hot, prepare_images
from tensorbook.distributed import loopback_cluster
from tensorbook.errors import WorkerError

COMMAND = (sys.executable, "-m", "tensorbook")
LOOK_EVERY = 0.1  # seconds


def backup_folder(out: Path, data: Mnist, epochs: int, batch_size: int, seed: int) -> Path:
    """Return the checkpoint folder from which an interrupted training run with these settings can resume."""
    return out / f".backup-{identify(data)}-{epochs}-{batch_size}-{seed}"


def run_workers(arguments: Sequence[str], workers: int, out: Path) -> None:
    """Run ``tensorbook`` with the same arguments in several workers at once, until all are done or one fails.

    The first worker writes the results, and its output is shown. If a worker fails, the others are stopped, since
    without it they would hang or fail one by one.

    Args:
        arguments: The command-line arguments of each worker.
        workers: Number of workers, at least 1.
        out: The results folder; the workers' unfinished results in it are removed.

    Raises:
        WorkerError: A worker failed or was killed; the message says which, and how to continue.
        OutputError: The folder can't be created.
    """
    with ExitStack() as stack:
        stack.enter_context(results_folder(out))
        processes: list[subprocess.Popen[bytes]] = []
        stack.callback(_stop, processes, out)
        errors: list[IO[bytes]] = []
        for config in loopback_cluster(workers):
            errors.append(stack.enter_context(tempfile.TemporaryFile()))
            with defer_interrupt():  # a started process must be in the list of processes to stop
                processes.append(
                    subprocess.Popen(  # noqa: S603  # this same program
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
    status, index = min(
        ended
    )  # a killed worker has a negative status, so it sorts before those that lost contact with it
    if status < 0:
        what = f"was killed by {signal.Signals(-status).name}"
    else:
        errors[index].seek(0)
        lines = errors[index].read().decode(errors="replace").strip().splitlines()
        what = f"failed: {lines[-1].removeprefix('tensorbook: ') if lines else f'exit status {status}'}"
    raise WorkerError(
        f"worker {index + 1} of {len(processes)} {what}; the others were stopped. Run the same command again: "
        "it continues after the last finished epoch."
    )


def _stop(processes: Sequence[subprocess.Popen[bytes]], out: Path) -> None:
    with defer_interrupt():
        for process in processes:
            process.kill()  # TensorFlow's workers ignore SIGTERM
        for process in processes:
            process.wait()
        remove_unfinished(
            out, (process.pid for process in processes)
        )  # killed processes can't clean up after themselves


def join_cluster(out: Path, data: Mnist, epochs: int, batch_size: int, seed: int) -> tuple[Callable[..., Any], bool]:
    """Join the cluster in ``TF_CONFIG``; return the training function and whether this is the first worker.

    The function replaces ``fit`` in ``train_and_evaluate``. Other workers pass it to ``train_without_saving``.
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


def train_without_saving(learn: Callable[..., Any], data: Mnist) -> None:
    """Take part in the training; the first worker writes the results."""
    learn(prepare_images(data.train.images), one_hot(data.train.labels))
