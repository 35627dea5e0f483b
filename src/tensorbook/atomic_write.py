"""Results that are whole: what a run wrote takes the place of the earlier results in one step, or not at all.

Files can only be moved one by one, and a process can be killed between two moves. So the new files are gathered in a
folder, and it is the renaming of that folder that counts: before it, the results are the earlier ones; after it, the
new ones, and whoever reads or writes results next finishes the moves that are left.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from tensorbook.data.leftovers import sweep

READY = ".ready"
PREFIX = ".new-"


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Hand out an empty folder for new results; where the block ends well, they take their places in ``out``.

    Where it does not, or the process is killed, ``out`` holds what it held.

    Args:
        out: The results folder; it is made if it is not there. Files in it that have no new version stay.

    Raises:
        OSError: The folder can't be written to: known before the block, not after it.
    """
    out.mkdir(parents=True, exist_ok=True)
    sweep(out, PREFIX)
    # Named before it is made: a Ctrl-C between the two would leave a folder that nobody knows of.
    folder = out / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        new = folder / "new"
        new.mkdir(parents=True)
        yield new
        with _alone(out):
            _move(out)
            new.rename(out / READY)
            _move(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write one file that is whole at every moment: what was there before stays until all of the new one is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def settle(out: Path) -> None:
    """Finish the moves of a process that was killed between them; without any, nothing is done."""
    if (out / READY).is_dir():
        with _alone(out):
            _move(out)


def _move(out: Path) -> None:
    ready = out / READY
    if not ready.is_dir():
        return
    # Records last: who looks on without `settle` sees a record only with its files.
    files = sorted((path for path in ready.rglob("*") if path.is_file()), key=lambda path: path.suffix == ".json")
    for path in files:
        place = out / path.relative_to(ready)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    shutil.rmtree(ready)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process moves files in a folder; the lock ends with the process that holds it."""
    try:
        import fcntl
    except ImportError:  # Windows has none; there, two trainings into one folder at once are not kept apart
        yield
        return
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
