"""The exercises' feedback: which answers are accepted, and which messages wrong answers get."""

import re
from pathlib import Path

import numpy as np
import pytest

from tensorbook.exercises import CHAPTERS, EXERCISES, check
from tensorbook.exercises.better_network import best_epoch
from tensorbook.exercises.expected_kinds import show
from tensorbook.exercises.grading import Case, FunctionExercise, ValueExercise, blank


def slow_batches(x, size, last=True, empty=False):
    pieces = [x[start : start + size] for start in range(0, len(x) - size + 1, size)]
    rest = x[len(pieces) * size :]
    return pieces + [rest] * bool(empty or (last and len(rest)))


def search(x, start, entries=slice(None)):
    for entry in x[entries]:
        start = max(start, entry)
    return start


def ended_walk(slope, start, rate, steps, sign=-1, more=0):
    for _ in range(steps + more):
        start = start + sign * rate * slope(start)
    return start


def first_rise(losses, patience):  # noqa: ARG001  # what it forgets is the mistake
    return next((epoch for epoch in range(len(losses) - 1) if losses[epoch + 1] > losses[epoch]), len(losses) - 1)


def where_it_stopped(losses, patience):
    best = best_epoch(np.array(losses), patience)
    return min(best + patience, len(losses) - 1)


def pooled(image, step=2, rest=1):
    """Pool windows of 2 × 2; with a different step they overlap, and without a rest the short windows count."""
    rows, columns = (range(0, length - rest, step) for length in image.shape)
    return np.array([[image[i : i + 2, j : j + 2].max() for j in columns] for i in rows])


def cut_short(ink):
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1], columns[0] : columns[-1]]


