"""Checks that the book is still true: compare every figure in its records with a new run.

May import the library and ``tensorbook.book.results``.
"""
