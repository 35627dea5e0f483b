"""Chapter 5's operations, step by step on small numbers."""

from tensorbook.book.site.diagrams.cells import GHOST, HOT, PLAIN, ROWS, grid
from tensorbook.book.site.diagrams.svg import SMALL, TEXT, Drawing, number


def broadcasting() -> str:
    """Return the two steps in which a vector becomes as large as the matrix that it is added to."""
    x = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    y = [10, 20, 30, 40]
    total = [[one + other for one, other in zip(row, y, strict=True)] for row in x]
    drawing = Drawing(
        "broadcasting",
        (400, 312),
        "The two steps of broadcasting",
        f"x is a matrix of shape (3, 4), and y is a vector of shape (4,): {y}. Step 1: y gets a new first axis, and "
        "its shape becomes (1, 4). Step 2: its only row is repeated along that axis, and its shape becomes (3, 4); "
        f"the two repeated rows are drawn dashed. Then x and y are added cell by cell: {total}.",
    )
    cell, middle = (28, 28), 144
    grid(drawing, "y", [y], (middle, 12), cell, ROWS[0])
    _name(drawing, middle - 10, 26, "y", "(4,)")
    _step(drawing, 44, "1. add an axis")
    drawing.rect(middle - 4, 86, 120, 36, "tb-frame", 4)
    grid(drawing, "y-row", [y], (middle, 90), cell, ROWS[0])
    _name(drawing, middle - 10, 104, "y", "(1, 4)")
    _step(drawing, 126, "2. repeat along it")

    top = 198
    grid(drawing, "x", x, (4, top), cell)
    grid(
        drawing,
        "y-repeated",
        [y] * len(x),
        (middle, top),
        cell,
        lambda row, _column: GHOST if row else ROWS[0],
    )
    grid(drawing, "sum", total, (284, top), cell, ROWS[2])
    for left, name in ((4, "x"), (middle, "y"), (284, "x + y")):
        drawing.text(left + 56, top - 14, name, "tb-text tb-strong tb-code")
        drawing.text(left + 56, top + 100, "(3, 4)", "tb-muted tb-code", size=SMALL)
    drawing.text(middle - 14, top + 42, "+", size=18)
    drawing.text(284 - 14, top + 42, "=", size=18)
    return str(drawing)


def _name(drawing: Drawing, x: float, y: float, name: str, shape: str) -> None:
    drawing.text(x - 8 * (len(shape) + 1), y, name, "tb-text tb-strong tb-code", anchor="end")
    drawing.text(x, y, shape, "tb-muted tb-code", anchor="end", size=SMALL)


def _step(drawing: Drawing, y: float, content: str) -> None:
    drawing.arrow([(200, y + 2), (200, y + 36)])
    drawing.text(212, y + 18, content, anchor="start", size=SMALL)


def vector_dot() -> str:
    """Return the dot product of two vectors: products, then their sum."""
    weights, pixels = [2.0, -1.0, 3.0], [0.0, 0.5, 1.0]
    products = [weight * pixel for weight, pixel in zip(weights, pixels, strict=True)]
    written = " + ".join(
        f"{number(weight) if weight >= 0 else f'({number(weight)})'}·{number(pixel)}"
        for weight, pixel in zip(weights, pixels, strict=True)
    )
    drawing = Drawing(
        "vector-dot",
        (360, 232),
        "The dot product of two vectors",
        f"Three weights, {weights}, above three pixels, {pixels}. Each weight is multiplied by the pixel "
        f"below it: {products}. The three products are added up: {sum(products)}.",
    )
    cell, left = (58, 32), 88
    lines = (
        ("weights", weights, 10, ROWS[0]),
        ("pixels", pixels, 62, ROWS[1]),
        ("products", products, 128, PLAIN),
    )
    for name, vector, top, kind in lines:
        grid(drawing, name, [vector], (left, top), cell, kind)
        drawing.text(left - 12, top + 16, name, "tb-text", anchor="end")
    for column in range(3):
        x = left + cell[0] * (column + 0.5)
        drawing.text(x, 52, "·", "tb-text tb-strong", size=18)
        drawing.arrow([(x, 98), (x, 123)])
    drawing.arrow([(left + 3 * cell[0] + 5, 144), (292, 144)])
    grid(drawing, "sum", [[sum(products)]], (296, 128), (50, 32), HOT)
    drawing.text(321, 116, "sum")
    drawing.text(180, 196, written, "tb-text tb-code", size=SMALL)
    drawing.text(180, 216, f"= {number(sum(products))}", "tb-text tb-code", size=SMALL)
    return str(drawing)


def dot() -> str:
    """Return the dot product of two matrices, with the row and the column behind one cell."""
    x = [[1, 0, 2, 1], [3, 1, 0, 2], [0, 2, 1, 1]]
    y = [[2, 1], [0, 3], [1, 0], [4, 2]]
    row, column = 1, 0
    product = [[sum(a * b for a, b in zip(line, other, strict=True)) for other in zip(*y, strict=True)] for line in x]
    terms = [f"{a}·{b[column]}" for a, b in zip(x[row], y, strict=True)]
    drawing = Drawing(
        "dot",
        (360, 366),
        "The dot product of two matrices",
        f"At the bottom left is x, of shape (3, 4): {x}. At the top right is y, of shape (4, 2): {y}. To the "
        f"right of x and below y is their product, of shape (3, 2): {product}. Row {row} of x, column {column} of y "
        f"and the cell where they meet are highlighted: {' + '.join(terms)} = {product[row][column]}. Below that is "
        "the shape rule: (3, 4) · (4, 2) gives (3, 2). The two fours in the middle are highlighted, because "
        "they must be equal.",
    )
    cell, left, right, low = (34, 34), 40, 212, 174
    grid(drawing, "x", x, (left, low), cell, lambda i, _j: ROWS[0] if i == row else PLAIN)
    grid(drawing, "y", y, (right, 10), cell, lambda _i, j: ROWS[1] if j == column else PLAIN)
    grid(drawing, "dot", product, (right, low), cell, lambda i, j: HOT if (i, j) == (row, column) else PLAIN)
    across, down = low + cell[1] * (row + 0.5), right + cell[0] * (column + 0.5)
    drawing.arrow([(left + 140, across), (right - 4, across)], "tb-arrow")
    drawing.arrow([(down, 149), (down, low - 4)], "tb-arrow")
    drawing.text(left - 14, low + 51, "x", "tb-text tb-strong tb-code")
    drawing.text(right + 84, 78, "y", "tb-text tb-strong tb-code")
    drawing.text(right + 76, low + 51, "x · y", "tb-text tb-strong tb-code", anchor="start")

    drawing.text(20, 36, f"row {row} · column {column}", "tb-muted", anchor="start", size=SMALL)
    for place, line in enumerate((" + ".join(terms[:2]), "+ " + " + ".join(terms[2:]), f"= {product[row][column]}")):
        drawing.text(20, 60 + 21 * place, line, "tb-text tb-code", anchor="start")

    rule, advance = "(3, 4) · (4, 2) → (3, 2)", 9
    start, y0 = 180 - advance * (len(rule) - 1) / 2, 312
    inner = (rule.index("4"), rule.index("4", 5))
    drawing.slots(start, y0, rule, advance, dict.fromkeys(inner, "tb-mark tb-strong"))
    one, other = (start + advance * place for place in inner)
    drawing.line([(one, y0 + 12), (one, y0 + 20), (other, y0 + 20), (other, y0 + 12)], "tb-line tb-line--mark")
    drawing.text((one + other) / 2, y0 + 36, "must be equal", "tb-mark", size=TEXT)
    return str(drawing)
