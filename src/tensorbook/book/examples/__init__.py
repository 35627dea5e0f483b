"""How the examples of a page run as tests, and how well: collected, compared, counted, updated, pruned for copying.

May import the library and ``tensorbook.book.results``.
"""
