"""Run the examples of the pages as tests: collect, compare, count and update them, and find what a copy needs.

May import the library and ``tensorbook.book.results``.
"""
