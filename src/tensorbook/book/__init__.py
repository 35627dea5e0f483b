"""What makes the book, not what it teaches: a room for each job, and the maintainers' commands.

The library above never imports from here. Which room may import which is said in each one's first lines.
"""
