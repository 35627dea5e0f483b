"""How long it takes to read a page of the book."""

import re

WORDS_A_MINUTE = 200
# Code is read more slowly than prose: a line of it counts as this many words.
WORDS_A_LINE = 8
PICTURE_SECONDS = 10

_FENCE = re.compile(r"(?ms)^ *(```+)(?P<info>[^\n]*)\n(?P<code>.*?)^ *\1[ \t]*$")
# A folded block: its title and everything indented below it.
_FOLDED = re.compile(r"(?m)^(?P<indent> *)\?\?\? [^\n]*\n(?:(?P=indent) {4}[^\n]*\n|[ \t]*\n)*")
_PICTURE = re.compile(r"\{\{ *(?:figure|diagram|live)\(")


def reading_minutes(markdown: str) -> int:
    """Return the number of minutes that it takes to read a page of the book, at least 1.

    Args:
        markdown: The source of the page. In code blocks, the lines of code count, but not the output. Folded blocks do
            not count, since only some readers unfold them.

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
