"""``tensorbook mutants``: faults put into the library one at a time, to see which of them its tests notice.

cosmic-ray makes the faults. Each is tried in a copy of the project, by the tests of the module that it is in.
"""

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from tensorbook.book.module_tests import ON_FULL_MNIST, TESTS
from tensorbook.book.tried import MUTANTS_FILE, Mutant, Tried, load_mutants
from tensorbook.book.warm import Warm
from tensorbook.book.whole import write_whole

PROJECT = Path(__file__).parents[3]
COPIED = ("src", "tests", "docs", "pyproject.toml", "README.md", "mkdocs.yml")
WARM = ("pytest", "numpy", "matplotlib.pyplot", "hypothesis", "sybil", "PIL.Image", "tensorflow", "keras")
# A fault that makes the tests take so many times as long, and so many seconds, is noticed by that.
LONGER, LEAST = 5, 20


def try_mutants(
    modules: Iterable[str],
    results: Path,
    *,
    at_most: int | None = None,
    workers: int = 2,
    progress: Callable[[str, int, int], object] = lambda _module, _done, _all: None,
) -> dict[str, Tried]:
    """Put every fault that cosmic-ray knows into some modules, one at a time, and run the tests of the module.

    Args:
        modules: Names as in ``TESTS``.
        results: The results folder; what was tried of other modules stays in its record.
        at_most: How many faults of a module are tried, drawn at random from a fixed seed; without it, all.
        workers: How many faults are tried at once.
        progress: Called after each fault with the module, how many were tried in it, and how many there are.

    Returns:
        What was tried now.

    Raises:
        ValueError: A module is not known, or its tests fail without any fault, before or after the others.
    """
    tried = {}
    with ExitStack() as stack:
        warm = [stack.enter_context(Warm(WARM)) for _ in range(workers)]
        for module in modules:
            if module not in TESTS:
                raise ValueError(f"no module {module!r} to put faults into: there are {', '.join(TESTS)}")
            with ExitStack() as folders:
                copies: SimpleQueue[_Copy] = SimpleQueue()
                for process in warm:
                    folder = folders.enter_context(tempfile.TemporaryDirectory(prefix="tensorbook-mutants-"))
                    copies.put(_Copy(_copy(Path(folder)), process))
                tried[module] = _try_module(module, at_most, copies, workers, progress)
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
        data = os.environ.get("TENSORBOOK_MNIST", "") if module in ON_FULL_MNIST else "sample"
        # No test is a class here; the record's `Test`, in a module that is named, would be taken for one.
        arguments = ["-x", "-q", "-p", "no:cacheprovider", "-o", "python_classes=", *place, *tests]
        try:
            return self.warm.run(self.folder, arguments, seconds, TENSORBOOK_MNIST=data) == 0
        finally:
            path.write_text(before, encoding="utf-8")


def _try_module(
    module: str, at_most: int | None, copies: "SimpleQueue[_Copy]", workers: int, progress: Callable[..., object]
) -> Tried:
    from tensorbook.book.faults import difference, make_faults  # here, not above: a page reads the record without it

    source = (PROJECT / "src/tensorbook" / f"{module}.py").read_text(encoding="utf-8")
    every = make_faults(source)
    faults = random.Random(0).sample(every, min(at_most or len(every), len(every)))  # noqa: S311  # no secret

    def survives(fault: str) -> bool:
        copy = copies.get()
        try:
            return copy.passes(module, fault, seconds)
        finally:
            copies.put(copy)

    start, seconds = time.monotonic(), float("inf")
    fail = f"the tests of {module} fail without any fault"
    if not survives(source):
        raise ValueError(f"{fail}: run `pytest {' '.join(TESTS[module])}`")
    seconds = max(LEAST, LONGER * (time.monotonic() - start))
    unnoticed = []
    with ThreadPoolExecutor(workers) as pool:
        for done, (fault, lives) in enumerate(zip(faults, pool.map(survives, faults), strict=True), start=1):
            progress(module, done, len(faults))
            if lives:
                unnoticed.append(Mutant(*difference(source, fault)))
    # A fault may have written where it must not, and from then on everything would look noticed.
    if not all(survives(source) for _ in range(workers)):
        raise ValueError(f"{fail}, once others have been tried: nothing that was found of it is kept")
    return Tried(len(every), len(faults), sorted(unnoticed, key=lambda mutant: mutant.line))


def _copy(folder: Path) -> Path:
    for name in COPIED:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    return folder
