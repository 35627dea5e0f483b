"""How long a page of the book takes to read."""

import re

WORDS_A_MINUTE = 200
# Code is read more slowly than prose: a line of it counts as this many words.
WORDS_A_LINE = 8
PICTURE_SECONDS = 10

_FENCE = re.compile(r"(?ms)^ *(```+)(?P<info>[^\n]*)\n(?P<code>.*?)^ *\1[ \t]*$")
# A block that is folded away: its title, and all that is indented below it.
_FOLDED = re.compile(r"(?m)^(?P<indent> *)\?\?\? [^\n]*\n(?:(?P=indent) {4}[^\n]*\n|[ \t]*\n)*")
_PICTURE = re.compile(r"\{\{ *(?:figure|diagram|live)\(")


def reading_minutes(markdown: str) -> int:
    """Return how many minutes a page of the book takes to read, at least one.

    Args:
        markdown: The source of the page. Of its blocks the lines of code count, and not what they print. What is
            folded away does not count: it is for those who unfold it.

    Examples:
        >>> reading_minutes("word " * 1000)
        5
    """
    markdown = _FOLDED.sub("", markdown)
    lines = sum(len(re.findall(r"(?m)^ *(?:>>>|\.\.\.) \S", block["code"])) for block in _FENCE.finditer(markdown))
    pictures = len(_PICTURE.findall(markdown))
    prose = re.sub(r"(?s)<!--.*?-->|\{\{.*?\}\}|\A---\n.*?\n---\n", " ", _FENCE.sub(" ", markdown))
    words = len(prose.split()) + WORDS_A_LINE * lines
    return max(1, round(words / WORDS_A_MINUTE + pictures * PICTURE_SECONDS / 60))
