"""Chapter 9: find the ink in a picture despite dust, noise, uneven light and a line in the margin."""

import numpy as np

DETAIL = 280  # pixels: a picture at least twice as long is made smaller by averaging, which also reduces noise
COARSE = 100  # pixels: a noisy picture is made smaller until it is less noisy, but not below this
NOISY = 4.0  # the largest standard deviation of the paper, of 255, that is not too noisy
CONTRAST = 16  # shades, of 255, by which ink has to differ from its background at least
FAINT = 48  # a shade fainter than this is not ink, if most ink is 255
PART = 1 / 8  # the least length of a part of a digit, as a share of the longest part: shorter parts are dust
TILES = 40  # the background is measured in at most about this many tiles along each side


def find_ink(grey: np.ndarray) -> np.ndarray:
    """Return the ink in a picture, with zero where there is paper.

    There are four steps. Average the pixels if the picture is large or noisy. Take the difference from the background,
    which may be brighter on one side. Keep what stands out from the noise. Keep parts as large as a digit, which
    excludes dust, and exclude lines from edge to edge unless there is nothing else.

    Args:
        grey: Array of shape ``(height, width)``, 0 (black) to 255 (white), dark ink on light or the reverse.

    Returns:
        float32 array, 0.0 where there is no ink; if the ink is black on white, most of it is about 255. The array has
        fewer rows and columns than the picture if pixels were averaged. It is all zero if nothing stands out.

    Examples:
        >>> sheet = np.full((60, 60), 255)
        >>> sheet[10:50, 28:32], sheet[2, 2] = 0, 0
        >>> ink = find_ink(sheet)
        >>> float(ink[20, 30]), float(ink[2, 2])
        (255.0, 0.0)
    """
    grey = take_means(grey, max(grey.shape) // DETAIL)
    ground = find_ground(grey)
    while (noise := _noise(grey - ground)) > NOISY and max(grey.shape) >= 2 * COARSE:
        grey = take_means(grey, 2)
        ground = find_ground(grey)
    darker = ground - grey
    strong = np.abs(darker) >= max(CONTRAST, 5 * noise)
    ink = darker if darker[strong].sum() >= 0 else -darker
    ground = np.maximum(ground, CONTRAST)
    light = ground.max() / ground  # in less light, ink and background differ by less
    ink, noise = ink * light, noise * float(np.median(light))
    kept = keep_parts(ink >= max(CONTRAST, 5 * noise))
    if not kept.any():
        return np.zeros(grey.shape, dtype=np.float32)
    most = float(np.percentile(ink[kept], 90))
    kept = keep_parts(ink >= max(FAINT * most / 255, 3 * noise))
    return np.where(kept, ink, 0).astype(np.float32)


def take_means(grey: np.ndarray, side: int) -> np.ndarray:
    """Return a smaller picture whose pixels are means of squares of the old pixels; the last squares may be cut off.

    Args:
        grey: Array of shape ``(height, width)``.
        side: The length of a square in pixels; with 1 or 0, the picture stays as it is.

    Returns:
        float32 array of shape ``(ceil(height / side), ceil(width / side))``.

    Examples:
        >>> take_means(np.array([[0, 2, 8], [4, 6, 0]]), 2)
        array([[3., 4.]], dtype=float32)
    """
    if side < 2:
        return grey.astype(np.float32)
    starts = [np.arange(0, length, side) for length in grey.shape]
    sums = np.add.reduceat(np.add.reduceat(grey, starts[0], axis=0, dtype=np.float32), starts[1], axis=1)
    rows, columns = (np.minimum(side, length - start) for start, length in zip(starts, grey.shape, strict=True))
    return np.asarray(sums / (rows[:, np.newaxis] * columns), dtype=np.float32)


def find_ground(grey: np.ndarray) -> np.ndarray:
    """Return how bright the paper would be at each pixel if there were no ink.

    Typical values at the edge are taken as paper. A smooth surface, ``a + bx + cy + dx² + exy + fy²``, is fitted to
    them by least squares, then fitted again without the values far from it, first along the edge and then everywhere.

    Args:
        grey: Array of shape ``(height, width)``.

    Returns:
        float32 array of the same shape, in quarters of a shade; for even paper, all entries are the same.

    Examples:
        >>> slope = np.tile(np.linspace(100, 200, 50), (50, 1))
        >>> float(np.abs(find_ground(slope) - slope).max()) < 0.2
        True
    """
    sides = [max(1, length // TILES) for length in grey.shape]
    rows, columns = (length // side for length, side in zip(grey.shape, sides, strict=True))
    whole = grey[: rows * sides[0], : columns * sides[1]].reshape(rows, sides[0], columns, sides[1])
    tiles = np.median(whole, axis=(1, 3)).astype(float)
    places = [
        (np.arange(count) + 0.5) * side / length
        for count, side, length in zip(tiles.shape, sides, grey.shape, strict=True)
    ]
    terms = _terms(*places)
    edge = np.ones(tiles.shape, dtype=bool)
    edge[1:-1, 1:-1] = False
    usual = float(np.median(tiles[edge]))
    off = np.abs(tiles - usual)
    for among in (edge, edge, edge, edge, True, True, True):
        paper = among & (off <= max(2.0, 3.7 * float(np.median(off[edge]))))  # 2.5 standard deviations
        if paper.sum() < 2 * terms.shape[-1]:
            return np.full(grey.shape, usual, dtype=np.float32)
        weights = np.linalg.lstsq(terms[paper], tiles[paper], rcond=None)[0]
        off = np.abs(tiles - terms @ weights)
    y, x = (2 * (np.arange(length) + 0.5) / length - 1 for length in grey.shape)
    a, b, c, d, e, f = weights
    y = y[:, np.newaxis]
    ground = a + b * x + c * y + d * x * x + e * x * y + f * y * y
    ground = np.clip(ground, tiles[paper].min(), tiles[paper].max())
    return np.asarray(np.rint(4 * ground) / 4, dtype=np.float32)


def _terms(down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Return the factors of the six weights of a surface: shape ``(rows, columns, 6)``."""
    y, x = np.meshgrid(2 * down - 1, 2 * across - 1, indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _noise(off: np.ndarray) -> float:
    """Return the standard deviation of the paper, if at least a quarter of the picture is paper."""
    return float(np.percentile(np.abs(off), 25)) / 0.3186  # of a normal distribution, a quarter is within 0.3186


def keep_parts(ink: np.ndarray) -> np.ndarray:
    """Remove parts that don't belong to a digit: dust, and lines from edge to edge.

    A part consists of pixels that touch, including diagonally. A part counts as dust if it is shorter than ``PART``
    times the longest. A line runs from one edge to the opposite one and is narrower than a tenth of the picture; it
    stays if nothing else has at least ``PART`` times its ink.

    Args:
        ink: bool array of shape ``(height, width)``: whether a pixel is ink.

    Returns:
        bool array of the same shape.

    Examples:
        >>> ink = np.eye(16, dtype=bool)
        >>> ink[1, 14] = True
        >>> np.argwhere(keep_parts(ink) != ink)
        array([[ 1, 14]])
    """
    rows, starts, ends, part = _runs(ink)
    if not len(rows):
        return ink.copy()
    top, bottom, left, right = (np.full(len(rows), first) for first in (len(ink), 0, ink.shape[1], 0))
    for side, reach, values in (
        (top, np.minimum, rows),
        (bottom, np.maximum, rows + 1),
        (left, np.minimum, starts),
        (right, np.maximum, ends),
    ):
        reach.at(side, part, values)
    pixels = np.bincount(part, ends - starts, len(rows))
    height, width = bottom - top, right - left
    across = (width == ink.shape[1]) & (height < ink.shape[0] / 10)
    down = (height == ink.shape[0]) & (width < ink.shape[1] / 10)
    kept = pixels > 0
    lines = kept & (across | down)
    if pixels[kept & ~lines].max(initial=0) >= PART * pixels[lines].max(initial=0):
        kept &= ~lines
    length = np.maximum(height, width)
    kept &= length >= PART * length[kept].max()
    changes = np.zeros((len(ink), ink.shape[1] + 1), dtype=np.int8)
    of_kept = kept[part]
    changes[rows[of_kept], starts[of_kept]] = 1
    changes[rows[of_kept], ends[of_kept]] = -1
    return np.asarray(changes[:, :-1].cumsum(axis=1), dtype=bool)


def _runs(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the runs of ink in all rows: the row, start and end of each, and the number of the part it belongs to."""
    steps = np.diff(np.pad(ink, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    # All rows in one line, with room between them. In the row below, a run touches those from `first` up to `last`.
    row = ink.shape[1] + 2
    first = np.searchsorted(rows * row + ends, (rows + 1) * row + starts)
    last = np.searchsorted(rows * row + starts, (rows + 1) * row + ends, side="right")
    touching = np.maximum(last - first, 0)
    above = np.repeat(np.arange(len(rows)), touching)
    below = np.arange(len(above)) + np.repeat(first - np.cumsum(touching) + touching, touching)
    # Each run starts as a part of its own. The higher number of two that touch becomes the lower, until none differ.
    part = np.arange(len(rows))
    while (part[above] != part[below]).any():
        pair = part[above], part[below]
        np.minimum.at(part, np.maximum(*pair), np.minimum(*pair))
        while (part != part[part]).any():
            part = part[part]
    return rows, starts, ends, part
