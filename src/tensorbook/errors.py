"""Errors meant for users. Each message is one line that says what was needed, what was found, and what to do.

For these errors, the command line prints only the message. Any other error is a bug and is shown with its traceback.
"""


class UserError(Exception):
    """The base class of all errors meant for users."""


class UsageError(UserError, ValueError):
    """An argument, an option or the current folder is not valid."""


class DataError(UserError, ValueError):
    """Data is missing, damaged or not as expected."""


class OutputError(UserError, OSError):
    """The named folder or file can't be written."""


class ClusterError(UserError, ConnectionError):
    """Another worker in this training run was lost."""


class WorkerError(UserError, ChildProcessError):
    """A worker started by this process failed or was killed."""


class SampleWarning(UserWarning):
    """The data is the 5,000-digit sample instead of MNIST's 70,000 digits."""
