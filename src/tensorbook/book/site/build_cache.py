"""What a build has made, kept for the next build under the hash of everything that went into it.

The files are in `.cache`, which git ignores. Each file starts with its own hash, so a damaged file is made again. A
file that a build did not use is deleted.
"""

import contextlib
import hashlib
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import tensorbook
from tensorbook.atomic_write import write_atomically
from tensorbook.errors import OutputError
from tensorbook.run_record import sha256_of

FOLDER = Path(".cache/tensorbook-site")


def sources(folder: Path) -> str:
    """Return the hash of all files in a folder, with their names."""
    return _hash_of(folder, os.walk(folder))


def own_files(folder: Path) -> str:
    """Return the hash of the files in a folder, with their names, but not of those in its subfolders."""
    return _hash_of(folder, itertools.islice(os.walk(folder), 1))


def _hash_of(folder: Path, found: Iterable[tuple[str, list[str], list[str]]]) -> str:
    paths = [f"{place}/{name}" for place, _, names in found if not place.endswith("__pycache__") for name in names]
    digest = hashlib.sha256()
    for path in sorted(filter(os.path.isfile, paths)):
        with open(path, "rb") as file:  # noqa: PTH123  # `pathlib` would take longer than reading the files
            content = file.read()
        digest.update(f"{os.path.relpath(path, folder)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


# The code that makes the site in this process: `mkdocs serve` keeps running the code that it started with.
MAKER = [
    sys.version,
    sources(Path(tensorbook.__file__).parent),
    # `Markdown-3.7.dist-info` and so on: asking `importlib.metadata` takes longer than rendering a page.
    sorted({found.name for folder in sys.path for found in Path(folder).glob("*-info")}),
]


def digest(*parts: Any) -> str:
    """Return a hash of values that JSON can represent, and of the text of other values."""
    return sha256_of(json.dumps(parts, default=str, sort_keys=True).encode())


class BuildCache:
    """What one build reads and adds.

    Args:
        project: The folder of ``mkdocs.yml``.
    """

    def __init__(self, project: Path) -> None:
        """Start a build that has used nothing yet."""
        self.folder = project / FOLDER
        self.used: set[Path] = set()

    def path(self, kind: str, *inputs: Any) -> Path:
        """Return the path of the file for something made from inputs; it may not exist."""
        path = self.folder / f"{kind}-{digest(MAKER, inputs)}"
        self.used.add(path)
        return path

    def read(self, path: Path) -> bytes | None:
        """Return the content kept in a file, or None if the file is missing or damaged."""
        try:
            checked, _, content = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        return content if checked == sha256_of(content).encode() else None

    def keep(self, path: Path, content: bytes) -> None:
        """Write what was made. If that fails, it will be made again next time."""
        with contextlib.suppress(OSError, OutputError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, sha256_of(content).encode() + b"\n" + content)

    def values(self, make: Callable[[], Any], kind: str, *inputs: Any) -> Any:
        """Return values that JSON can represent; they are made only if they were not kept."""
        path = self.path(kind, *inputs)
        if (kept := self.read(path)) is not None:
            return json.loads(kept)
        made = make()
        self.keep(path, json.dumps(made).encode())
        return made

    def files(self, make: Callable[[], dict[str, bytes]], kind: str, *inputs: Any) -> dict[str, bytes]:
        """Return the contents of files by their names; they are made only if they were not kept."""
        path = self.path(kind, *inputs)
        if (kept := self.read(path)) is not None:
            sizes, _, rest = kept.partition(b"\n")
            files, start = {}, 0
            for name, size in json.loads(sizes).items():
                files[name] = rest[start : start + size]
                start += size
            return files
        files = make()
        sizes = json.dumps({name: len(content) for name, content in files.items()}).encode()
        self.keep(path, b"\n".join([sizes, b"".join(files.values())]))
        return files

    def forget_unused(self) -> None:
        """Delete what this build did not use."""
        for path in self.folder.glob("*"):
            if path not in self.used:
                path.unlink(missing_ok=True)
