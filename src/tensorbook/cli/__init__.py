"""The command line: `entry_point` starts it, `app` has the reader's commands.

`streams`, `interrupt` and `terminal` serve both the reader's commands and the maintainers'. May import the library.
"""
