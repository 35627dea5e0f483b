"""A Markdown extension: highlight code with fewer tags, and let long output lines wrap.

Pygments tags every name, bracket and space. In the book, these have the colour of plain code, which needs no tag. So a
phone lays out a long page in half the time. An author can't break the lines of an output, so long lines get a tag, and
the style sheet lets them wrap. The text itself is unchanged.
"""

import re
from html import unescape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

PLAIN = re.compile(r'<span class="(?:n|nx|p|w)">([^<]*)</span>')
TAG = re.compile(r"<[^>]*>")
OUTPUTS = re.compile(
    r'(<div class="language-(?:pycon|console|text) highlight"><pre><span></span><code>)(.*?)(?=</code>)', re.DOTALL
)
PROMPT = '<span class="gp">'
ROW = re.compile(r"((\w+\()?\[\[|\s+\[)[\d\s\[.,e+-]*\]*,?(, dtype=\w+)?\)?")  # a row of an array of rank 2 or more
NARROW = 32  # characters that fit on a phone of 320 pixels


def without_plain_spans(html: str) -> str:
    """Return highlighted code without tags for tokens in the colour of plain code.

    Examples:
        >>> without_plain_spans('<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>')
        'x <span class="o">=</span> <span class="mi">1</span>'
    """
    return PLAIN.sub(r"\1", html)


def with_long_lines(html: str) -> str:
    r"""Return highlighted text with a tag around each output line that is too long for a narrow screen.

    The rows of a printed array are unchanged, since their columns must stay aligned.

    Examples:
        >>> with_long_lines("array([[0., 0., 0., 0., 0., 1., 0., 0., 0.]], dtype=float32)")
        'array([[0., 0., 0., 0., 0., 1., 0., 0., 0.]], dtype=float32)'
        >>> with_long_lines("short\nAn error that says what was needed and what came")
        'short\n<span class="tb-printed">An error that says what was needed and what came</span>'
    """
    lines = html.split("\n")
    for i, line in enumerate(lines):
        text = unescape(TAG.sub("", line))
        if len(text) > NARROW and not line.startswith(PROMPT) and not ROW.fullmatch(text):
            lines[i] = f'<span class="tb-printed">{line}</span>'
    return "\n".join(lines)


class _Plain(Postprocessor):
    def run(self, text: str) -> str:
        text = without_plain_spans(text)
        return OUTPUTS.sub(lambda block: block[1] + with_long_lines(block[2]), text)


class PlainCodeExtension(Extension):
    """Registers the postprocessor with Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's own name
        """Add it after all blocks of code have been put back into the page."""
        md.postprocessors.register(_Plain(md), "plain-code", 0)


def makeExtension(**options: object) -> PlainCodeExtension:  # noqa: N802  # Python-Markdown's entry point
    """Return the extension; it takes no options."""
    return PlainCodeExtension(**options)
