"""A Markdown extension: attributes of each Python block list what it needs from the blocks above it.

The buttons of the page (docs/javascripts/copy-buttons.js) read them: ``data-block``, its number on the page;
``data-needs``, the statements above it that it needs, as ``block.statement``; ``data-names``, the names that it reads
from above.
"""

import doctest
import re
from html import unescape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from tensorbook.book.examples.code_dependencies import Statement, find_needs

# Blocks in Pygments' HTML, except signatures in the reference, which are not code to run.
BLOCK = re.compile(
    r'<div class="(?P<kind>(?=[^"]*\blanguage-(?:pycon|python|py)\b)(?=[^"]*\bhighlight\b)(?![^"]*doc-signature)[^"]*)"'
    r"(?P<known>(?: data-(?:block|needs|names)=\"[^\"]*\")*)(?P<rest>[^>]*>.*?<code[^>]*>)(?P<code>.*?)</code>",
    re.DOTALL,
)


def with_needs(html: str) -> str:
    """Return the HTML of a page with the needs of its Python blocks in their attributes.

    Examples:
        >>> block = '<div class="language-pycon highlight"><pre><code>{}</code></pre></div>'
        >>> html = with_needs(block.format("&gt;&gt;&gt; a = 1") + block.format("&gt;&gt;&gt; a"))
        >>> html.split("<div")[2].split("<pre>")[0]
        ' class="language-pycon highlight" data-block="1" data-needs="0.0" data-names="a">'
    """
    if "language-py" not in html:  # as in almost every docstring
        return html
    needs = iter(
        find_needs([statements(unescape(re.sub(r"<[^>]*>", "", match["code"]))) for match in BLOCK.finditer(html)])
    )
    number = iter(range(len(html)))

    def attributes(match: re.Match[str]) -> str:
        one = next(needs)
        about = f' data-block="{next(number)}"'
        if one.statements:
            places = " ".join(f"{block}.{statement}" for block, statement in one.statements)
            about += f' data-needs="{places}" data-names="{" ".join(one.names)}"'
        return f'<div class="{match["kind"]}"{about}{match["rest"]}{match["code"]}</code>'

    return BLOCK.sub(attributes, html)


def statements(text: str) -> list[Statement]:
    """Return the statements of a block: those of a doctest, or all of it as one."""
    if not re.search(r"(?m)^>>>", text):
        return [Statement(text)]
    examples = doctest.DocTestParser().get_examples(text)
    return [Statement(example.source, example.exc_msg is not None) for example in examples]


class _Needs(Postprocessor):
    def run(self, text: str) -> str:
        return with_needs(text)


class BlockNeedsExtension(Extension):
    """Registers the postprocessor with Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's own name
        """Register it to run after code blocks are back in the page and without superfluous tags."""
        md.postprocessors.register(_Needs(md), "copy-buttons", -1)


def makeExtension(**options: object) -> BlockNeedsExtension:  # noqa: N802  # Python-Markdown's entry point
    """Return the extension; it takes no options."""
    return BlockNeedsExtension(**options)
