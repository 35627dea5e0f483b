"""Build the site: macros, Markdown extensions, diagrams, hooks, and notebooks for download.

May import the library, ``tensorbook.book.results`` and ``tensorbook.book.examples``.
"""
