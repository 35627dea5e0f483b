"""The results in ``docs/results``: the book's record, comparisons with it, and their figures.

May import the library and ``tensorbook.book.browser``, but no other subpackage.
"""
