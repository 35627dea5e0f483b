"""Chapter 4's live figure, compared with NumPy: what a slice takes, its shape, and each error message."""

import numpy as np

IMAGES = np.arange(60 * 28 * 28).reshape(60, 28, 28)
TAKE = """(text) => {
  try { return module.take(module.readIndex(text), [60, 28, 28]); } catch (error) { return error.message; }
}"""
# Indices that NumPy treats differently, and text that is not Python: the figure has its own messages for these.
OTHERS = [
    "[[0, 1]]",
    "train_images[[0, 1]]",
    "(1, 2)",
    "True",
    "1:2:3:4",
    "3 4",
    "0x10",
    "007",
    "[",
    "]",
    "",
    " ",
    "1" * 20,
    ",",
    "::,,",
]


def written(random):
    """Write an index of up to four parts as a reader might."""

    def number():
        return str(random.choice([0, 1, 2, 3, 7, 14, 27, 28, 29, 40, 59, 60, -1, -7, -28, -29, -61]))

    def bound():
        return random.choice([number(), number(), number(), "", "None", "1.5"], p=[0.3, 0.2, 0.12, 0.3, 0.06, 0.02])

    def part():
        kind = random.random()
        if kind < 0.3:
            return number()
        if kind < 0.9:
            step = [] if random.random() < 0.6 else [random.choice(["1", "2", "-1", "-3", "5", "0", ""])]
            return random.choice([":", " : "]).join([bound(), bound(), *step])
        return random.choice(["...", "None", "np.newaxis", "0.5", "'row'", "rows", "1e2"])

    parts = ", ".join(part() for _ in range(random.integers(1, 5)))
    return parts + random.choice(["", "", ","])


def of_numpy(text):
    """Return the part that NumPy takes, or its error as Python prints it."""
    try:
        return eval(f"images[{text}]", {"np": np}, {"images": IMAGES})
    except (IndexError, ValueError, TypeError, NameError) as error:
        return f"{type(error).__name__}: {error}"


def test_slices_take_what_numpy_takes_and_are_refused_in_its_words(in_page):
    random = np.random.default_rng(0)
    texts = list(dict.fromkeys(written(random) for _ in range(900)))
    kinds = set()
    for text, found in zip(texts, in_page("slices", TAKE, texts), strict=True):
        expected = of_numpy(text)
        if isinstance(expected, str):
            assert found == expected, text
            kinds.add(expected[:20])
        else:
            assert tuple(found["shape"]) == expected.shape, text
            taken = [one["start"] + one["step"] * np.arange(one["count"]) for one in found["axes"]]
            assert np.array_equal(IMAGES[np.ix_(*taken)].reshape(found["shape"]), expected), text
    assert len(kinds) >= 6


def test_what_the_figure_does_not_draw_gets_a_sentence(in_page):
    for text, answer in zip(OTHERS, in_page("slices", TAKE, OTHERS), strict=True):
        assert isinstance(answer, str), text
        assert answer.endswith("."), text
    [twice] = in_page("slices", TAKE, ["train_images[:][0]"])
    assert twice.startswith("This is not a slice yet."), "no list is in it"


def test_words_for_an_axis_say_which_indices(in_page):
    cases = [
        ({"start": 0, "step": 1, "count": 28}, "all rows"),
        ({"start": 7, "step": 1, "count": 14}, "rows 7 to 20"),
        ({"start": 27, "step": -1, "count": 28}, "rows 27 to 0 backwards"),
        ({"start": 0, "step": 2, "count": 14}, "rows 0 to 26 in steps of 2"),
        ({"start": 3, "step": 1, "count": 1}, "only row 3"),
        ({"start": 3, "step": 1, "count": 1, "single": True}, "row 3"),
        ({"start": 3, "step": 1, "count": 0}, "no rows"),
    ]
    said = in_page("slices", "(axis) => module.describe(axis, 1)", [axis for axis, _ in cases])
    assert said == [words for _, words in cases]


def test_a_slice_is_typed_and_a_wrong_one_is_told_while_the_picture_stays(open_figure):
    figure = open_figure("4-slicing/", "slices")
    assert (
        figure.result
        == "This slice selects all samples, rows 7 to 20 and columns 7 to 20. Its shape is (60000, 14, 14)."
    )
    figure.type("a slice", "train_images[10:100, 0, ::2]")
    assert "samples 10 to 99, row 0 and columns 0 to 26 in steps of 2. Its shape is (90, 14)." in figure.result
    windows = figure.panel.locator("svg .tb-window")
    assert windows.count() == 1 + 14  # of the samples, and of each column
    for text, answer in (("[:, 40]", "IndexError: index 40 is out of bounds"), ("[10:", "not a slice")):
        figure.type("a slice", f"train_images{text}")
        assert figure.wrong
        assert answer in figure.result
        assert windows.count() == 1 + 14
    figure.panel.get_by_role("button", name="[:32, 40]").press("Enter")
    assert figure.wrong
    figure.press("[10:100]")
    assert figure.result.endswith("Its shape is (90, 28, 28).")
    assert not figure.wrong
