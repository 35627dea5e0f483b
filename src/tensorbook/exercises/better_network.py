"""The exercises of chapter 8: a price on weights, windows and their pictures, pooling, and when to stop."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.answers import count, number, shape
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise

_KERNEL = np.array([[1.0, -2.0], [3.0, 0.0]])


def _slide(image: np.ndarray, window: int, step: int) -> np.ndarray:
    """Return all windows of a picture, step by step."""
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::step, ::step]


def _after_two_layers() -> tuple[int, ...]:
    convolved = _slide(np.zeros((28, 28)), window=5, step=1).max(axis=(2, 3))
    return *_slide(convolved, window=2, step=2).shape[:2], 16


def _pictures(random: np.random.Generator) -> Iterator[Case]:
    for image, hint in (
        (np.array([[1.0, 2.0], [4.0, 3.0]]), "One window: its largest number is kept."),
        (np.arange(16.0).reshape(4, 4), "The windows don't overlap: each pixel is in exactly one."),
        (-random.uniform(1, 2, size=(4, 6)), "All numbers are below zero here, and the picture is not square."),
        (random.normal(size=(5, 7)), "An odd row or column at the end has no partner: leave it out, as Keras does."),
    ):
        yield Case((image,), _slide(image, window=2, step=2).max(axis=(2, 3)), hint)


def best_epoch(losses: np.ndarray, patience: int) -> int:
    """Return the index of the epoch whose weights early stopping keeps."""
    best = np.minimum.accumulate(losses)
    improved = np.r_[True, losses[1:] < best[:-1]]
    last = np.maximum.accumulate(np.where(improved, np.arange(len(losses)), 0))
    [stops] = np.nonzero(np.arange(len(losses)) - last >= patience)
    seen = stops[0] + 1 if len(stops) else len(losses)
    return int(np.argmin(losses[:seen]))


def _trainings(random: np.random.Generator) -> Iterator[Case]:
    for losses, patience, hint in (
        ([0.9, 0.6, 0.5, 0.7], 5, "It runs to the end here. Find the epoch with the lowest loss, counted from 0."),
        ([0.9, 0.6, 0.5, 0.7, 0.8, 0.1], 2, "Training has stopped by then: the later epochs never happen."),
        (
            [0.9, 0.6, 0.7, 0.5, 0.8, 0.9],
            2,
            "Patience 2 tolerates one bad epoch, and a new best restarts the count.",
        ),
        ([0.5, 0.5, 0.5, 0.4], 2, "As good as the best so far is not better."),
        ([0.3, 0.4, 0.5], 1, "The very first epoch may be the best."),
        (random.uniform(size=40).round(2).tolist(), 6, "Keep the best loss and its epoch; count the epochs since."),
    ):
        yield Case((losses, patience), best_epoch(np.array(losses), patience), hint)


EXERCISES = (
    ValueExercise(
        name="weight-price",
        kind=number,
        solve=lambda: float(0.5 + 0.01 * np.square(_KERNEL).sum()),
        right="The weight 3 pays more than all the others: large weights cost most.",
        common_mistakes=(
            (0.5 + 0.01 * 6, "Those are the sizes of the weights. L2 takes their squares."),
            (0.5 + 0.01 * 2, "That is their sum, in which they cancel. L2 takes their squares."),
            (0.01 * 14, "That is the price. The loss on the pictures comes on top."),
            (0.5 + 0.01 * 6**2, "Square each weight first, and then add."),
        ),
        hint="Square each weight, add the squares, multiply by 0.01, and add the loss on the pictures.",
        tolerance=0.005,
    ),
    ValueExercise(
        name="window-weights",
        kind=count,
        solve=lambda: np.zeros((3, 3, 32, 64)).size + np.zeros(64).size,
        right="Each window is 32 deep: 3 × 3 × 32 weights, and one bias.",
        common_mistakes=(
            (64 * 10, "That would be for one input channel. How many channels does this layer get?"),
            (64 * 9 * 32, "Each window has a bias, too."),
            (64 * (9 + 32) + 64, "A window has 3 × 3 weights for each of the channels."),
            (64 * 10 * 32, "A window has one bias, not one for each channel."),
        ),
        hint="A window has weights for 3 × 3 pixels in each input channel, and a bias. There are 64 windows.",
    ),
    ValueExercise(
        name="two-layers",
        kind=shape,
        solve=_after_two_layers,
        right="A window of 5 costs 4, pooling halves, and each window is a channel.",
        common_mistakes=(
            ((24, 24, 16), "That is after the convolution. Pooling makes it smaller."),
            ((13, 13, 16), "That would be 3 × 3 windows. How many places are there for a window of 5 in a row of 28?"),
            ((14, 14, 16), "A window has to fit: it can't start at each of the 28 places."),
            ((12, 12), "How many pictures do 16 windows make from one?"),
            ((11, 11, 16), "In a row of 6, a window of 5 has two places. And in a row of 28?"),
        ),
        hint="(height, width, channels): first the number of places for a window of 5 in 28, then half of that.",
    ),
    FunctionExercise(
        name="max-pool",
        call="max_pool(image)",
        cases=_pictures,
        right="MaxPooling2D does the same, even with an odd row or column.",
    ),
    FunctionExercise(
        name="best-epoch",
        call="best_epoch(losses, patience)",
        cases=_trainings,
        right="It keeps what EarlyStopping keeps with restore_best_weights.",
    ),
)
