"""The results in ``docs/results``: the book's record, comparisons with it, and their figures.

May import the library, but no other subpackage.
"""
