"""The maintainers' commands, ``python -m tensorbook.book …``, which need a checkout and the extras.

May import the library, ``tensorbook.book.results``, ``tensorbook.book.checks`` and ``tensorbook.book.site``.
"""
