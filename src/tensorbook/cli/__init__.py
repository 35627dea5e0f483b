"""The command line: `run_command` starts it, and `commands` has the commands for readers.

The other modules serve these commands and the maintainers'. This package may import the library.
"""
