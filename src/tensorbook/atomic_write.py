"""Atomic writes: a new version is written beside the old one, then replaces it in one step."""

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
OLD = 24 * 60 * 60  # seconds; the process that made a newer temporary folder may still be running
ROOM = 4 * 2**20  # bytes: more than our largest results, those of the book's run, need; a test checks this
# Errors of a full or read-only disk. Any other error in a block that writes results is a bug.
REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}


@contextlib.contextmanager
def staging_folder(out: Path) -> Iterator[Path]:
    """Provide an empty folder for new results, which are moved to ``out`` if the block succeeds.

    If the block fails or the process is killed, ``out`` is unchanged; if it was newly created, it is removed.
    Each file is replaced in one step, and the records come last: once the new record, which lists its files with their
    SHA-256, is in place, so are all the new files.

    Args:
        out: The results folder, created if it is missing. Files that have no new version stay.

    Raises:
        OutputError: The folder can't be written to or the disk is full; this is checked before the block runs.
    """
    with results_folder(out):
        remove_abandoned(out, PREFIX)
        # The name is chosen before the folder is made, so that a Ctrl-C in between leaves no unknown folder. It has
        # the process id so that a parent process can clean up.
        new = out / f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
        try:
            with _as_output_errors(out):
                new.mkdir()
                (new / "room").write_bytes(bytes(ROOM))
                (new / "room").unlink()
            yield new
            with defer_interrupt():
                _move(new, out)
        finally:
            with defer_interrupt():
                shutil.rmtree(new, ignore_errors=True)


@contextlib.contextmanager
def results_folder(out: Path) -> Iterator[None]:
    """Create a folder for a block, and remove it afterwards if it is empty.

    Raises:
        OutputError: It can't be created, or the block can't write to it.
    """
    made: list[Path] = []
    try:
        with _as_output_errors(out):
            made = [folder for folder in (out, *out.parents) if not folder.exists()]
            if out.exists() and not out.is_dir():
                raise OutputError(f"Results need a folder, but {out} is a file: choose a different path.")
            out.mkdir(parents=True, exist_ok=True)
        with _as_output_errors(out, REFUSALS):
            yield
    finally:
        with defer_interrupt(), contextlib.suppress(OSError):
            for folder in made:
                folder.rmdir()  # fails for a folder with files, which stays, as do its parents


def check_writable(out: Path) -> None:
    """Check in advance that results can be written to a folder, and leave nothing behind.

    Raises:
        OutputError: They can't be written.
    """
    with results_folder(out), contextlib.suppress(_Rollback), staging_folder(out):
        raise _Rollback


class _Rollback(Exception):  # noqa: N818  # not an error: it ends a block and discards its results
    pass


def remove_unfinished(out: Path, processes: Iterable[int]) -> None:
    """Remove the unfinished results that processes left in a results folder; they must have ended."""
    for process in processes:
        for folder in out.glob(f"{PREFIX}{process}-*"):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def defer_interrupt() -> Iterator[None]:
    """Delay Ctrl-C until the block has ended, for cleanup and for steps that must not be interrupted."""
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
def _as_output_errors(out: Path, errors: Container[int | None] | None = None) -> Iterator[None]:
    """Turn system errors (all of them, or those with the given numbers) into an error that names the results folder."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        if errors is not None and error.errno not in errors:
            raise
        raise OutputError(
            f"Can't write to the folder {out} ({error.strerror or error}): choose a different folder."
        ) from None


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file in one step: the old content stays until the new content is complete.

    Args:
        path: The file.
        content: Its new content; text is encoded as UTF-8.

    Raises:
        OutputError: The folder can't be written to.
    """
    with results_folder(path.parent):
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            new.write_bytes(content.encode() if isinstance(content, str) else content)
            new.replace(path)
        finally:
            with defer_interrupt():
                new.unlink(missing_ok=True)


def _move(new: Path, out: Path) -> None:
    files = (path for path in new.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda path: path.suffix == ".json"):
        place = out / path.relative_to(new)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


def remove_abandoned(folder: Path, prefix: str) -> None:
    """Remove temporary folders that killed processes left more than a day ago, as far as possible.

    Args:
        folder: The folder that contains them.
        prefix: The beginning of their names.
    """
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(prefix) and path.is_dir() and time.time() - path.stat().st_mtime > OLD:
                shutil.rmtree(path, ignore_errors=True)
