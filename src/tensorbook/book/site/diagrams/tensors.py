"""What a tensor is: its rank and shape, the digits as one tensor, its parts, and batches of it."""

from tensorbook.book.site.diagrams.cells import HOT, PLAIN, ROWS, caption, dots, grid, sheet, stack
from tensorbook.book.site.diagrams.svg import SMALL, Drawing

SAMPLES = 60_000
SIDE = 28
BATCH = 128


def ranks() -> str:
    """Return the tensors of rank 0 to 5."""
    images, videos = (128, 256, 256, 3), (4, 240, 256, 144, 3)
    drawing = Drawing(
        "ranks",
        (400, 410),
        "Tensors of rank 0 to 5",
        "Six tensors, each with one more axis than the one before. Rank 0, a scalar: one cell, shape (). "
        "Rank 1, a vector: four cells in a row, shape (4,). Rank 2, a matrix: three rows of five cells, "
        "shape (3, 5). Rank 3: three such matrices, one behind another, shape (3, 3, 5). Rank 4, a batch of "
        f"colour images: a row of images, each three sheets deep, one for each colour, shape {images}. Rank "
        f"5, a batch of videos: four rows of images, one row for each video, shape {videos}.",
    )
    left, right = 100, 300
    grid(drawing, "scalar", [[12]], (left - 13, 12), (26, 26))
    caption(drawing, left, 60, "rank 0: a scalar", "()")
    grid(drawing, "vector", [[12, 3, 6, 14]], (right - 52, 12), (26, 26))
    caption(drawing, right, 60, "rank 1: a vector", (4,))

    matrix = [[5, 78, 2, 34, 0], [6, 79, 3, 35, 1], [7, 80, 4, 36, 2]]
    grid(drawing, "matrix", matrix, (left - 65, 122), (26, 26))
    caption(drawing, left, 222, "rank 2: a matrix", (3, 5))
    stack(drawing, (right - 65, 137), (105, 63), (PLAIN,) * 3, (13, 13), (3, 5))
    caption(drawing, right, 222, "rank 3: a stack", (3, 3, 5))

    for x in (7, 50, 93, 155):
        stack(drawing, (x, 306), (28, 28), ROWS, (5, 5))
    dots(drawing, 143, 315, (5, 0))
    caption(drawing, left, 378, "rank 4: images", images)
    for video in range(videos[0]):
        for x in (212, 234, 256, 278, 300, 322, 362):
            stack(drawing, (x, 276 + 22 * video), (9, 16), ROWS, (3, 2))
        dots(drawing, 350, 283 + 22 * video, (4, 0))
    caption(drawing, right, 378, "rank 5: videos", videos)
    return str(drawing)


def mnist_tensor() -> str:
    """Return the training images as a stack with its three axes named and one image picked out."""
    shape, picked = (SAMPLES, SIDE, SIDE), 4
    drawing = Drawing(
        "mnist-tensor",
        (360, 344),
        "The training images as one tensor",
        f"A stack of square sheets, labelled train_images, of shape {shape}. Axis 0 runs from the front sheet, a "
        f"five, to the back of the stack, through {SAMPLES:,} samples. Axis 1 runs down a sheet, through {SIDE} "
        f"rows. Axis 2 runs across it, through {SIDE} columns. The fifth sheet, train_images[{picked}], is "
        f"taken out of the stack. It shows a nine and is a matrix of shape {shape[1:]}.",
    )
    drawing.text(180, 18, "train_images", "tb-text tb-strong tb-code", anchor="end")
    drawing.text(192, 18, str(shape), "tb-muted tb-code", anchor="start")
    size, x, y, right, up = 96, 78, 152, 11, 9
    sheet(drawing, (x + 10 * right, y - 10 * up), (size, size))
    dots(drawing, x + size + 8 * right, y + size - 8 * up, (right / 2, -up / 2))
    stack(drawing, (x, y), (size, size), [HOT if index == picked else PLAIN for index in range(7)], (right, up))
    drawing.text(x + size / 2, y + size / 2, "5", "tb-digit", size=64)

    drawing.arrow([(x - 10, y - 6), (x - 10 + 10 * right, y - 6 - 10 * up)])
    _axis(drawing, (8, 78), 0, "samples", SAMPLES)
    drawing.arrow([(x - 12, y + 2), (x - 12, y + size)])
    _axis(drawing, (8, y + size / 2 - 18), 1, "rows", SIDE)
    drawing.arrow([(x + 2, y + size + 12), (x + size, y + size + 12)])
    _axis(drawing, (x + 2, y + size + 30), 2, "columns", SIDE)

    out = (248, 196)
    corner = (x + picked * right + size, y - picked * up + size)
    drawing.arrow([(corner[0] + 2, corner[1] + 4), (out[0] - 5, out[1] + 34)], "tb-arrow tb-arrow--hot")
    sheet(drawing, out, (size, size), kind=HOT)
    drawing.text(out[0] + size / 2, out[1] + size / 2, "9", "tb-digit", size=64)
    drawing.text(out[0] + size / 2, 308, f"train_images[{picked}]", "tb-text tb-code", size=SMALL)
    drawing.text(out[0] + size / 2, 327, str(shape[1:]), "tb-muted tb-code", size=SMALL)
    return str(drawing)


