"""How long a page takes to read."""

import re

WORDS_A_MINUTE = 200
# Code is read more slowly than prose: a line of it counts as this many words.
WORDS_A_LINE = 8
PICTURE_SECONDS = 10

_FENCE = re.compile(r"(?ms)^ *(```+)(?P<info>[^\n]*)\n(?P<code>.*?)^ *\1[ \t]*$")
_PICTURE = re.compile(r"\{\{ *(?:figure|diagram)\(")


def reading_minutes(markdown: str) -> int:
    """Return how many minutes a page of the book takes to read, at least one.

    Args:
        markdown: The source of the page. Of its blocks the lines of code count, and not what they print.

    Examples:
        >>> reading_minutes("word " * 1000)
        5
    """
    lines = sum(len(re.findall(r"(?m)^ *(?:>>>|\.\.\.) \S", block["code"])) for block in _FENCE.finditer(markdown))
    pictures = len(_PICTURE.findall(markdown))
    prose = re.sub(r"(?s)<!--.*?-->|\{\{.*?\}\}|\A---\n.*?\n---\n", " ", _FENCE.sub(" ", markdown))
    words = len(prose.split()) + WORDS_A_LINE * lines
    return max(1, round(words / WORDS_A_MINUTE + pictures * PICTURE_SECONDS / 60))
