"""Where a script has to print a value itself, because only Python's prompt prints the values of expressions.

The chapters' scripts and the copied code call a function ``show`` there.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

PRINTING = ("print", "check")  # functions that print, and return None


class ShownValue(NamedTuple):
    """An expression whose value is shown: where it starts and ends in the code, and whether it is a tuple."""

    start: int
    end: int
    is_tuple: bool


def expressions_to_show(source: str) -> list[ShownValue]:
    """Return the expressions whose values a prompt would print, in order.

    Examples:
        >>> expressions_to_show("print(1); 2, 3")
        [ShownValue(start=10, end=14, is_tuple=True)]
    """
    text = source.encode()  # the positions in a tree count bytes
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(line: int, column: int) -> int:
        return len(text[: starts[line - 1] + column].decode())

    return [
        ShownValue(
            place(one.lineno, one.col_offset),
            place(one.end_lineno or one.lineno, one.end_col_offset or 0),
            isinstance(one.value, ast.Tuple),
        )
        for one in _values(ast.parse(source).body)
    ]


def shown(source: str) -> str:
    r"""Return code that passes each value that a prompt would print to a function ``show``.

    Examples:
        >>> print(shown("1, 2  # two"))
        show((1, 2))  # two
        >>> print(shown("for i in range(2):\n    i + 1\n    print(i)"))
        for i in range(2):
            show(i + 1)
            print(i)
    """
    for start, end, is_tuple in reversed(expressions_to_show(source)):
        before, after = ("show((", "))") if is_tuple else ("show(", ")")
        source = source[:start] + before + source[start:end] + after + source[end:]
    return source


def _values(body: Iterable[ast.stmt]) -> Iterator[ast.Expr]:
    """Yield the statements whose values a prompt prints: not those inside functions and classes."""
    for statement in body:
        if isinstance(statement, ast.Expr):
            call = statement.value
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in PRINTING):
                yield statement
        elif not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            for part in ast.iter_child_nodes(statement):
                if isinstance(part, ast.stmt):
                    yield from _values([part])
                elif isinstance(part, ast.ExceptHandler):
                    yield from _values(part.body)
