"""The theme's style sheet without the rules that no page of this site can need.

Material's sheet serves every site, so much of it is about parts that ours doesn't have, such as annotations or tabs in
the header. A browser shows nothing before it has all of it, and on a slow line that takes seconds.
"""

import re
from collections.abc import Iterator
from pathlib import Path

SHEETS = "assets/stylesheets/main.*.css"
# Strings first: in them, braces and semicolons mean nothing.
_PIECES = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/)|([{};])|[^"'{};/]+|/""", re.DOTALL)
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_NESTED = re.compile(r"@(?:media|supports|layer|container)\b")


def drop_unused_rules(site: Path) -> None:
    """Rewrite the theme's style sheets in a built site, without the rules for classes that occur nowhere in it.

    Args:
        site: The folder of the built site, with all its pages and scripts.
    """
    known = Names(site)
    for sheet in site.glob(SHEETS):
        sheet.write_text(prune(sheet.read_text(encoding="utf-8"), known), encoding="utf-8")


class Names:
    """The classes that pages have, and all words of the scripts, which may give classes to elements.

    A script may put a name together: a word that ends in a hyphen stands for all classes that begin with it.

    Args:
        site: The folder of the built site.
    """

    def __init__(self, site: Path) -> None:
        """Read all pages and scripts."""
        self.words: set[str] = set()
        for page in site.rglob("*.html"):
            for names in set(re.findall(r'\bclass="([^"]*)"', page.read_text(encoding="utf-8"))):
                self.words.update(names.split())
        for script in site.rglob("*.js"):
            self.words.update(re.findall(r"[\w-]+", script.read_text(encoding="utf-8")))
        self.beginnings = tuple(word for word in self.words if word.endswith("-") and len(word) > len("md-x"))

    def __contains__(self, name: object) -> bool:
        """Tell whether an element may have a class."""
        return name in self.words or str(name).startswith(self.beginnings)


def prune(css: str, known: Names | set[str]) -> str:
    """Return a style sheet without the selectors that need a class which is not known.

    Args:
        css: The style sheet.
        known: The classes that elements may have.
    """
    kept = []
    for prelude, body in _rules(css):
        if body is None:
            kept.append(prelude)
        elif _NESTED.match(prelude):
            if inner := prune(body, known):
                kept.append(f"{prelude}{{{inner}}}")
        elif selectors := [one for one in _selectors(prelude) if _can_match(one, known)]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield what stands before each block, and the block; a statement or a comment has no block."""
    depth, start, prelude = 0, 0, ""
    for piece in _PIECES.finditer(css):
        mark = piece[2]
        if mark == "{":
            if depth == 0:
                prelude, start = css[start : piece.start()], piece.end()
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield prelude, css[start : piece.start()]
                start = piece.end()
        elif depth == 0 and (mark == ";" or (piece[1] or "").startswith("/*")):
            yield css[start : piece.end()], None
            start = piece.end()
    if css[start:].strip():
        yield css[start:], None


def _selectors(prelude: str) -> Iterator[str]:
    """Yield the selectors of a list; a comma in brackets, as in ``:is(a, b)``, separates none."""
    depth, start = 0, 0
    for place, letter in enumerate(prelude):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            yield prelude[start:place]
            start = place + 1
    yield prelude[start:]


def _can_match(selector: str, known: Names | set[str]) -> bool:
    """Tell whether all classes that a selector needs are known: those in brackets, as in ``:not(.a)``, don't count."""
    outside = re.sub(r"\[[^]]*\]", "", selector)
    while (less := re.sub(r"\([^()]*\)", "", outside)) != outside:
        outside = less
    return all(name.replace("\\", "") in known for name in _CLASS.findall(outside))
