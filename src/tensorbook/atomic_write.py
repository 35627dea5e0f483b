"""Results that are whole: what a run wrote takes the place of the earlier results in one step, or not at all.

Files can only be moved one by one, and a process can be killed between two moves. So the new files are gathered in a
folder, and it is the renaming of that folder that counts: before it, the results are the earlier ones; after it, the
new ones, and whoever reads or writes results next finishes the moves that are left.
"""

import contextlib
import errno
import os
import secrets
import shutil
import signal
import threading
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from tensorbook.data.leftovers import sweep
from tensorbook.errors import OutputError

READY = ".ready"
PREFIX = ".new-"
ROOM = 4 * 2**20  # bytes: twice what the largest results have
# What a disk says when it takes no more; any other error of a block that writes results is a fault of ours.
REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Hand out an empty folder for new results; where the block ends well, they take their places in ``out``.

    Where it does not, or the process is killed, ``out`` holds what it held; a folder that was made for it is removed.

    Args:
        out: The results folder; it is made if it is not there. Files in it that have no new version stay.

    Raises:
        OutputError: The folder can't be written to, or has no room: known before the block, not after it.
    """
    with results_folder(out):
        sweep(out, PREFIX)
        # Named before it is made: a Ctrl-C between the two would leave a folder that nobody knows of. The number of the
        # process is for who starts it and may have to clean up behind it.
        folder = out / f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
        try:
            new = folder / "new"
            with _named(out):
                new.mkdir(parents=True)
                (folder / "room").write_bytes(bytes(ROOM))
                (folder / "room").unlink()
            yield new
            with _alone(out):
                _move(out)
                new.rename(out / READY)
                _move(out)
        finally:
            with unbroken():
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def results_folder(out: Path) -> Iterator[None]:
    """Make a folder for the time of a block; where nothing is in it afterwards, leave none behind.

    Raises:
        OutputError: It can't be made, or the block could not write into it.
    """
    made: list[Path] = []
    try:
        with _named(out):
            made = [folder for folder in (out, *out.parents) if not folder.exists()]
            if out.exists() and not out.is_dir():
                raise OutputError(f"Results need a folder, and {out} is a file: name a folder.")
            out.mkdir(parents=True, exist_ok=True)
        with _named(out, REFUSALS):
            yield
    finally:
        with unbroken(), contextlib.suppress(OSError):
            for folder in made:
                folder.rmdir()  # what is not empty stays, and so does what it is in


def check_writable(out: Path) -> None:
    """Find out before the work whether its results can be written to a folder, and leave nothing there.

    Raises:
        OutputError: They can't.
    """
    with results_folder(out), contextlib.suppress(_Tried), staged(out):
        raise _Tried


class _Tried(Exception):  # noqa: N818  # no error: it ends a block whose results are not wanted
    pass


def discard(out: Path, processes: Iterable[int]) -> None:
    """Remove what some processes, which are no more, were about to write to a results folder."""
    for process in processes:
        for folder in out.glob(f"{PREFIX}{process}-*"):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def unbroken() -> Iterator[None]:
    """Let a Ctrl-C that comes during a block take effect after it: for cleaning up, and for what must not be lost."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Ctrl-C goes to the main thread only
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


@contextlib.contextmanager
def _named(out: Path, errors: Container[int | None] | None = None) -> Iterator[None]:
    """Turn errors of the system, those numbers or all, into one that names the folder that a person knows."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        if errors is not None and error.errno not in errors:
            raise
        raise OutputError(
            f"Nothing can be written to the folder {out} ({error.strerror or error}): name another folder."
        ) from None


def write_whole(path: Path, text: str) -> None:
    """Write one file that is whole at every moment: what was there before stays until all of the new one is there.

    Raises:
        OutputError: The folder can't be written to.
    """
    with results_folder(path.parent):
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            new.write_text(text, encoding="utf-8")
            new.replace(path)
        finally:
            with unbroken():
                new.unlink(missing_ok=True)


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
