"""What ``pytest --update-docs`` writes to the pages: the outputs that have changed."""

import re
from collections.abc import Iterator
from pathlib import Path

from sybil import Example

TURNED_ROUND = (
    "--update-docs leaves this output as it is: a True has become a False, or the reverse, so what the page says "
    "about it is probably wrong. Check the sentences around it, then write the output by hand.\n"
)


class Updates:
    """The changes that ``--update-docs`` will write: new outputs, by page and position."""

    def __init__(self) -> None:
        """Start with nothing to write."""
        self.outputs: dict[str, list[tuple[int, int, str]]] = {}

    def add(self, example: Example, got: str) -> None:
        """Note that an example's output differs from its page."""
        block = example.document.text[example.start : example.end]
        start = example.start + _code_length(block)
        indent = block[: len(block) - len(block.lstrip(" "))]
        self.outputs.setdefault(example.path, []).append((start, example.end, _as_written(got, indent)))

    def write(self) -> Iterator[str]:
        """Write the noted outputs into their pages without changing any other byte; yield the pages."""
        for path, outputs in self.outputs.items():
            text = Path(path).read_bytes().decode()
            for start, end, got in sorted(outputs, reverse=True):
                text = text[:start] + got + text[end:]
            Path(path).write_bytes(text.encode())
            yield path


def turned_round(want: str, got: str) -> bool:
    """Return whether a ``True`` in an output has become a ``False``, or the reverse, in the same place."""
    before, now = (re.findall(r"\b(?:True|False)\b", text) for text in (want, got))
    return len(before) == len(now) and before != now


def _code_length(block: str) -> int:
    """Return the length of the prompts and code in an example's text; the rest is its expected output."""
    length = 0
    for line in block.splitlines(keepends=True):
        if length and not line.lstrip().startswith("..."):
            break
        length += len(line)
    return length


def _as_written(got: str, indent: str) -> str:
    """Return an output in doctest form: indented, with ``<BLANKLINE>`` for empty lines."""
    return "".join(f"{indent}{line or '<BLANKLINE>'}\n" for line in got.splitlines())


# Set by the pytest plugin under `--update-docs`; None means that a difference is a failure.
updates: Updates | None = None
