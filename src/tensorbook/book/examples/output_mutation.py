"""Change outputs on purpose, one digit or word at a time: if a test still passes, it checks nothing."""

import re
from collections.abc import Iterator

from sybil.evaluators.doctest import NUMBER, OutputChecker

_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"(?P<whole>\d+)(?P<fraction>\.\d+)?")


def changed(want: str, *, tolerant: bool = False) -> Iterator[str]:
    """Yield copies of an expected output, each with one number or word changed.

    Args:
        want: The expected output on the page.
        tolerant: Whether numbers may differ by one in the last decimal; then they are changed by five.

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
    """Return the changes of an expected output that the comparison would not notice.

    Args:
        want: The expected output on the page.
        got: The actual output.
        flags: The doctest flags of the comparison.
    """
    check = OutputChecker().check_output
    changes = list(changed(want, tolerant=bool(flags & NUMBER)))
    if not changes and want.strip(" .[]()\n"):
        return [want]  # there is nothing to change, so no change could be noticed
    return [change for change in changes if check(change, got, flags)]