def _axis(drawing: Drawing, place: tuple[float, float], axis: int, name: str, length: int) -> None:
    x, y = place
    drawing.text(x, y, f"axis {axis}", "tb-muted", anchor="start", size=SMALL)
    drawing.text(x, y + 17, name, "tb-text tb-strong", anchor="start", size=SMALL)
    drawing.text(x, y + 34, f"{length:,}", anchor="start", size=SMALL)


def slices() -> str:
    """Return the corner and the centre of an image, as slices take them."""
    half = SIDE // 2
    drawing = Drawing(
        "slices",
        (360, 272),
        "Two slices of an image",
        f"Two squares of {SIDE} by {SIDE} pixels. In the first, the slice [14:, 14:] is marked. It is the bottom-right "
        f"quarter, from index 14 to the end in both directions. In the second, the slice [7:-7, 7:-7] is marked. It "
        f"is the centre, from index 7 up to 7 before the end, which is index 21. Both slices are {half} by {half} "
        f"pixels.",
    )
    _slice(drawing, 32, "the corner", "[14:, 14:]", slice(14, None))
    _slice(drawing, 208, "the centre", "[7:-7, 7:-7]", slice(7, -7))
    return str(drawing)


def _slice(drawing: Drawing, left: float, name: str, written: str, part: slice) -> None:
    top, pixel = 34, 5
    start, stop, _ = part.indices(SIDE)
    sheet(drawing, (left, top), (SIDE * pixel, SIDE * pixel), (SIDE, SIDE))
    side = (stop - start) * pixel
    drawing.rect(left + start * pixel, top + start * pixel, side, side, "tb-window", 1)
    for index in sorted({0, start, stop, SIDE}):
        drawing.text(left + index * pixel, top - 13, str(index), "tb-muted", size=SMALL)
        drawing.text(left - 8, top + index * pixel, str(index), "tb-muted", anchor="end", size=SMALL)
    for first, end in ((0, start), (stop, SIDE)):
        if first < end:
            _bracket(drawing, left + first * pixel + 1, left + end * pixel - 1, top + SIDE * pixel + 5, 5)
            drawing.text(left + (first + end) * pixel / 2, 196, str(end - first), size=SMALL)
    middle = left + SIDE * pixel / 2
    drawing.text(middle, 221, name, "tb-text tb-strong")
    drawing.text(middle, 240, written, "tb-text tb-code")
    drawing.text(middle, 258, str((stop - start, stop - start)), "tb-muted tb-code", size=SMALL)


def batches() -> str:
    """Return the training images cut into batches, the last of which is short."""
    full, rest = divmod(SAMPLES, BATCH)
    drawing = Drawing(
        "batches",
        (360, 204),
        "The training images cut into batches",
        f"A bar of {SAMPLES:,} samples, cut into {full} batches of {BATCH} samples, numbered 0 to {full - 1}, and a "
        f"shorter last batch of {rest} samples, number {full}, in a different colour.",
    )
    block, height, top, left = 50, 46, 50, 16
    x = float(left)
    for index in (0, 1, 2, None, full - 2, full - 1, full):
        if index is None:
            dots(drawing, x + 20, top + height / 2)
            x += 40
            continue
        size = rest if index == full else BATCH
        width = block * size / BATCH
        drawing.rect(x, top, width, height, HOT if index == full else ROWS[0])
        drawing.text(x + width / 2, top + height / 2, str(size))
        drawing.text(x + width / 2, top + height + 14, str(index), "tb-muted", size=SMALL)
        x += width
    _bracket(drawing, left, x, top - 10, -6)
    drawing.text((left + x) / 2, 18, f"{SAMPLES:,} samples", "tb-text tb-strong")
    last = x - block * rest / BATCH
    _bracket(drawing, left, last - 4, top + height + 28, 6)
    drawing.text((left + last) / 2, 149, f"{full} full batches")
    _bracket(drawing, last + 2, x, top + height + 28, 6)
    drawing.text((last + x) / 2, 149, "1 short")
    drawing.text(180, 184, f"{SAMPLES:,} = {full} · {BATCH} + {rest}", "tb-muted tb-code")
    return str(drawing)


def _bracket(drawing: Drawing, x0: float, x1: float, y: float, depth: float) -> None:
    drawing.line([(x0, y), (x0, y + depth), (x1, y + depth), (x1, y)], "tb-line")
