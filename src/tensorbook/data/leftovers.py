"""What killed processes left: temporary folders that nobody is going to use any more."""

import contextlib
import shutil
import time
from pathlib import Path

OLD = 24 * 60 * 60  # seconds; whoever made a younger one may still be at work


def sweep(folder: Path, prefix: str) -> None:
    """Remove temporary folders that are older than a day; one that can't be removed is left.

    Args:
        folder: Where they are.
        prefix: What their names begin with.
    """
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(prefix) and path.is_dir() and time.time() - path.stat().st_mtime > OLD:
                shutil.rmtree(path, ignore_errors=True)
