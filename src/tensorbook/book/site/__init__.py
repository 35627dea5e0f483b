"""What the site is built with: macros, Markdown extensions, diagrams, hooks, and the notebooks for download.

May import the library, ``tensorbook.book.results`` and ``tensorbook.book.examples``.
"""
