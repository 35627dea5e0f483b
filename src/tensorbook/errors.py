"""The errors that are meant for people: their message is one line that says what was needed, what came, what to do.

The command line prints the message of these, and the traceback of every other: an error that nobody foresaw is a fault,
and its traceback is what finds it.
"""

from collections.abc import Sized


class UserError(Exception):
    """What all of them have in common."""


class UsageError(UserError, ValueError):
    """An argument, an option or the place where a command is run will not do."""


class OutputError(UserError, OSError):
    """Nothing can be written to the folder or file that was named."""


class ClusterError(UserError, ConnectionError):
    """Another worker of a training is gone."""


class WorkerError(UserError, ChildProcessError):
    """A worker that this process started has failed or was ended."""


def check_training(images: Sized, targets: Sized, **numbers: int) -> None:
    """Refuse what nothing can be trained on, before the training.

    Args:
        images: At least one.
        targets: One for each image.
        numbers: Settings that have to be at least 1, such as ``epochs`` and ``batch_size``.

    Raises:
        UsageError: They are not so.

    Examples:
        >>> check_training([0.5], [1.0], epochs=0)
        Traceback (most recent call last):
            ...
        tensorbook.errors.UsageError: epochs must be at least 1, got 0
    """
    for name, value in numbers.items():
        if value < 1:
            raise UsageError(f"{name} must be at least 1, got {value}")
    if not len(images) == len(targets) > 0:
        raise UsageError(f"fit needs a target for each of at least one image, got {len(targets)} for {len(images)}")
