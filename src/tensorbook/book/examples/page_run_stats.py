"""Statistics of each page's last run: date, versions, seconds and number of examples."""

import json
import platform
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tensorbook.book.results.book_record import RESULTS

PAGE_RUNS_FILE = "page-runs.json"


@dataclass(frozen=True)
class PageRun:
    """One run of all examples of one page; ``seconds`` excludes the setup."""

    examples: int
    seconds: float
    date: str
    versions: dict[str, str]


@dataclass
class Tally:
    """The examples of one page that have run so far."""

    passed: int = 0
    others: int = 0
    seconds: float = 0.0

    def run(self) -> PageRun:
        """Return the run of a page whose examples have all passed."""
        versions = {"Python": platform.python_version()} | {
            label: version(name) for label, name in (("TensorFlow", "tensorflow"), ("NumPy", "numpy"))
        }
        today = datetime.now(UTC).date().isoformat()
        return PageRun(self.passed, round(self.seconds, 1), today, versions)


@dataclass
class Tallies:
    """A tally for each page, by its name."""

    pages: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, page: str, passed: bool, seconds: float) -> None:
        """Count one example."""
        tally = self.pages[page]
        tally.seconds += seconds
        if passed:
            tally.passed += 1
        else:
            tally.others += 1

    def plain(self) -> dict[str, tuple[int, int, float]]:
        """Return the tallies in a form that can be passed to another process."""
        return {page: (tally.passed, tally.others, tally.seconds) for page, tally in self.pages.items()}

    def merge(self, plain: dict[str, tuple[int, int, float]]) -> None:
        """Add the counts of another process."""
        for page, (passed, others, seconds) in plain.items():
            tally = self.pages[page]
            tally.passed += passed
            tally.others += others
            tally.seconds += seconds

    def write(self, results: Path) -> None:
        """Record the pages whose examples all passed; keep the records of other pages."""
        runs = {page: asdict(tally.run()) for page, tally in self.pages.items() if not tally.others}
        path = results / PAGE_RUNS_FILE
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        path.write_text(json.dumps(dict(sorted({**known, **runs}.items())), indent=1) + "\n", encoding="utf-8")


def load_page_runs(results: Path = RESULTS) -> dict[str, PageRun]:
    """Read the last runs, by page name; empty if no page has run yet."""
    path = results / PAGE_RUNS_FILE
    if not path.exists():
        return {}
    return {page: PageRun(**run) for page, run in json.loads(path.read_text(encoding="utf-8")).items()}


def last_run_line(page: str, runs: dict[str, PageRun]) -> str:
    """Return the sentence at the foot of a page.

    Examples:
        >>> run = PageRun(12, 3.4, "2026-11-24", {"Python": "3.11.7", "NumPy": "2.4.6"})
        >>> last_run_line("page", {"page": run})
        'All 12 examples on this page last ran on 2026-11-24 in 3.4 s, with Python 3.11.7 and NumPy 2.4.6.'
        >>> last_run_line("new", {})
        'The examples on this page have not been run yet: run `pytest --update-docs`.'
    """
    if page not in runs:
        return "The examples on this page have not been run yet: run `pytest --update-docs`."
    run = runs[page]
    return (
        f"All {run.examples} examples on this page last ran on {run.date} in {run.seconds:.1f} s, "
        f"with {listed(f'{name} {number}' for name, number in run.versions.items())}."
    )


def listed(things: Iterable[str]) -> str:
    """Return a list as in a sentence: ``a, b and c``."""
    *first, last = things
    return f"{', '.join(first)} and {last}" if first else last
