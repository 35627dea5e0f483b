"""Sybil runs every Python block of every page, and compares every figure with what its block drew."""

from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import SkipParser

from tensorbook.book.examples.example_parsers import FigureParser, PythonFenceParser, start

pytest_collect_file = Sybil(
    parsers=[PythonFenceParser(), FigureParser(Path(__file__).parent / "results"), SkipParser()],
    patterns=["*.md"],
    setup=start,
    teardown=dict.clear,  # or each page's digits would be kept until all have run
    fixtures=["sample"],  # for `skip: start if(sample, reason="…")`
).pytest()
