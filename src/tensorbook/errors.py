"""The errors that are meant for people: their message is one line that says what was needed, what came, what to do.

The command line prints the message of these, and the traceback of every other: an error that nobody foresaw is a fault,
and its traceback is what finds it.
"""


class UserError(Exception):
    """What all of them have in common."""


class UsageError(UserError, ValueError):
    """An argument, an option or the place where a command is run will not do."""


class OutputError(UserError, OSError):
    """Nothing can be written to the folder or file that was named."""
