"""The record of ``tensorbook mutants``: which faults were tried in each module, and what that tells of all of them."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tensorbook.book.module_tests import TESTS
from tensorbook.book.record import RESULTS
from tensorbook.data import DataError

MUTANTS_FILE = "mutants.json"


@dataclass(frozen=True)
class Mutant:
    """A fault that no test noticed: the line that it is in, without it and with it."""

    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Tried:
    """One module: how many faults there are, how many of them were tried, and those that no test noticed."""

    faults: int
    tried: int
    unnoticed: list[Mutant]

    @property
    def noticed(self) -> int:
        """Return how many of those that were tried were noticed."""
        return self.tried - len(self.unnoticed)

    @property
    def variance(self) -> float:
        """Return the variance of how many of all faults are unnoticed, as drawing some of them leaves it.

        Half a fault is added to either side: where all ten that were drawn are noticed, all others need not be.
        """
        share = (len(self.unnoticed) + 0.5) / (self.tried + 1)
        return self.faults * (self.faults - self.tried) * share * (1 - share) / self.tried


class Totals(NamedTuple):
    """Some modules together; each counts by the faults that there are, not by those that were tried.

    Attributes:
        faults: How many there are.
        tried: How many were tried.
        share: What share of all faults is noticed, 0 to 1, as far as those that were tried tell.
        margin: Two standard deviations of that share, 0 where all were tried.
    """

    faults: int
    tried: int
    share: float
    margin: float

    def __str__(self) -> str:
        """Return the share as a percentage, with its margin where there is one."""
        return f"{self.share:.1%}" + (f" ±\N{NO-BREAK SPACE}{100 * self.margin:.1f}" if self.margin else "")


def totals(modules: Iterable[Tried]) -> Totals:
    """Return what was found of some modules, together.

    Examples:
        >>> print(totals([Tried(200, 50, [Mutant(1, "a", "b")]), Tried(100, 100, [])]))
        98.7% ± 2.8
    """
    modules = list(modules)
    faults, tried = sum(one.faults for one in modules), sum(one.tried for one in modules)
    noticed = sum(one.faults * one.noticed / one.tried for one in modules)
    deviation = math.sqrt(sum(one.variance for one in modules))
    return Totals(faults, tried, noticed / faults, 2 * deviation / faults)


def load_mutants(results: Path = RESULTS) -> dict[str, Tried]:
    """Read what was tried of each module, by the module's name; nothing where nothing was tried yet.

    They come in the order of ``TESTS``: what the chapters teach comes first.

    Raises:
        DataError: The file is there and can't be read.
    """
    path = results / MUTANTS_FILE
    places = {name: place for place, name in enumerate(TESTS)}
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Tried(one["faults"], one["tried"], [Mutant(**mutant) for mutant in one["unnoticed"]])
            for name, one in sorted(raw.items(), key=lambda item: places.get(item[0], len(places)))
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} can't be read ({error!r}): run `python -m tensorbook.book mutants` to make it anew."
        ) from None
