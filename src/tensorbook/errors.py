"""Errors meant for users. Each message is one line that says what was needed, what was found, and what to do.

For these errors, the command line prints only the message. Any other error is a bug and is shown with its traceback.
"""

from collections.abc import Sized


class UserError(Exception):
    """The base class of all errors meant for users."""


class UsageError(UserError, ValueError):
    """An argument, an option or the current folder is not valid."""


class OutputError(UserError, OSError):
    """The named folder or file can't be written."""


class ClusterError(UserError, ConnectionError):
    """Another worker in this training run was lost."""


class WorkerError(UserError, ChildProcessError):
    """A worker started by this process failed or was killed."""


def check_training(images: Sized, targets: Sized, **numbers: int) -> None:
    """Check images, targets and settings before training.

    Args:
        images: At least one image.
        targets: One target per image.
        numbers: Settings that must be at least 1, such as ``epochs`` and ``batch_size``.

    Raises:
        UsageError: One of these conditions does not hold.

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
        raise UsageError(
            f"fit needs at least one image and a target for each, got {len(images)} images and {len(targets)} targets"
        )
