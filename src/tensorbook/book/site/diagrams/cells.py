"""Arrays as cells: a grid with numbers, a sheet without numbers, a stack of sheets."""

from collections.abc import Callable, Sequence

from tensorbook.book.site.diagrams.svg import SMALL, Drawing, number

PLAIN = "tb-cell"
HOT = "tb-cell tb-cell--hot"
GHOST = "tb-cell tb-ghost"
# The colours of rows of numbers, which they keep in every shape.
ROWS = ("tb-cell tb-cell--first", "tb-cell tb-cell--second", "tb-cell tb-cell--third")
# The order in which cells are drawn over each other.
LAYERS = {PLAIN: 0, HOT: 2}

Kind = Callable[[int, int], str]


def grid(
    drawing: Drawing,
    name: str,
    rows: Sequence[Sequence[float]],
    corner: tuple[float, float],
    cell: tuple[float, float],
    kind: Kind | str = PLAIN,
) -> None:
    """Draw a matrix: a cell and a number for each element.

    Args:
        drawing: The drawing to add to.
        name: The array's name, under which a test finds its numbers.
        rows: The numbers.
        corner: The top left corner.
        cell: Width and height of a cell.
        kind: The class of the cells, or a function that gives it for a row and a column.
    """

    def style_at(row: int, column: int) -> str:
        return kind if isinstance(kind, str) else kind(row, column)

    (left, top), (width, height) = corner, cell
    places = [(row, column) for row, numbers in enumerate(rows) for column in range(len(numbers))]
    with drawing.array(name):
        # Marked cells come last, or their plain neighbours would cover their edges.
        for row, column in sorted(places, key=lambda place: LAYERS.get(style_at(*place), 1)):
            # Dashes drawn on top of each other would fill each other's gaps.
            inset = 2 if style_at(row, column) == GHOST else 0
            x, y = left + column * width + inset, top + row * height + inset
            drawing.rect(x, y, width - 2 * inset, height - 2 * inset, style_at(row, column))
        for row, column in places:
            x, y = left + (column + 0.5) * width, top + (row + 0.5) * height
            drawing.text(x, y, number(rows[row][column]), "tb-muted" if style_at(row, column) == GHOST else "tb-text")


def sheet(
    drawing: Drawing,
    corner: tuple[float, float],
    size: tuple[float, float],
    cells: tuple[int, int] = (1, 1),
    kind: str = PLAIN,
) -> None:
    """Draw a matrix without its numbers.

    Args:
        drawing: The drawing to add to.
        corner: The top left corner.
        size: Width and height.
        cells: How many rows and columns its lines divide it into.
        kind: The class of the whole sheet.
    """
    (x, y), (width, height), (rows, columns) = corner, size, cells
    drawing.rect(x, y, width, height, kind)
    for row in range(1, rows):
        drawing.line([(x, y + row * height / rows), (x + width, y + row * height / rows)], "tb-rule")
    for column in range(1, columns):
        drawing.line([(x + column * width / columns, y), (x + column * width / columns, y + height)], "tb-rule")


def stack(
    drawing: Drawing,
    corner: tuple[float, float],
    size: tuple[float, float],
    kinds: Sequence[str],
    step: tuple[float, float],
    cells: tuple[int, int] = (1, 1),
) -> None:
    """Draw sheets one behind another, with the first in front.

    Args:
        drawing: The drawing to add to.
        corner: The top left corner of the front sheet.
        size: Width and height of a sheet.
        kinds: The class of each sheet, the front one first.
        step: How far each sheet is to the right of, and above, the one before it.
        cells: How many rows and columns each sheet has.
    """
    (x, y), (right, up) = corner, step
    for index, kind in reversed(list(enumerate(kinds))):
        sheet(drawing, (x + index * right, y - index * up), size, cells, kind)


def dots(drawing: Drawing, x: float, y: float, step: tuple[float, float] = (6, 0)) -> None:
    """Draw an ellipsis around a point, in place of omitted parts."""
    for place in (-1, 0, 1):
        drawing.circle(x + place * step[0], y + place * step[1], 1.4, "tb-dots")


def caption(drawing: Drawing, x: float, y: float, name: str, shape: object) -> None:
    """Write a name and, below it, a shape, both centred on ``x``."""
    drawing.text(x, y, name, "tb-text tb-strong")
    drawing.text(x, y + 18, str(shape), "tb-muted tb-code", size=SMALL)
