"""The same numbers in different shapes: reshape and transpose, with colours that stay with the rows."""

from tensorbook.book.site.diagrams.cells import ROWS, Kind, grid
from tensorbook.book.site.diagrams.svg import SMALL, Drawing


def reshape() -> str:
    """Return six numbers in three shapes, in the same order in each."""
    numbers = list(range(6))
    shapes = ((3, 2), (6, 1), (2, 3))
    arrays = [[numbers[row * columns : (row + 1) * columns] for row in range(rows)] for rows, columns in shapes]
    drawing = Drawing(
        "reshape",
        (360, 252),
        "Reshaping a tensor",
        "The same six numbers in three shapes, row by row: "
        + ", then ".join(f"{shape} is {array}" for shape, array in zip(shapes, arrays, strict=True))
        + ". Each number keeps the colour of the row that it was in at first, and the order never changes.",
    )
    size, middle, wide = 34, 112, shapes[0][1]
    for name, array, x in zip(("first", "column", "last"), arrays, (20, 152, 240), strict=True):
        rows, columns = len(array), len(array[0])
        top = middle - size * rows / 2
        grid(drawing, name, array, (x, top), (size, size), _in_order(columns, wide))
        drawing.text(x + size * columns / 2, 234, str((rows, columns)), "tb-muted tb-code")
    drawing.arrow([(98, middle), (142, middle)])
    drawing.arrow([(196, middle), (231, middle)])
    return str(drawing)


def _in_order(columns: int, wide: int) -> Kind:
    # A number's place in the order never changes, and shows in which row of `wide` numbers it was at first.
    return lambda row, column: ROWS[(row * columns + column) // wide]


def transpose() -> str:
    """Return a matrix whose rows become columns."""
    before = [[0, 1, 2], [3, 4, 5]]
    after = [list(column) for column in zip(*before, strict=True)]
    drawing = Drawing(
        "transpose",
        (360, 218),
        "Transposing a matrix",
        f"A matrix of shape (2, 3), {before}, becomes one of shape (3, 2), {after}. Row 0 has become column "
        "0, and row 1 has become column 1. Each row keeps its colour.",
    )
    size, middle = 42, 112
    left, right = 62, 262
    grid(drawing, "before", before, (left, middle - size), (size, size), lambda i, _j: ROWS[i])
    grid(drawing, "after", after, (right, middle - 1.5 * size), (size, size), lambda _i, j: ROWS[j])
    drawing.text(right + size, 14, "column", "tb-muted", size=SMALL)
    for index in range(2):
        y = middle + (index - 0.5) * size
        drawing.text(left - 10, y, f"row {index}", "tb-muted", anchor="end", size=SMALL)
        drawing.text(right + (index + 0.5) * size, 34, str(index), "tb-muted", size=SMALL)
    drawing.arrow([(left + 3 * size + 14, middle), (right - 14, middle)])
    drawing.text(left + 1.5 * size, 198, str((2, 3)), "tb-muted tb-code")
    drawing.text(right + size, 198, str((3, 2)), "tb-muted tb-code")
    return str(drawing)
