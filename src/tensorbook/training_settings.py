"""The settings of a training run: the book's own values, and a check of any others."""

from collections.abc import Sized

from tensorbook.errors import UsageError

SEED = 0  # for the weights and the order of the images
EPOCHS = 5  # passes over the training images
CONVNET_EPOCHS = 8  # the same, of chapter 8's network
BATCH_SIZE = 128  # images
HIDDEN_UNITS = 512  # of chapter 2's network


def check_settings(**numbers: int) -> None:
    """Check settings before training: each must be at least 1, and ``seed`` at least 0.

    Raises:
        UsageError: One of them is smaller.
    """
    for name, value in numbers.items():
        least = 0 if name == "seed" else 1
        if value < least:
            raise UsageError(f"{name} must be at least {least}, got {value}")


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
    check_settings(**numbers)
    if not len(images) == len(targets) > 0:
        raise UsageError(
            f"fit needs at least one image and a target for each, got {len(images)} images and {len(targets)} targets"
        )
