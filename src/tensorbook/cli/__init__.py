"""The command line: `entry_point` starts it, and `commands` has the commands for readers.

`streams`, `interrupt` and `terminal` serve these commands and the maintainers'. This package may import the library.
"""
