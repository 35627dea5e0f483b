"""``tensorbook mutants``: faults put into the library one at a time, to see which of them its tests notice.

cosmic-ray makes the faults. Each is tried in a copy of the project, by the tests of the module that it is in.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from tensorbook.book.record import RESULTS
from tensorbook.book.warm import Warm
from tensorbook.book.whole import write_whole
from tensorbook.data import DataError

MUTANTS_FILE = "mutants.json"
PROJECT = Path(__file__).parents[3]
COPIED = ("src", "tests", "docs", "pyproject.toml", "README.md", "mkdocs.yml")
WARM = ("pytest", "numpy", "matplotlib.pyplot", "hypothesis", "sybil", "PIL.Image", "tensorflow", "keras")
# A fault that makes the tests take so many times as long, and so many seconds, is noticed by that.
LONGER, LEAST = 5, 20
# The tests of each module that the chapters teach, or that marks their exercises; its own docstrings are always among
# them.
TESTS = {
    "ops": ("tests/test_ops.py",),
    "scratch": ("tests/test_scratch.py",),
    "models": ("tests/test_models.py",),
    "training": ("tests/test_training.py",),
    "distributed": ("tests/test_distributed.py",),
    "cluster": ("tests/test_cluster.py",),
    "plotting": ("tests/test_plotting.py", "tests/test_pictures.py"),
    "curves": ("tests/test_curves.py", "tests/test_pictures.py"),
    "photos": ("tests/test_photos.py", "tests/test_pictures.py"),
    "drawings": ("tests/test_drawings.py", "tests/test_drawings_slowly.py"),
    "exercises/answers": ("tests/test_exercises.py",),
    "exercises/marking": ("tests/test_exercises.py",),
    "data/prepare": ("tests/data/test_prepare.py",),
    "data/identity": ("tests/data/test_identity.py", "tests/data/test_npz.py"),
    "data/idx": ("tests/data/test_idx.py",),
    "data/npz": ("tests/data/test_npz.py",),
    "data/streams": ("tests/data/test_streams.py", "tests/data/test_idx.py", "tests/data/test_npz.py"),
    "data/sample": ("tests/data/test_sample.py",),
    "data/sources": (
        "tests/data/test_sources.py",
        "tests/data/test_mnist.py",
        "tests/data/test_sample.py",
        "tests/data/test_download.py",
    ),
    "data/leftovers": ("tests/data/test_disks.py",),
    "data/cache": ("tests/data/test_download.py", "tests/data/test_disks.py"),
    "data/download": ("tests/data/test_download.py", "tests/data/test_networks.py"),
}


@dataclass(frozen=True)
class Mutant:
    """A fault that no test noticed: the line that it is in, without it and with it."""

    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Tried:
    """All faults of one module: how many there were, and those that no test noticed."""

    faults: int
    unnoticed: list[Mutant]

    @property
    def noticed(self) -> int:
        """Return how many were noticed."""
        return self.faults - len(self.unnoticed)


def load_mutants(results: Path = RESULTS) -> dict[str, Tried]:
    """Read what was tried of each module, by the module's name; nothing where nothing was tried yet.

    Raises:
        DataError: The file is there and can't be read.
    """
    path = results / MUTANTS_FILE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Tried(tried["faults"], [Mutant(**mutant) for mutant in tried["unnoticed"]])
            for name, tried in raw.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} can't be read ({error!r}): run `tensorbook mutants` to make it anew.") from None


def try_mutants(
    modules: Iterable[str],
    results: Path,
    *,
    workers: int = 2,
    progress: Callable[[str, int, int], object] = lambda _module, _done, _all: None,
) -> dict[str, Tried]:
    """Put every fault that cosmic-ray knows into some modules, one at a time, and run the tests of the module.

    Args:
        modules: Names as in ``TESTS``.
        results: The results folder; what was tried of other modules stays in its record.
        workers: How many faults are tried at once.
        progress: Called after each fault with the module, how many were tried in it, and how many there are.

    Returns:
        What was tried now.

    Raises:
        ValueError: A module is not known, or its tests fail without any fault.
    """
    tried = {}
    with ExitStack() as stack:
        copies: SimpleQueue[_Copy] = SimpleQueue()
        for _ in range(workers):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tensorbook-mutants-")))
            copies.put(_Copy(_copy(folder), stack.enter_context(Warm(WARM))))
        for module in modules:
            if module not in TESTS:
                raise ValueError(f"no module {module!r} to put faults into: there are {', '.join(TESTS)}")
            tried[module] = _try_module(module, copies, workers, progress)
            everything = {**load_mutants(results), module: tried[module]}
            text = json.dumps({name: asdict(everything[name]) for name in sorted(everything)}, indent=1) + "\n"
            write_whole(results / MUTANTS_FILE, text)
    return tried


class _Copy(NamedTuple):
    """A copy of the project, and the process that runs its tests."""

    folder: Path
    warm: Warm

    def passes(self, module: str, source: str, seconds: float) -> bool:
        """Tell whether a module's tests pass, in time, with this in the place of its source."""
        path = self.folder / "src/tensorbook" / f"{module}.py"
        tests = [str(self.folder / test) for test in (f"src/tensorbook/{module}.py", *TESTS[module])]
        place = [f"--rootdir={self.folder}", "-c", str(self.folder / "pyproject.toml")]
        before = path.read_text(encoding="utf-8")
        path.write_text(source, encoding="utf-8")
        try:
            return self.warm.run(self.folder, ["-x", "-q", "-p", "no:cacheprovider", *place, *tests], seconds) == 0
        finally:
            path.write_text(before, encoding="utf-8")


def _try_module(module: str, copies: "SimpleQueue[_Copy]", workers: int, progress: Callable[..., object]) -> Tried:
    from tensorbook.book.faults import difference, make_faults  # here, not above: a page reads the record without it

    source = (PROJECT / "src/tensorbook" / f"{module}.py").read_text(encoding="utf-8")
    faults = make_faults(source)

    def survives(fault: str) -> bool:
        copy = copies.get()
        try:
            return copy.passes(module, fault, seconds)
        finally:
            copies.put(copy)

    start, seconds = time.monotonic(), float("inf")
    if not survives(source):
        raise ValueError(f"the tests of {module} fail without any fault: run `pytest {' '.join(TESTS[module])}`")
    seconds = max(LEAST, LONGER * (time.monotonic() - start))
    unnoticed = []
    with ThreadPoolExecutor(workers) as pool:
        for done, (fault, lives) in enumerate(zip(faults, pool.map(survives, faults), strict=True), start=1):
            progress(module, done, len(faults))
            if lives:
                unnoticed.append(Mutant(*difference(source, fault)))
    return Tried(len(faults), sorted(unnoticed, key=lambda mutant: mutant.line))


def _copy(folder: Path) -> Path:
    for name in COPIED:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    return folder
