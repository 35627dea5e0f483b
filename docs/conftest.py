"""Sybil runs every Python block of every page, and compares every figure with what its block drew."""

from pathlib import Path

from tensorbook.book.examples.example_parsers import examples_of

pytest_collect_file = examples_of(Path(__file__).parent).pytest()
