r"""A Markdown extension: convert TeX between dollar signs to MathML during the build, so that no script is needed.

``$a + b$`` is an inline formula; a paragraph that starts and ends with ``$$`` is a display formula. Write ``\$`` for a
literal dollar sign.
"""

import re
from html import escape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

INLINE = r"(?<![\\$\w])\$(?=[^\s$])([^$\n]+?)(?<=\S)\$(?![$\w])"
BLOCK = re.compile(r"\A\$\$(?P<tex>.+?)\$\$\Z", re.DOTALL)


def to_mathml(tex: str, *, display: bool = False) -> str:
    """Return TeX as a MathML element, with the TeX as alternative text for programs without MathML.

    Examples:
        >>> to_mathml("x")
        '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x" display="inline"><mrow><mi>x</mi></mrow></math>'
    """
    mathml = convert(tex.strip(), display="block" if display else "inline")
    return mathml.replace('display="', f'alttext="{escape(tex.strip())}" display="', 1)


class _Inline(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: ARG002, N802  # Markdown's own signature
        return self.md.htmlStash.store(to_mathml(m[1])), m.start(0), m.end(0)


class _Block(BlockProcessor):
    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002  # called as Markdown calls it
        return bool(BLOCK.match(block.strip()))

    def run(self, parent: Element, blocks: list[str]) -> None:
        match = BLOCK.match(blocks.pop(0).strip())
        assert match  # noqa: S101  # guaranteed by `test`
        # A long formula scrolls in its own box, which must be reachable by keyboard.
        formula = f'<div class="tb-math" tabindex="0">{to_mathml(match["tex"], display=True)}</div>'
        placeholder = Element("p")
        placeholder.text = self.parser.md.htmlStash.store(formula)
        parent.append(placeholder)


class MathMLExtension(Extension):
    """Registers both kinds of formulas with Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's own name
        """Register the processors to run after code spans are removed, before anything else reads a formula."""
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        md.inlinePatterns.register(_Inline(INLINE, md), "mathml", 185)
        md.parser.blockprocessors.register(_Block(md.parser), "mathml-block", 175)


def makeExtension(**options: object) -> MathMLExtension:  # noqa: N802  # Python-Markdown's entry point
    """Return the extension; it takes no options."""
    return MathMLExtension(**options)
