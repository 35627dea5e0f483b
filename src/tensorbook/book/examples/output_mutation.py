"""Outputs changed on purpose, one digit or one word at a time: a suite that passes them all tests nothing."""

import re
from collections.abc import Iterator

from sybil.evaluators.doctest import NUMBER, OutputChecker

_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"(?P<whole>\d+)(?P<fraction>\.\d+)?")


def changed(want: str, *, tolerant: bool = False) -> Iterator[str]:
    """Yield an expected output with one number or one word changed, for each that it has.

    Args:
        want: The output as the page shows it.
        tolerant: Whether numbers are allowed to be off by one in the last decimal; then they are changed by five.

    Examples:
        >>> list(changed("(2, True)"))
        ['(3, True)', '(2, Truex)']
        >>> list(changed("0.98", tolerant=True))
        ['0.93']
    """
    for number in _NUMBER.finditer(want):
        by = 5 if tolerant and number["fraction"] else 1
        last = number.end() - 1
        yield f"{want[:last]}{(int(want[last]) + by) % 10}{want[last + 1 :]}"
    for word in _WORD.finditer(want):
        yield f"{want[: word.end()]}x{want[word.end() :]}"


def unnoticed(want: str, got: str, flags: int) -> list[str]:
    """Return the changes of an expected output that the comparison would let pass.

    Args:
        want: The output as the page shows it.
        got: What was printed.
        flags: How the two are compared.
    """
    check = OutputChecker().check_output
    changes = list(changed(want, tolerant=bool(flags & NUMBER)))
    if not changes and want.strip(" .[]()\n"):
        return [want]  # no change of it is known, so none could be noticed
    return [change for change in changes if check(change, got, flags)]
