"""What runs of the book leave in ``docs/results``: its own record, the comparisons beside it, and their figures.

May import the library, and nothing else of the book.
"""
