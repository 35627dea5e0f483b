"""Checks whether the book is still true: compares every figure in its records with a new run.

May import the library and ``tensorbook.book.results``.
"""
