"""The theme's style sheet without the rules that no page of this site needs.

Material's style sheet is made for every site, so much of it is for parts that ours doesn't have, such as annotations or
tabs in the header. A browser shows nothing until it has loaded all of it, which takes seconds on a slow connection.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2
from tinycss2 import ast

SHEETS = "assets/stylesheets/main.*.css"
NESTED = ("media", "supports", "layer", "container")


def drop_unused_rules(site: Path) -> None:
    """Rewrite the theme's style sheets in a built site, without the rules for classes that occur nowhere in it.

    Args:
        site: The folder of the built site, with all its pages and scripts.
    """
    known = Names(site)
    for sheet in site.glob(SHEETS):
        sheet.write_text(prune(sheet.read_text(encoding="utf-8"), known), encoding="utf-8")


class Names:
    """The classes on the pages, and all words in the scripts, which may add classes to elements.

    A script may assemble a name, so a word that ends in a hyphen stands for all classes that begin with it.

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
        """Return whether an element may have a class."""
        return name in self.words or str(name).startswith(self.beginnings)


def prune(css: str, known: Names | set[str]) -> str:
    """Return a style sheet without the selectors that need an unknown class.

    Args:
        css: The style sheet.
        known: The classes that elements may have.
    """
    return "".join(_kept(tinycss2.parse_stylesheet(css), known))


def _kept(rules: list[Any], known: Names | set[str]) -> Iterator[str]:
    """Yield the rules that some element may need, as text."""
    for rule in rules:
        if isinstance(rule, ast.AtRule) and rule.content and rule.lower_at_keyword in NESTED:
            if inner := "".join(_kept(tinycss2.parse_rule_list(rule.content), known)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        elif isinstance(rule, ast.QualifiedRule):
            needed = [tinycss2.serialize(one) for one in _selectors(rule.prelude) if _can_match(one, known)]
            if needed:
                yield f"{','.join(needed)}{{{tinycss2.serialize(rule.content)}}}"
        else:
            yield rule.serialize()


def _selectors(prelude: list[Any]) -> Iterator[list[Any]]:
    """Yield the selectors in a list; text in brackets, as in ``:is(a, b)``, is part of a single selector."""
    start = 0
    for place, part in enumerate(prelude):
        if part == ",":
            yield prelude[start:place]
            start = place + 1
    yield prelude[start:]


def _can_match(selector: list[Any], known: Names | set[str]) -> bool:
    """Return whether all classes that a selector needs are known, not counting those in ``:not(.a)``."""
    return all(name.value in known for dot, name in pairwise(selector) if dot == "." and name.type == "ident")