def kept_epoch(losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(losses):
        best, waited = (epoch, 0) if loss < losses[best] else (best, waited + (epoch > 0))
        if waited == patience:
            break
    return best


def framed(ink):
    marked = [(row, column) for row, line in enumerate(ink) for column, shade in enumerate(line) if shade]
    (top, bottom), (left, right) = ((min(places), max(places)) for places in zip(*marked, strict=True))
    return [line[left : right + 1] for line in ink[top : bottom + 1]]


# For each exercise, a right answer: worked out manually, or in a different way than in its module.
RIGHT = {
    # chapter 1
    "one-picture": (1, 28, 28),
    "bytes": 47_040_000,
    "more-ink": 44,
    "count-digits": lambda labels: [list(labels).count(digit) for digit in range(10)],
    "baseline": lambda labels: max(list(labels).count(digit) for digit in range(10)) / len(labels),
    # chapter 2
    "weights": 203_530,
    "shifted": [0.042, 0.114, 0.844],
    "place": 89,
    "decode": lambda rows: [list(row).index(max(row)) for row in rows],
    "accuracy": lambda p, y: sum(row[label] == max(row) for row, label in zip(p, y, strict=True)) / len(y),
    # chapter 3
    "brackets": (1, 2, 1),
    "photo-bytes": 2_400_000,
    "divided": "float64",
    "heartbeats": (20, 8_640_000, 12),
    "channels-last": lambda photos: np.moveaxis(photos, 1, -1),
    # chapter 4
    "three-slices": (100, 20, 18),
    "one-row": (32, 28),
    "last-batch": (105, 16),
    "window": 18,
    "batches": lambda x, size: np.split(x, range(size, len(x), size)),
    # chapter 5
    "does-not-add": "b",
    "transposed-dot": (512, 128),
    "multiplications": 51_380_224,
    "largest": lambda x: sorted(x)[-1],
    "column-means": lambda x: [sum(map(float, column)) / len(column) for column in x.T],
    # chapter 6
    "three-losses": 1.39,
    "one-step": 1,
    "too-far": -27,
    "nudged-slope": lambda f, x: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
    "walk": ended_walk,
    # chapter 7
    "cut-off": 0,
    "score-gradients": [0.7, -0.8, 0.1],
    "first-step": 0.00316,
    "leaky-backward": lambda inputs, gradients: np.where(inputs > 0, gradients, gradients / 10),
    "momentum": lambda w, g, v: (w + 0.9 * v - 0.1 * g, 0.9 * v - 0.1 * g),
    # chapter 8
    "weight-price": 0.64,
    "window-weights": 18_496,
    "two-layers": (12, 12, 16),
    "max-pool": pooled,
    "best-epoch": kept_epoch,
    # chapter 9
    "scaled-shape": (8, 20),
    "balance": 2.5,
    "cut-out": framed,
    # chapter 10
    "last-share": 24,
    "traffic": 763_625_800,
    "together": lambda means, sizes: np.average(means, axis=0, weights=sizes),
}
# For each exercise, wrong answers that people give, and the messages they get.
WRONG = {
    # chapter 1
    "one-picture": [
        ((28, 28), "You answered (28, 28). That is the shape of test_images[0]. Is :1 an index?"),
        ((10_000, 28, 28), "How many images come before index 1?"),
        (1, "Expected a shape such as (2, 3), got 1; write a shape with one axis as (5,)"),
        ((1, 784), "Start with the shape of train_images[:10]."),
        ((2, 28, 28), "Which indices does :1 include? Try it on a list: [10, 20, 30][:1]."),
    ],
    "bytes": [
        (60_000 * 28, "How many pixels does an image have?"),
        (376_320_000, "That is the number of bits. A byte has eight bits."),
        (188_160_000, "That would be four bytes per pixel, as in float32."),
        (47.5, "Expected a whole number, got 47.5."),
        (54_880_000, "Count only the training set."),
    ],
    "more-ink": [
        (300, "Does that fit in eight bits?"),
        (255, "The sum doesn't stop at the largest number."),
        (45, "Almost. How many different values can a uint8 have, counting the 0?"),
    ],
    "count-digits": [
        (lambda labels: np.bincount(labels), "of shape (4,); expected an array of shape (10,). A digit that doesn't"),
        (
            lambda labels: [int((labels == n).sum()) for n in range(1, 10)],
            "of shape (9,); expected an array of shape (10,)",
        ),
        (
            lambda labels: np.bincount(labels, minlength=10) / len(labels),
            "Return ten counts, in the order of the digits: how many 0s, how many 1s, and so on.",
        ),
    ],
    "baseline": [
        (lambda labels: (labels == 1).mean(), "The most common label isn't always 1. Count the labels first."),
        (lambda labels: np.bincount(labels).max(), "returned 3. What share of these labels"),
        (lambda labels: np.bincount(labels).argmax(), "baseline(array([1, 1, 1, 7])) returned 1. What share"),
    ],
    # chapter 2
    "weights": [
        (203_264, "Each unit has one more number than it has inputs."),
        (200_960, "The second layer has its own weights."),
        (203_520, "Almost. The ten units in the output layer have biases, too."),
        (203_525, "Close. But is the number of output biases, which is ten, halved as well?"),
        (407_050, "That is the number for 512 hidden units."),
    ],
    "shifted": [
        ([0.30, 0.32, 0.38], "Those are the numbers divided by their sum."),
        ([0, 0, 1], "The numbers are as far apart as before."),
        ([1 / 3, 1 / 3, 1 / 3], "The numbers aren't equal."),
        (0.84, "Expected a list of numbers such as [0.5, 1.0], got 0.84."),
    ],
    "place": [
        (143, "That counts down the columns. An image is flattened row by row."),
        (90, "Almost. Is the very first pixel at index 1?"),
        (15, "How many pixels are in the three rows above it?"),
        (61, "Rows are counted from 0, so how many rows are above row 3?"),
    ],
    "decode": [
        (lambda rows: rows.argmax(), "returned 5; expected an array of shape (3,). Return one label for each row"),
        (lambda rows: rows.argmax(axis=0), "of shape (10,); expected an array of shape (3,)."),
        (lambda rows: rows.max(axis=1), "Return one label for each row. Where in the row is the 1?"),
        (lambda rows: np.nonzero(rows == 1)[1], "Where in the row is the largest number?"),
    ],
    "accuracy": [
        (lambda p, y: (p.argmax(axis=1) == y).sum(), "returned 3. Return the share of right answers"),
        (lambda p, y: (p[np.arange(len(y)), y] > 0.5).mean(), "however small it is."),
        (lambda p, y: p[np.arange(len(y)), y].mean(), "returned 0.7. Return the share of right answers"),
    ],
    # chapter 3
    "brackets": [
        ((1, 1, 2), "Count from the outside in"),
        ((2, 1), "There are three opening brackets before the first number."),
        (3, "Expected a shape such as (2, 3), got 3"),
        ((2, 1, 1), "Count from the outside in. The outermost pair has a single item."),
        ((2,), "There are two numbers, but each has its own brackets, and there are more brackets around both."),
    ],
    "photo-bytes": [
        (600_000, "That would be right for uint8, which takes one byte."),
        (800_000, "A colour image has more than one number per pixel."),
        (240_000, "That is the size of one photo."),
        (19_200_000, "That is the number of bits. A byte has eight bits."),
    ],
    "divided": [
        ("uint8", "You answered 'uint8'. A uint8 can hold only whole numbers."),
        (np.float32, "You answered float32. No float32 is involved here."),
        ("a float", "Expected a dtype such as 'uint8', got 'a float'."),
        ("int64", "A quotient isn't always a whole number."),
    ],
    "heartbeats": [
        ((20, 12, 8_640_000), "time is axis 1."),
        ((20, 24, 12), "A timestep is a measurement, not an hour"),
        ((20, 86_400, 12), "That is the number of seconds."),
        ((20, 8_640_000), "Each measurement consists of twelve numbers."),
    ],
    "channels-last": [
        (
            lambda photos: photos.reshape(len(photos), *photos.shape[2:], photos.shape[1]),
            "Follow one number: photos[0, 1, 2, 3] must end up at [0, 2, 3, 1] in the result.",
        ),
        (lambda photos: photos.swapaxes(1, 3), "of shape (2, 5, 4, 3); expected an array of shape (2, 4, 5, 3)"),
        (lambda photos: photos, "; expected an array of shape (2, 4, 5, 3)"),
    ],
    # chapter 4
    "three-slices": [
        ((100, 20, 10), "10: means from index 10 to the end, not the first ten."),
        ((100, 24, 18), "4:-4 drops four rows at the start and four more at the end."),
        ((59_900, 20, 18), "-100: starts a hundred before the end. :-100 would stop there."),
        ((99, 20, 18), "-1 is the last index. How many indices are there from -100 to -1?"),
        ((100, 20, 17), "The last index is 27, and 10: includes it."),
    ],
    "one-row": [
        ((32, 1, 28), "What does a number without a colon do to its axis?"),
        ((32, 14, 28), "14 is a single index here, not a slice up to 14."),
        ((32, 14), "Which axis is left?"),
        ((32, 28, 28), "The second axis has an index, too."),
    ],
    "last-batch": [
        ((104, 16), "Isn't the short one a batch, too?"),
        ((105, 96), "If the last batch were full, too, how many images would there be?"),
        (105, "Expected two whole numbers in brackets, such as (2, 3), got 105."),
        ((105, 16, 0), "Expected two whole numbers in brackets, such as (2, 3), got (105, 16, 0)."),
        ((104, 96), "Can that many full batches hold all 10,000 images?"),
        ((105, 80), "That is how many images are missing from the last batch."),
    ],
    "window": [
        (10, "Is b a copy?"),
        (19, "b[0] is not a[0]"),
        (27, "Write down a, mark the part that b covers, and replace the first number in that part with 9."),
        (14, "That is the sum of b. What is the sum of a?"),
    ],
    "batches": [
        (lambda x, size: slow_batches(x, size, last=False), "; expected 4 results. The samples left over"),
        (lambda x, size: slow_batches(x, size, empty=True), "; expected 2 results. Each batch starts"),
        (
            lambda x, size: np.array_split(x, -(-len(x) // size)),
            "The samples left over at the end are a batch, too, just a shorter one.",
        ),
        (lambda x, size: [x[i : i + size] for i in range(0, len(x) - 1, size + 1)], "Each batch starts where"),
    ],
    # chapter 5
    "does-not-add": [
        ("a", "That works like a bias: one number per column, the same in every row."),
        ("C", "You answered 'C'. The 1 is repeated to make 4"),
        ("none", "Expected one letter such as 'a', got 'none'."),
        ("x", "Answer with one of the letters a to d."),
        ("d", "A scalar can be added to anything: every axis that it lacks counts as 1."),
    ],
    "transposed-dot": [
        ((128, 512), "That is the shape of images @ kernel."),
        ((784, 784), "784 is the length of the two axes that meet in the middle"),
        ((784, 128), "Where do the two 784s meet?"),
    ],
    "multiplications": [
        (784 * 512, "That is the number for one picture."),
        (128 * 512, "That is the number of results."),
        (784, "How many entries does the result have"),
        (128 * 784, "That is the number of pixels. How many units look at each one?"),
        (2 * 128 * 784 * 512, "That includes the additions."),
    ],
    "largest": [
        (lambda x: search(x, 0), "largest(array([-3., -1., -2.])) returned 0. All of these are below zero"),
        (lambda x: search(x, x[0], slice(None, -1)), "Does the loop reach the last entry?"),
        (lambda x: search(x, -np.inf, slice(1, None)), "Does the loop look at the first entry?"),
        (lambda x: x.argmax(), "Return the largest entry itself, not its index."),
    ],
    "column-means": [
        (lambda x: x.mean(axis=1), "of shape (2,); expected an array of shape (3,). For each column"),
        (lambda x: x.mean(), "; expected an array of shape (3,)"),
        (lambda x: sum(x[1:], x[0]) / len(x), "These are uint8 pixels. Does the sum fit in eight bits?"),
        (lambda x: x.astype(float).sum(axis=0) / x.shape[1], "For each column, return the mean over all rows."),
        (lambda x: x.sum(axis=0) // len(x), "For each column"),
    ],
    # chapter 6
    "three-losses": [
        (2.0, "That is the base-2 logarithm. Use the natural logarithm, np.log."),
        (0.6, "That is the base-10 logarithm. Use the natural logarithm, np.log."),
        (-1.39, "A loss should be small when things go well."),
        (4.16, "That is the sum over the batch, not the mean."),
        (1.23, "Take the logarithm of each probability first, then the mean."),
    ],
    "one-step": [
        (0.6, "That goes uphill, with the slope. Downhill is against the slope."),
        (2.8, "Multiply the slope by the learning rate, which makes the step smaller."),
        (0.2, "That is the step."),
        (-3.2, "That goes uphill, with the slope, and it leaves out the learning rate."),
    ],
    "too-far": [
        (9, "That is where w is after two steps."),
        (-3, "That is where w is after one step."),
        (27, "On which side of the bottom does w land? The steps go back and forth."),
        (-11, "That takes the first step three times, but the slope changes after each step."),
    ],
    "nudged-slope": [
        (lambda f, x: f(x + 0.001) - f(x), "Divide the change in the result by the size of the nudge."),
        (lambda f, x: (f(x + 0.1) - f(x)) / 0.1, "nudged_slope(square, 3.0) returned 6.1."),
        (
            lambda f, x: (f(x + 0.05) - f(x)) / 0.05,
            "The slope is zero here. Does a smaller nudge get you closer to that?",
        ),
        (lambda f, x: abs(f(x + 1e-5) - f(x)) / 1e-5, "The function goes downhill here, and a slope has a sign."),
        (lambda f, x: (f(x + 1e-17) - f(x)) / 1e-17, "nudged_slope(square, 3.0) returned 0.0."),
        (lambda f, x: (f(x + 1e-5) - f(x - 1e-5)) / 1e-5, "nudged_slope(square, 3.0) returned 12.0."),
    ],
    "walk": [
        (lambda *given: ended_walk(*given, sign=1), "walk(slope, 5.0, 0.1, 1) returned 5.4. For one step"),
        (lambda *given: ended_walk(*given, more=1), "walk(slope, 5.0, 0.1, 1) returned 4.28. For one step"),
        (
            lambda slope, w, rate, steps: w - steps * rate * slope(w),
            "Each step needs the slope at the point where the previous step ended.",
        ),
    ],
    # chapter 7
    "cut-off": [
        (-48, "That is the slope without relu. What does relu turn w * x into here?"),
        (-12, "The network's output is right, but what is relu's factor in the product?"),
        (24, "That is the slope at w = 0.5."),
    ],
    "score-gradients": [
        ([-0.7, 0.8, -0.1], "It is the other way round: what the network said minus what it should have said."),
        ([0.7, 0.2, 0.1], "That is what the network said. What should it have said?"),
        (np.array([-0.3, 0.2, 0.1]), "Classes are counted from 0."),
        ([0.7, 0.8, 0.1], "One number has the wrong sign."),
    ],
    "first-step": [
        (0.001, "The running mean starts at 0 and takes only a tenth of the new square."),
        (0.1, "What is it divided by?"),
        (0.01, "The factor of a tenth is under the root, too."),
        (0.0001, "Divide the slope by the root of the mean square, not by the mean square itself."),
    ],
    "leaky-backward": [
        (
            lambda inputs, gradients: gradients * (inputs > 0),
            "leaky_backward(array([-4., 2.]), array([1., 1.])) returned array([0., 1.]). Below",
        ),
        (
            lambda inputs, gradients: np.where(inputs > 0, 1, 0.1),
            "Remember the chain rule, and multiply by the gradient that comes back, too.",
        ),
        (
            lambda inputs, gradients: gradients * np.where(inputs > 0, inputs, 0.1 * inputs),
            "lets a number through unchanged.",
        ),
        (
            lambda inputs, gradients: gradients * np.where(gradients > 0, 1, 0.1),
            "Remember the chain rule, and multiply by the gradient that comes back, too.",
        ),
    ],
    "momentum": [
        (
            lambda w, g, v: (w + 0.9 * v + 0.1 * g, 0.9 * v + 0.1 * g),
            "From a standstill, the new speed is minus a tenth of the slope.",
        ),
        (
            lambda w, g, v: (w - 0.1 * g, v - 0.1 * g),
            "The ground is level now, but nine tenths of the speed remain, so the ball rolls on.",
        ),
        (lambda w, g, v: (w + v, 0.9 * v - 0.1 * g), "From a standstill, the new speed is minus a tenth of the slope."),
        (lambda w, g, v: w + 0.9 * v - 0.1 * g, "; expected 2 results"),
    ],
    # chapter 8
    "weight-price": [
        (0.56, "That adds up the sizes of the weights. L2 adds up their squares."),
        (0.52, "That adds up the weights, so positive and negative ones cancel."),
        (0.14, "That is the price of the weights. Add the loss on the pictures to it."),
        (0.86, "Square each weight first"),
    ],
    "window-weights": [
        (640, "That would be right for one input channel."),
        (18_432, "Each window has a bias, too."),
        (20_480, "Each window has a single bias, not one per channel."),
        (2_688, "Each window has 3 × 3 weights for every input channel."),
    ],
    "two-layers": [
        ((24, 24, 16), "That is the shape after the convolution. Pooling makes it smaller."),
        ((13, 13, 16), "That would be right for 3 × 3 windows."),
        ((14, 14, 16), "A window has to fit in the picture, so it can't start at every one of the 28 pixels."),
        ((12, 12), "How many pictures do 16 windows make from one picture?"),
        ((11, 11, 16), "A row of 6 has two places for a window of 5."),
    ],
    "max-pool": [
        (
            lambda image: image[: len(image) // 2 * 2].reshape(-1, 2, image.shape[1]).max(axis=1),
            "of shape (1, 2); expected",
        ),
        (
            lambda image: pooled(image, step=1),
            "of shape (3, 3); expected an array of shape (2, 2). The windows don't",
        ),
        (lambda image: image[1::2, ::2], "The windows don't overlap"),
        (lambda image: pooled(image, rest=0), "A row or column left over at the end has no partner."),
        (
            lambda image: np.maximum(pooled(image), 0),
            "All the numbers are below zero here, and the picture isn't square.",
        ),
    ],
    "best-epoch": [
        (
            lambda losses, patience: int(np.argmin(losses)),
            "Training stops before the last epoch here, so that one never happens.",
        ),
        (first_rise, "A patience of 2 tolerates one bad epoch, and a new best restarts the count."),
        (where_it_stopped, "Find the epoch with the lowest loss"),
    ],
    # chapter 9
    "scaled-shape": [
        ((20, 50), "That makes the shorter side 20. Does the longer side fit in the box?"),
        ((20, 20), "That would stretch the digit."),
        ((20, 8), "Rows come first."),
        (20, "Expected a shape such as (2, 3), got 20"),
        ((28, 28), "That is the size of the whole picture. How large is the digit in it?"),
    ],
    "balance": [
        (2, "Does one of them weigh more?"),
        (1.5, "That is the middle of the row"),
        (500, "That is the sum of each position times its ink."),
        ([0, 0.25, 0, 2.25], "Expected a number, got [0, 0.25, 0, 2.25]."),
        (3, "That is where most of the ink is."),
        (125, "That is a mean of the ink."),
    ],
    "cut-out": [
        (
            lambda ink: ink[ink.any(axis=1)][:, ink.any(axis=0)],
            "Keep a gap between two strokes, such as the one below the dot of an i.",
        ),
        (lambda ink: cut_short(ink), "Does your slice include the last row and the last column with ink?"),
        (lambda ink: ink[ink.any(axis=1)], "of shape (2, 7); expected an array of shape (2, 3)"),
        (lambda ink: ink[1:-1, 1:-1], "expected an array of shape (2, 3)"),
    ],
    # chapter 10
    "last-share": [
        (32, "That is a share of a full batch."),
        (96, "That is the whole last batch."),
        (15_000, "That is a share of the whole epoch."),
        (128, "That is a full batch before it is shared."),
    ],
    "traffic": [
        (1_628_200, "That is the number for one step."),
        (469 * 407_050, "That is the number of slopes. How many bytes does each one take?"),
        (4 * 407_050 * 60_000, "Slopes are sent once per batch, not once per picture."),
        (1_876, "That would be right for one slope per batch."),
    ],
    "together": [
        (lambda means, sizes: means.mean(axis=0), "A share of 4 pictures counts for more than a share of 2."),
        (
            lambda means, sizes: means.sum(axis=0),
            "If all shares are the same size, the result is the mean of the means.",
        ),
        (lambda means, sizes: sizes @ means, "If all shares are the same size, the result is the mean of the means."),
        (lambda means, sizes: (means.T * sizes / sizes.sum()).T, "; expected an array of shape (1,)"),
    ],
}
# Answers that fit no exercise at all.
JUNK = [None, "", "a thing", {}, [], (), [[1], [2, 3]], True, float("nan"), object(), len, lambda: 0, str]
JUNK += [float("inf"), [float("inf")], [[]], (True, False), 10**30, ("f8", -1), "f8,", b"b", 1j]
ROWS = [(name, answer, told) for name, rows in WRONG.items() for answer, told in rows]


@pytest.fixture
def told(capsys):
    """Return what `check` prints, which is one line each time."""

    def told(name, answer):
        assert check(name, answer) is None
        out, err = capsys.readouterr()
        assert out.endswith((".\n", "?\n"))
        assert out.count("\n") == 1
        assert not err
        return out

    return told


def plain(value):
    """Return a value in a form to write down: a function as three of its values, and an array with its dtype."""
    if callable(value):
        return [round(float(value(x)), 6) for x in (-1.0, 0.5, 2.0)]
    if isinstance(value, (tuple, list)):
        return type(value)(plain(one) for one in value)
    if isinstance(value, np.ndarray):
        return f"{np.round(value, 6).tolist()} {value.dtype}"
    return round(value, 6) if isinstance(value, float) else value


def asked(exercise):
    """Yield a line for each common mistake in an exercise, or for each case with which it calls a function."""
    if isinstance(exercise, ValueExercise):
        yield f"{exercise.name} is {plain(exercise.solve())}"
        yield from (
            f"{exercise.name} is not {plain(mistake)}: {advice}" for mistake, advice in exercise.common_mistakes
        )
        return
    one, other = (exercise.cases(np.random.default_rng(seed)) for seed in (1, 2))
    for case, again in zip(one, other, strict=True):
        given, drawn = list(plain(case.arguments)), False
        for place, (argument, different) in enumerate(zip(given, plain(again.arguments), strict=True)):
            if argument != different:  # random arguments are described by their size
                size = getattr(case.arguments[place], "shape", type(case.arguments[place]).__name__)
                given[place], drawn = f"drawn, {size}", True
        answer = "something" if drawn else plain(case.expected)
        yield f"{exercise.name} is {answer} for {given}: {case.hint}"


def test_each_exercise_asks_as_it_did_when_somebody_last_read_it(approved):
    """A different example may be just as good, but the advice has to fit it."""
    lines = [line for exercise in EXERCISES.values() for line in asked(exercise)]
    approved("".join(f"{line}\n" for line in lines), Path(__file__).with_name("approved_exercises.txt"))


@pytest.mark.parametrize(("name", "answer", "expected"), ROWS, ids=[f"{row[0]}-{n}" for n, row in enumerate(ROWS)])
def test_a_wrong_answer_is_told_what_came_and_where_to_look(told, name, answer, expected):
    out = told(name, answer)
    assert out.startswith("Not yet. ")
    assert expected in out


@pytest.mark.parametrize("name", EXERCISES)
def test_each_exercise_accepts_what_is_right_and_says_why(told, name):
    assert told(name, RIGHT[name]) == f"Right. {EXERCISES[name].right}\n"


@pytest.mark.parametrize("name", [name for name, answer in RIGHT.items() if isinstance(answer, int)])
def test_a_whole_number_is_worked_out_to_the_last_digit(name):
    """This is true even if readers may round it."""
    assert EXERCISES[name].solve() == pytest.approx(RIGHT[name], rel=1e-9)


@pytest.mark.parametrize("name", EXERCISES)
def test_each_exercise_rejects_at_least_two_typical_answers(name):
    assert len(WRONG[name]) >= 2


def test_all_that_an_exercise_has_to_say_is_said_to_somebody(told):
    """Each of its common mistakes is above, among the wrong answers."""
    for name, exercise in EXERCISES.items():
        said = [told(name, answer) for answer, _ in WRONG[name]]
        if isinstance(exercise, ValueExercise):
            unsaid = [advice for _, advice in exercise.common_mistakes if not any(advice in line for line in said)]
            assert not unsaid, name


@pytest.mark.parametrize("name", [name for name, exercise in EXERCISES.items() if isinstance(exercise, ValueExercise)])
def test_no_message_gives_the_answer_away(told, name):
    exercise = EXERCISES[name]
    solution = exercise.solve()
    forms = {str(solution), repr(solution), f"{solution:,}" if isinstance(solution, int) else repr(solution)}
    answers = [*(mistake for mistake, _ in exercise.common_mistakes), *(answer for answer, _ in WRONG[name])]
    for answer in answers:
        out = told(name, answer)
        assert out.startswith("Not yet. ")
        assert not [form for form in forms if re.search(rf"(?<![\w.,-]){re.escape(form)}(?![\w.])", out)], out


@pytest.mark.parametrize("name", EXERCISES)
def test_an_answer_of_the_wrong_kind_is_told_what_is_wanted(told, name):
    assert [junk for junk in JUNK if not told(name, junk).startswith("Not yet. ")] == []


def test_the_solution_is_accepted_in_every_form_of_it(told):
    for name, forms in {
        "one-picture": [(1, 28, 28), [1, 28, 28], np.array([1, 28, 28])],
        "bytes": [47_040_000, 47_040_000.0, np.int64(47_040_000)],
        "more-ink": [44, [44], (44,), np.array([44]), np.array([[44.0]])],
        "shifted": [[0.04, 0.11, 0.84], np.float32([0.042, 0.114, 0.844])],
        "divided": ["float64", " float64", "np.float64", "double", float, np.float64, np.dtype("float64")],
        "does-not-add": ["b", "B", " b"],
        "three-losses": [1.39, 1.386, np.array(1.3863)],
        "first-step": [0.00316, -0.00316],
        "batches": [
            lambda x, size: (x[start : start + size] for start in range(0, len(x), size)),
            lambda x, size: tuple(slow_batches(x, size)),
        ],
    }.items():
        for form in forms:
            assert told(name, form).startswith("Right. "), (name, form)


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("bytes", "47040000", "Expected a whole number, got '47040000'; remove the quotes."),
        ("bytes", "47_040_000", "remove the quotes."),
        ("one-picture", "(1, 28, 28)", "Expected a shape such as (2, 3), got '(1, 28, 28)'; remove the quotes."),
        ("shifted", "[0.04, 0.11, 0.84]", "remove the quotes."),
        ("three-losses", (1, 39), "Expected a number, got (1, 39); write a single number without commas."),
        ("bytes", "many", "Expected a whole number, got 'many'."),
        ("bytes", "(1, 2)", "Expected a whole number, got '(1, 2)'."),
    ],
)
def test_a_value_in_the_wrong_dress_is_told_how_to_write_it(told, name, answer, expected):
    assert told(name, answer).endswith(f"{expected}\n")


def test_a_tensor_is_as_good_as_an_array(told):
    import keras

    assert told("three-losses", keras.ops.convert_to_tensor(1.3863)).startswith("Right. ")
    assert told("decode", lambda rows: keras.ops.argmax(rows, axis=1)).startswith("Right. ")


def test_a_name_that_no_exercise_has_is_answered_with_the_nearest(told):
    assert told("one picture", (1, 28, 28)) == "There is no exercise named 'one picture'. Did you mean 'one-picture'?\n"
    assert "Each exercise gives its name" in told("xyz", 1)
    assert "There is no exercise named (1, 28, 28)" in told((1, 28, 28), "one-picture")
    assert "There is no exercise named [1]" in told([1], "one-picture")


def test_a_function_that_was_called_already_is_asked_for_itself(told):
    assert told("largest", 7.0) == (
        "Not yet. Pass the function itself, without calling it: check('largest', largest). You passed 7.0.\n"
    )


def test_a_function_with_other_arguments_is_told_how_it_is_called(told):
    assert "The call is accuracy(probabilities, labels), but your function" in told("accuracy", lambda rows: rows)


def test_a_function_that_raises_is_told_what_and_for_which_arguments(told):
    out = told("largest", lambda x: x[len(x)])
    assert out.startswith("Not yet. largest(array([2., 7., 1.])) raised IndexError: index 3 is out of bounds")
    assert "Traceback" not in out


def test_a_function_that_raises_is_told_at_which_of_its_lines(told):
    def largest(x):
        best = x[0]
        for place in range(len(x) + 1):
            best = max(best, x[place])
        return best

    number = largest.__code__.co_firstlineno + 3
    assert f"with size 3, on line {number}: best = max(best, x[place]). Return" in told("largest", largest)

    def averaged(x):
        return np.mean(x, axis=4)  # NumPy raises the error, but this is the line to look at

    number = averaged.__code__.co_firstlineno + 1
    assert f", on line {number}: return np.mean(x, axis=4) # NumPy" in told("largest", averaged)


def test_a_line_that_python_has_not_kept_is_told_by_its_number(told):
    typed = {}
    exec("def largest(x):\n    return x[7]\n", typed)
    assert "with size 3, on line 2. Return" in told("largest", typed["largest"])
    assert "raised TypeError: " in told("largest", ord)
    assert "on line" not in told("largest", ord)


def test_a_function_without_return_is_asked_for_one(told):
    assert told("largest", lambda x: None) == (
        "Not yet. largest(array([2., 7., 1.])) returned None. Is there a `return` at the end?\n"
    )


def test_a_function_that_writes_into_its_argument_is_told_so(told):
    def sorting(x):
        x.sort()
        return x[-1]

    assert "changed its argument" in told("largest", sorting)

    def momentum_step(weights, gradients, speed):
        speed *= 0.9
        speed -= 0.1 * gradients
        return weights + speed, speed

    assert "changed its argument" in told("momentum", momentum_step)


def test_a_function_that_returns_text_or_truths_is_told_that_numbers_are_wanted(told):
    assert "returned 'seven'; expected numbers" in told("largest", lambda x: "seven")
    assert "; expected numbers" in told("largest", lambda x: x > 1)


def test_what_a_function_is_called_with_is_the_same_each_time(told):
    seen = []
    for _ in range(2):
        told("largest", lambda x: seen.append(x.copy()) or x.max())
    half = len(seen) // 2
    assert half >= 5
    assert all(map(np.array_equal, seen[:half], seen[half:]))


def test_what_is_said_of_a_right_answer_fits_the_page():
    assert not [exercise.right for exercise in EXERCISES.values() if len(f"Right. {exercise.right}") > 76]


def test_no_two_exercises_share_a_name():
    assert len(EXERCISES) == sum(len(chapter.EXERCISES) for chapter in CHAPTERS)


def test_each_slip_is_a_slip_of_its_own():
    for exercise in EXERCISES.values():
        if isinstance(exercise, ValueExercise):
            texts = [exercise.grade(mistake).text for mistake, _ in exercise.common_mistakes]
            for (_, advice), text in zip(exercise.common_mistakes, texts, strict=True):
                assert text.endswith(advice), f"{exercise.name}: {advice!r} is never told"


def test_what_functions_are_called_with_has_edges_and_chance_in_it():
    for exercise in EXERCISES.values():
        if isinstance(exercise, FunctionExercise):
            assert len(list(exercise.cases(np.random.default_rng(0)))) >= 3
            one, other = (
                [repr(case.arguments) for case in exercise.cases(np.random.default_rng(seed))] for seed in (1, 2)
            )
            assert one != other, f"{exercise.name} draws nothing at random"


def test_best_epoch_is_what_keras_restores():
    import keras

    class Weightless:
        stop_training = False

        def get_weights(self):
            return self.epoch

        def set_weights(self, epoch):
            self.epoch = epoch

    random = np.random.default_rng(0)
    for _ in range(200):
        losses, patience = random.uniform(size=12).round(1), int(random.integers(1, 5))
        stop = keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
        model = Weightless()
        stop.set_model(model)
        stop.on_train_begin()
        for epoch, loss in enumerate(losses):
            model.epoch = epoch
            stop.on_epoch_end(epoch, {"val_loss": loss})
            if model.stop_training:
                break
        stop.on_train_end()
        assert best_epoch(losses, patience) == stop.best_epoch == model.epoch, (losses, patience)


def test_max_pool_expects_what_keras_pools():
    import keras

    for case in EXERCISES["max-pool"].cases(np.random.default_rng(0)):
        [image] = case.arguments
        pooled = keras.ops.max_pool(image[np.newaxis, :, :, np.newaxis], 2)
        assert np.allclose(pooled[0, :, :, 0], case.expected)


def written(expected):
    """Return an exercise whose function is called once, with 1."""
    return FunctionExercise("it", "it(x)", lambda _: [Case((1,), expected, "Look.")], "Right.")


def test_what_a_function_raises_is_told_to_its_last_letter():
    def raises(x):
        raise KeyError(x, "no")

    assert written(1).grade(raises).text.startswith("it(1) raised KeyError: (1, 'no'), on line ")


def test_the_shape_of_a_result_is_told_once():
    told = [written(1.0).grade(lambda _, size=size: np.zeros(size)).text for size in (12, 13)]
    assert told[0].endswith("]), of shape (12,); expected one number. Look.")
    assert told[1] == "it(1) returned an array of shape (13,); expected one number. Look."


def test_a_result_that_is_no_array_is_no_number():
    assert ", which is not an array of numbers. Look." in written(1.0).grade(lambda _: [[1], [1, 2]]).text


def test_a_blank_of_any_size_is_zero():
    assert blank(2, 3).tolist() == [[0, 0, 0]] * 2
    assert blank(10**9).nbytes == 10**9


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1,), "(1,)"),
        ([1], "[1]"),
        ((), "()"),
        ((1, 2), "(1, 2)"),
        (np.arange(12), "array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])"),
        ([np.array([1, 2]), [1, 2]], "[array([1, 2]), [1, 2]]"),
        (np.array([[7, 255]], "uint8"), "array([[7, 255]], dtype=uint8)"),
        (np.arange(13), "an array of shape (13,)"),
        (np.array([1 / 3, 1e-9]), "array([0.3333, 0. ])"),
        ("x" * 98, repr("x" * 98)),
        ("x" * 99, f"'{'x' * 96}..."),
    ],
)
def test_what_came_is_shown_whole_up_to_a_hundred_letters(value, text):
    assert show(value) == text
