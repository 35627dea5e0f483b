"""Files that are whole at every moment: a new version is written beside the old one, and then takes its place."""

import contextlib
import errno
import os
import secrets
import shutil
import signal
import threading
import time
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from tensorbook.errors import OutputError

PREFIX = ".new-"
OLD = 24 * 60 * 60  # seconds; whoever made a younger temporary folder may still be at work
ROOM = 4 * 2**20  # bytes: twice what the largest results have
# What a disk says when it takes no more; any other error of a block that writes results is a fault of ours.
REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Hand out an empty folder for new results; where the block ends well, they take their places in ``out``.

    Where it does not, or the process is killed, ``out`` holds what it held; a folder that was made for it is removed.
    Each file is replaced whole, the records last: a record that names its files by their SHA-256 is either the earlier
    one, or all of the new files are there.

    Args:
        out: The results folder; it is made if it is not there. Files in it that have no new version stay.

    Raises:
        OutputError: The folder can't be written to, or has no room: known before the block, not after it.
    """
    with results_folder(out):
        sweep(out, PREFIX)
        # Named before it is made: a Ctrl-C between the two would leave a folder that nobody knows of. The number of the
        # process is for who starts it and may have to clean up behind it.
        new = out / f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
        try:
            with _named(out):
                new.mkdir()
                (new / "room").write_bytes(bytes(ROOM))
                (new / "room").unlink()
            yield new
            with unbroken():
                _move(new, out)
        finally:
            with unbroken():
                shutil.rmtree(new, ignore_errors=True)


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


def _move(new: Path, out: Path) -> None:
    files = (path for path in new.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda path: path.suffix == ".json"):
        place = out / path.relative_to(new)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


def sweep(folder: Path, prefix: str) -> None:
    """Remove temporary folders that killed processes left more than a day ago; one that can't be removed is left.

    Args:
        folder: Where they are.
        prefix: What their names begin with.
    """
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(prefix) and path.is_dir() and time.time() - path.stat().st_mtime > OLD:
                shutil.rmtree(path, ignore_errors=True)
