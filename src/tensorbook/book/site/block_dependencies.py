"""A Markdown extension: attributes of each Python block say what goes with its code when it is copied.

The buttons of the page (docs/javascripts/copy-code.js) read them:

- ``data-block``, the block's number on the page;
- ``data-needs``, the statements above it that it needs, as ``block.statement``;
- ``data-names``, the names that it reads from above;
- ``data-shows``, the expressions whose values the page shows below them, as ``statement``, or
  ``statement.start.end`` if the expression is only a part of the statement; a comma follows a tuple;
- ``data-figure``, the name of the figure that it draws.
"""

import doctest
import re
from collections.abc import Iterable, Iterator
from html import unescape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from tensorbook.book.examples.code_dependencies import Needs, Statement, find_needs
from tensorbook.book.results.other_records import RECORDED_FIGURES
from tensorbook.book.site.expressions_to_show import expressions_to_show

# Blocks in Pygments' HTML, except signatures in the reference, which are not code to run.
BLOCK = re.compile(
    r'<div class="(?P<kind>(?=[^"]*\blanguage-(?:pycon|python|py)\b)(?=[^"]*\bhighlight\b)(?![^"]*doc-signature)[^"]*)"'
    r"(?P<known>(?: data-(?:block|needs|names|shows|figure)=\"[^\"]*\")*)"
    r"(?P<rest>[^>]*>.*?<code[^>]*>)(?P<code>.*?)</code>",
    re.DOTALL,
)
FIGURE = re.compile(r'<img [^>]*src="[^"]*/figures/([\w-]+)-light\.svg')


def with_needs(html: str) -> str:
    r"""Return the HTML of a page in which the attributes of its Python blocks say what goes with their code.

    Examples:
        >>> block = '<div class="language-pycon highlight"><pre><code>{}</code></pre></div>'
        >>> html = with_needs(block.format("&gt;&gt;&gt; a = 1") + block.format("&gt;&gt;&gt; a\n1"))
        >>> html.split("<div")[2].split("<pre>")[0]
        ' class="language-pycon highlight" data-block="1" data-needs="0.0" data-names="a" data-shows="0">'
    """
    if "language-py" not in html:  # as in almost every docstring
        return html
    matches = list(BLOCK.finditer(html))
    codes = [unescape(re.sub(r"<[^>]*>", "", match["code"])) for match in matches]
    examples = [_examples(code) for code in codes]
    needs = find_needs([_statements(*block) for block in zip(codes, examples, strict=True)])
    ends = [match.start() for match in matches[1:]] + [len(html)]
    pieces, place = [], 0
    for number, match in enumerate(matches):
        figures = FIGURE.findall(html, match.end(), ends[number])
        about = [f'data-block="{number}"', *_attributes(needs[number], examples[number], figures)]
        pieces.append(html[place : match.start()])
        pieces.append(f'<div class="{match["kind"]}" {" ".join(about)}{match["rest"]}{match["code"]}</code>')
        place = match.end()
    return "".join([*pieces, html[place:]])


def _attributes(needs: Needs, examples: Iterable[doctest.Example], figures: Iterable[str]) -> Iterator[str]:
    if needs.statements:
        places = " ".join(f"{block}.{statement}" for block, statement in needs.statements)
        yield f'data-needs="{places}" data-names="{" ".join(needs.names)}"'
    if shows := " ".join(_marks(examples)):
        yield f'data-shows="{shows}"'
    for name in set(figures) - set(RECORDED_FIGURES):  # at most one, because each figure has a block of its own
        yield f'data-figure="{name}"'


def _marks(examples: Iterable[doctest.Example]) -> Iterator[str]:
    """Yield a mark for each expression whose value is shown below it."""
    for number, example in enumerate(examples):
        if example.want and example.exc_msg is None:
            source = example.source.rstrip()
            for start, end, is_tuple in expressions_to_show(source):
                part = "" if (start, end) == (0, len(source)) else f".{start}.{end}"
                yield f"{number}{part}{',' if is_tuple else ''}"


def statements(text: str) -> list[Statement]:
    """Return the statements of a block: those of a doctest, or all of it as one."""
    return _statements(text, _examples(text))


def _statements(text: str, examples: list[doctest.Example]) -> list[Statement]:
    return [Statement(example.source, example.exc_msg is not None) for example in examples] or [Statement(text)]


def _examples(text: str) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(text) if re.search(r"(?m)^>>>", text) else []


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
