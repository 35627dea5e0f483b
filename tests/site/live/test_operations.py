"""Chapter 5's live figures, compared with NumPy: shapes, numbers and error messages."""

import numpy as np

READ = """(text) => {
  try { return module.readShape(text, { least: -1, axes: 64 }); } catch (error) { return error.message; }
}"""


def shapes(random, count, most_axes, lengths):
    """Draw pairs of shapes; most have lengths in common, so that many of them fit."""
    found = []
    for _ in range(count):
        full = random.choice(lengths, size=random.integers(most_axes + 1))
        pair = []
        for _ in range(2):
            one = full[random.integers(len(full) + 1) :].copy()
            one[random.random(len(one)) < 0.3] = 1
            if random.random() < 0.5:
                one = random.choice(lengths, size=len(one))
            pair.append(tuple(map(int, one)))
        found.append(tuple(pair))
    return found


def refusal(operation):
    """Return NumPy's message if it raises an error, or None."""
    try:
        operation()
    except ValueError as error:
        return str(error)
    return None


def test_shapes_are_broadcast_as_numpy_broadcasts_them(in_page):
    pairs = shapes(np.random.default_rng(0), 400, 5, [0, 1, 2, 3, 4])
    found = in_page("broadcasting", "([x, y]) => module.broadcast(x, y)", pairs)
    refused = 0
    for (x, y), one in zip(pairs, found, strict=True):
        message = refusal(lambda x=x, y=y: np.zeros(x) + np.zeros(y))
        assert one.get("message") == message
        if message is None:
            assert tuple(one["shape"]) == np.broadcast_shapes(x, y)
            assert tuple(one["left"]) == (1,) * (len(y) - len(x)) + x
        refused += message is not None
    assert 40 < refused < 350


def test_the_axis_that_does_not_fit_is_named(in_page):
    (said,) = in_page("broadcasting", "([x, y]) => module.explain(x, y)", [((3, 4), (3,))])
    assert said == (
        f"ValueError: {refusal(lambda: np.zeros((3, 4)) + np.zeros(3)).strip()}. "
        "In the aligned shapes, 4 is paired with 3, and neither is 1."
    )


def test_dot_products_are_numpy_s(in_page):
    random = np.random.default_rng(1)
    inputs, products = [], []
    for _ in range(200):
        rows, common, columns = random.integers(1, 6, size=3)
        x, y = random.integers(-9, 10, size=(rows, common)), random.integers(-9, 10, size=(common, columns))
        inputs.append((x.tolist(), y.tolist()))
        products.append((x @ y).tolist())
    assert in_page("dot", "([x, y]) => module.matrixDot(x, y)", inputs) == products


def test_shapes_that_have_no_dot_product_are_refused_in_numpy_s_words(in_page):
    random = np.random.default_rng(2)
    pairs = [tuple(tuple(random.integers(1, 4, size=random.integers(1, 3)).tolist()) for _ in "xy") for _ in range(300)]
    found = in_page("dot", "([x, y]) => module.dotShape(x, y)", pairs)
    for (x, y), one in zip(pairs, found, strict=True):
        message = refusal(lambda x=x, y=y: np.dot(np.zeros(x), np.zeros(y)))
        assert one.get("message") == message
        if message is None:
            assert tuple(one["shape"]) == np.dot(np.zeros(x), np.zeros(y)).shape
    assert {None} < {one.get("message") for one in found}


def test_the_sum_of_a_cell_is_the_cell(in_page):
    x, y = [[2, -1], [0, 3]], [[1, -4], [5, 2]]
    sums = in_page(
        "dot", "([x, y, i, j]) => module.cellSum(x, y, i, j)", [(x, y, i, j) for i in (0, 1) for j in (0, 1)]
    )
    assert sums[1] == "2·(−4) + (−1)·2"
    values = [eval(one.replace("·", "*").replace("−", "-")) for one in sums]
    assert values == (np.array(x) @ y).ravel().tolist()


