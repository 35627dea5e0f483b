"""The command line: `run_command` starts it, and `commands` has the commands for readers.

`streams`, `interrupt` and `shared` serve these commands and the maintainers'. This package may import the library.
"""
