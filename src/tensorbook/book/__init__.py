"""The tools that make the book: a subpackage for each job, and the plugin that every run of pytest loads.

The library never imports from here. The docstring of each subpackage says what it may import.
"""