def test_arrays_are_reshaped_as_numpy_reshapes_them(in_page):
    random = np.random.default_rng(3)
    sizes, lengths = random.choice([1, 2, 4, 6, 12, 24], size=400), [-1, -1, 0, 1, 2, 2, 3, 4, 6]
    inputs = [(size, random.choice(lengths, size=random.integers(4)).tolist()) for size in sizes.tolist()]
    found = in_page("transpose", "([size, shape]) => module.reshaped(size, shape)", inputs)
    fit = 0
    for (size, shape), one in zip(inputs, found, strict=True):
        message = refusal(lambda size=size, shape=shape: np.zeros(size).reshape(shape))
        assert one.get("message") == message, (size, shape)
        if message is None:
            assert tuple(one["shape"]) == np.zeros(size).reshape(shape).shape
            fit += 1
    assert 40 < fit < 360


def test_shapes_are_read_as_python_reads_them(in_page):
    random = np.random.default_rng(4)
    written = [str(tuple(random.integers(-1, 30, size=random.integers(7)).tolist())) for _ in range(200)]
    written += ["3, 4", " ( 3 ,4,) ", "7", "(7)", "+2, 3"]
    expected = [list(value) if isinstance(value := eval(one), tuple) else [value] for one in written]
    assert in_page("shapes", READ, written) == expected


def test_what_is_no_shape_gets_a_sentence(in_page):
    texts = ["", "three", "(3, 4", "3 4", "(3.5,)", "(,)", "[3, 4]", "(3, 4))", "1e3", "٣", "(3, -2)"]
    for text, answer in zip(texts, in_page("shapes", READ, texts), strict=True):
        assert answer.startswith(("Write a shape as", "A length can't be negative")), text


def test_shapes_are_typed_and_what_does_not_fit_is_told(open_figure):
    figure = open_figure("5-operations/", "broadcasting")
    assert (
        figure.result == "y gets a new axis at the front: (1, 4). y is repeated along axis 0. x + y has shape (3, 4)."
    )
    figure.type("shape of y", "(3,)")
    assert figure.wrong
    assert "could not be broadcast together with shapes (3,4) (3,)" in figure.result
    for text, answer in (
        ("(3", "Write a shape as"),
        ("(1, 1, 1, 1, 1, 1, 1)", "room for 6 axes"),
        ("(9999999,)", "up to"),
    ):
        figure.type("shape of y", text)
        assert figure.wrong
        assert answer in figure.result
    figure.press("(64, 3, 32, 10) + (32, 10)")
    assert not figure.wrong
    assert figure.result.endswith("x + y has shape (64, 3, 32, 10).")
    figure = figure.beside("dot")
    figure.press("Next cell")
    assert figure.result.startswith("Row 0 of x times column 1 of y: 2·(−1) + 1·(−2) + 0·1 = −4.")
    figure.panel.get_by_role("button", name="Previous cell").press("Enter")
    assert figure.result.startswith("Row 0 of x times column 0 of y")
    figure.panel.locator(".tb-live__press").last.click()  # marked cells are drawn last
    assert "column 0" in figure.result
    for text, answer in (
        ("()", "at least one axis"),
        ("(6, 2)", "room for 1 to 5"),
        ("(4, 2)", "shapes (2,3) and (4,2)"),
    ):
        figure.type("shape of y", text)
        assert figure.wrong
        assert answer in figure.result
    figure.press("(3,) · (3,)")
    assert figure.result.endswith("The result is a single number.")
    figure = figure.beside("transpose")
    figure.press("Next number")
    assert "from row 0, column 2 to row 2, column 0" in figure.result
    figure.type("x.reshape", "(4, 2)")
    assert figure.result.endswith("cannot reshape array of size 6 into shape (4,2)")
    figure.type("x.reshape", "(2, -1, 1)")
    assert not figure.wrong
    figure.type("shape of x", "(9, 9)")
    assert "x is a matrix with 1 to 6 rows and columns" in figure.result
