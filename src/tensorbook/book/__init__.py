"""The tools that make the book: a subpackage for each job, and a few modules that several of these need.

The library never imports from here. The docstring of each subpackage says what it may import.
"""
