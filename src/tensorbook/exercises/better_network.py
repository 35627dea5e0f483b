"""Exercises for chapter 8: a price on weights, convolution windows, pooling, and when to stop training."""

from collections.abc import Iterator

import numpy as np

from tensorbook.exercises.expected_kinds import count, number, shape
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
        (np.array([[1.0, 2.0], [4.0, 3.0]]), "There is one window here. Keep its largest number."),
        (np.arange(16.0).reshape(4, 4), "The windows don't overlap. Each pixel is in exactly one of them."),
        (-random.uniform(1, 2, size=(4, 6)), "All the numbers are below zero here, and the picture isn't square."),
        (random.normal(size=(5, 7)), "A row or column left over at the end has no partner. Ignore it, as Keras does."),
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
        (
            [0.9, 0.6, 0.5, 0.7],
            5,
            "Training runs to the end here. Find the epoch with the lowest loss, counting from 0.",
        ),
        ([0.9, 0.6, 0.5, 0.7, 0.8, 0.1], 2, "Training stops before the last epoch here, so that one never happens."),
        (
            [0.9, 0.6, 0.7, 0.5, 0.8, 0.9],
            2,
            "A patience of 2 tolerates one bad epoch, and a new best restarts the count.",
        ),
        ([0.5, 0.5, 0.5, 0.4], 2, "A loss equal to the best so far is no better."),
        ([0.3, 0.4, 0.5], 1, "The very first epoch can be the best."),
        (
            random.uniform(size=40).round(2).tolist(),
            6,
            "Keep track of the best loss and its epoch, and count the epochs since then.",
        ),
    ):
        yield Case((losses, patience), best_epoch(np.array(losses), patience), hint)


EXERCISES = (
    ValueExercise(
        name="weight-price",
        kind=number,
        solve=lambda: float(0.5 + 0.01 * np.square(_KERNEL).sum()),
        right="The weight 3 costs more than the rest: large weights cost the most.",
        common_mistakes=(
            (0.5 + 0.01 * 6, "That adds up the sizes of the weights. L2 adds up their squares."),
            (
                0.5 + 0.01 * 2,
                "That adds up the weights, so positive and negative ones cancel. L2 adds up their squares.",
            ),
            (0.01 * 14, "That is the price of the weights. Add the loss on the pictures to it."),
            (0.5 + 0.01 * 6**2, "Square each weight first, then add."),
        ),
        hint="Square each weight, add the squares, multiply by 0.01, and add the loss on the pictures.",
        tolerance=0.005,
    ),
    ValueExercise(
        name="window-weights",
        kind=count,
        solve=lambda: np.zeros((3, 3, 32, 64)).size + np.zeros(64).size,
        right="Each window is 32 deep, with 3 × 3 × 32 weights and one bias.",
        common_mistakes=(
            (64 * 10, "That would be right for one input channel. How many channels does this layer get?"),
            (64 * 9 * 32, "Each window has a bias, too."),
            (64 * (9 + 32) + 64, "Each window has 3 × 3 weights for every input channel."),
            (64 * 10 * 32, "Each window has a single bias, not one per channel."),
        ),
        hint="Each window has 3 × 3 weights for every input channel, plus a bias. There are 64 windows.",
    ),
    ValueExercise(
        name="two-layers",
        kind=shape,
        solve=_after_two_layers,
        right="The window trims 4, pooling halves it, and each window is a channel.",
        common_mistakes=(
            ((24, 24, 16), "That is the shape after the convolution. Pooling makes it smaller."),
            (
                (13, 13, 16),
                "That would be right for 3 × 3 windows. How many places does a row of 28 have for a window of 5?",
            ),
            ((14, 14, 16), "A window has to fit in the picture, so it can't start at every one of the 28 pixels."),
            ((12, 12), "How many pictures do 16 windows make from one picture?"),
            ((11, 11, 16), "A row of 6 has two places for a window of 5. How many does a row of 28 have?"),
        ),
        hint="The shape is (height, width, channels). Count the places for a window of 5 in a row of 28. Halve that.",
    ),
    FunctionExercise(
        name="max-pool",
        call="max_pool(image)",
        cases=_pictures,
        right="MaxPooling2D does the same, even with a leftover row or column.",
    ),
    FunctionExercise(
        name="best-epoch",
        call="best_epoch(losses, patience)",
        cases=_trainings,
        right="EarlyStopping with restore_best_weights keeps the same epoch.",
    ),
)
