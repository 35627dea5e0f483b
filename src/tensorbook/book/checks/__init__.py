"""Whether the book is still true: every figure of its records against a new run.

May import the library and ``tensorbook.book.results``.
"""
