"""Every fault that cosmic-ray can put into a module's source."""

import ast
from collections.abc import Iterator
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.exception_replacer import ExceptionReplacer
from cosmic_ray.plugins import get_operator, operator_names


class _Exceptions(ExceptionReplacer):  # type: ignore[misc]  # cosmic-ray has no types
    """Replaces what is caught; cosmic-ray's own breaks on a name with a dot, such as ``zlib.error``."""

    @staticmethod
    def _name_nodes(node: Any) -> list[Any]:
        caught = node.children[1]
        if caught.type == "atom":  # in brackets, several with commas between them
            caught = caught.children[1]
        names = caught.children[::2] if caught.type == "testlist_comp" else [caught]
        return [name.get_last_leaf() for name in names]


def make_faults(source: str) -> list[str]:
    """Return the source with each fault in it, one at a time, in the order of the alphabet.

    Args:
        source: A module of Python.
    """
    faults = (mutate_code(source, operator, place) for operator, place in _places(source))
    # One fault is often found twice, and one that leaves the code as it is is none.
    return sorted(fault for fault in {*faults} - {None, source} if _is_python(fault))


def difference(source: str, fault: str) -> tuple[int, str, str]:
    """Return the number of the first line that a fault changed, that line, and what stands there instead."""
    # Blank lines are left out: some go with the line below them, which is the one to name.
    then, now = ([(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()] for text in (source, fault))
    return next((n, old.strip(), new.strip()) for (n, old), (_, new) in zip(then, now, strict=False) if old != new)


def _is_python(source: str) -> bool:
    """Tell it from what any test would notice: cosmic-ray takes the / between parameters for a division."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _places(source: str) -> Iterator[tuple[Any, int]]:
    """Yield an operator and the number of a place that it applies to, for each fault there is."""
    tree = get_ast(source)
    for name in operator_names():
        kind = get_operator(name)
        if not kind.arguments():
            operator = _Exceptions() if kind is ExceptionReplacer else kind()
            count = sum(1 for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
            yield from ((operator, place) for place in range(count))
