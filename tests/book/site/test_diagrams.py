"""The diagrams, read back from their SVG: what they show, their descriptions, and their colours."""

import re
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tensorbook.book.results.light_and_dark_figures import same_picture
from tensorbook.book.results.panel_measurements import Learning
from tensorbook.book.site.diagrams import DIAGRAMS, computation_graph, draw, geometry, plots
from tensorbook.book.site.without_javascript import draw_curves, draw_still

CSS = (Path(__file__).parents[3] / "docs" / "stylesheets" / "diagrams.css").read_text()
PICTURES = Path(__file__).parents[1] / "pictures" / "diagrams"
PHONE = 328  # the width of a page's column on a phone of 360 px
PAGES = {"default": "#ffffff", "slate": "#1e2129"}  # Material's backgrounds
NAMES = (
    "ranks",
    "mnist-tensor",
    "broadcasting",
    "dot",
    "vector-dot",
    "reshape",
    "transpose",
    "network",
    "pixel",
    "convolution",
    "training-loop",
    "batches",
    "slices",
    "relu",
    "softmax",
    "gradient-step",
    "computation-graph",
    "moves",
    "line-and-fold",
    "workers",
)
each_diagram = pytest.mark.parametrize("name", DIAGRAMS)


def parse(name):
    return ET.fromstring(draw(name))  # our own drawing


def texts(name):
    return [element.text for element in parse(name).iter("text")]


def view_box(svg):
    left, top, width, height = map(float, svg.get("viewBox").split())
    assert (left, top) == (0, 0)
    return width, height


def array(name, part):
    """Read an array back from a diagram: its rows are determined by the heights of the numbers."""
    (group,) = parse(name).findall(f".//g[@data-array='{part}']")
    rows = {}
    for element in group.iter("text"):
        rows.setdefault(element.get("y"), []).append(float(element.text.replace("−", "-")))
    return np.array(list(rows.values()))


def looks(name, part):
    """Read back the colour of each number in an array."""
    (group,) = parse(name).findall(f".//g[@data-array='{part}']")
    rects = [(rect, *(float(rect.get(key)) for key in ("x", "y", "width", "height"))) for rect in group.iter("rect")]
    found = {}
    for element in group.iter("text"):
        x, y = float(element.get("x")), float(element.get("y"))
        (kind,) = [r.get("class") for r, left, top, w, h in rects if left < x < left + w and top < y < top + h]
        found[element.text] = kind
    return found


def variables(scheme):
    """Return the colours of a scheme from the style sheet."""
    pairs = re.findall(r"--tb-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
    return {name: dark if scheme == "slate" else light for name, light, dark in pairs}


def contrast(one, other):
    """Return the contrast ratio of two colours, as WCAG 2 defines it."""

    def luminance(colour):
        channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_book_has_its_diagrams():
    assert sorted(DIAGRAMS) == sorted(NAMES)


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="no diagram 'nosuch'") as caught:
        draw("nosuch")
    assert all(name in str(caught.value) for name in NAMES)


def test_drawing_needs_neither_tensorflow_nor_matplotlib(processes):
    heavy = "import sys; from tensorbook.book.site.diagrams import *; [draw(n) for n in DIAGRAMS]; print(*sys.modules)"
    run = processes.run([sys.executable, "-c", heavy], check=True)
    assert not {"tensorflow", "keras", "matplotlib"} & set(run.stdout.split())


@each_diagram
def test_a_diagram_looks_as_when_somebody_last_looked(name, approved):
    # As a file that can be viewed by itself, with a line for each element. Coordinates are rounded to a hundredth, and
    # a different CPU may round one the other way.
    drawn = draw(name).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("><", ">\n<") + "\n"
    approved(drawn, PICTURES / f"{name}.svg", partial(same_picture, tolerance=0.011))


def test_there_is_no_picture_of_no_diagram():
    assert {path.stem for path in PICTURES.iterdir()} == set(DIAGRAMS)


@each_diagram
def test_a_diagram_is_one_line_of_svg(name):
    assert parse(name).tag == "svg"
    assert "\n" not in draw(name)


@each_diagram
def test_a_diagram_is_the_same_every_time(name):
    assert draw(name) == draw(name)


@each_diagram
def test_a_diagram_says_what_is_to_be_seen(name):
    svg = parse(name)
    labels = svg.get("aria-labelledby").split()
    said = {element.get("id"): element for element in svg.iter() if element.get("id")}
    assert svg.get("role") == "img"
    assert [said[label].tag for label in labels] == ["title", "desc"]
    title, description = (said[label].text for label in labels)
    assert 0 < len(title) < 60
    assert len(description) > 80
    assert description.endswith(".")


def test_no_id_stands_in_two_diagrams():
    ids = [element.get("id") for name in DIAGRAMS for element in parse(name).iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 2 * len(DIAGRAMS)
    assert all(i.startswith("tb-") for i in ids)


@each_diagram
def test_colours_are_left_to_the_style_sheet(name):
    for element in parse(name).iter():
        assert not {"style", "fill", "stroke", "color", "opacity"} & set(element.attrib), element.attrib
        assert element.tag in {"svg", "title", "desc", "g"} or element.get("class"), element.attrib


@each_diagram
def test_every_class_is_coloured_in_the_style_sheet(name):
    used = {kind for element in parse(name).iter() for kind in element.get("class", "").split()}
    assert used <= set(re.findall(r"\.(tb-[\w-]+)", CSS))


def test_every_class_of_the_style_sheet_is_used_by_a_diagram_or_a_still_picture():
    docs = Path(__file__).parents[3] / "docs"
    still = draw_still(docs), draw_curves(Learning.load(docs / "results"))
    drawn = [*map(parse, DIAGRAMS), *map(ET.fromstring, still)]
    used = {kind for svg in drawn for element in svg.iter() for kind in element.get("class", "").split()}
    assert set(re.findall(r"\.(tb-[\w-]+)", CSS)) == used - {"tb-diagram"} | {"tb-diagram"}


@pytest.mark.parametrize("scheme", PAGES)
def test_text_can_be_read_in_both_schemes(scheme):
    colours = variables(scheme)
    fills = [colour for name, colour in colours.items() if name.endswith("fill")]
    assert len(fills) == 5
    for background in (PAGES[scheme], *fills):
        assert contrast(colours["ink"], background) >= 4.5
    for name in ("muted", "hot"):
        assert contrast(colours[name], PAGES[scheme]) >= 4.5
    for name in ("stroke", "first", "second", "third"):
        assert contrast(colours[name], PAGES[scheme]) >= 3


def test_the_variables_and_no_rule_name_colours():
    assert set(re.findall(r"var\(--tb-([\w-]+)\)", CSS)) == set(variables("default"))
    rules = re.sub(r"--tb-[\w-]+: light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);", "", CSS)
    assert not re.search(r"#[0-9a-f]{3}|rgb|hsl", rules)


@each_diagram
def test_text_can_be_read_on_a_phone(name):
    svg = parse(name)
    width, _ = view_box(svg)
    sizes = [float(element.get("font-size")) for element in svg.iter("text")]
    assert min(sizes) * min(1, PHONE / width) >= 10.5
    assert float(svg.get("width")) <= 688  # the width of a page's column on a desktop


@each_diagram
def test_nothing_is_cut_off(name):
    svg = parse(name)
    width, height = view_box(svg)
    for element in svg.iter():
        if element.tag == "rect":
            x, y, w, h = (float(element.get(key)) for key in ("x", "y", "width", "height"))
            corners = [(x - 1, y - 1), (x + w + 1, y + h + 1)]  # the stroke is at most 2 wide
        elif element.tag == "circle":
            x, y, r = (float(element.get(key)) for key in ("cx", "cy", "r"))
            corners = [(x - r, y - r), (x + r, y + r)]
        elif element.tag in {"polyline", "polygon"}:
            corners = [tuple(map(float, point.split(","))) for point in element.get("points").split()]
        elif element.tag == "text":
            size, x, y = (float(element.get(key)) for key in ("font-size", "x", "y"))
            long = 0.6 * size * len(element.text)  # as in code; the page's own font is narrower
            start = x - {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor")] * long
            corners = [(start, y - 0.75 * size), (start + long, y + 0.22 * size)]
        else:
            continue
        for x, y in corners:
            assert 0 <= x <= width, ET.tostring(element)
            assert 0 <= y <= height, ET.tostring(element)


@each_diagram
def test_markdown_leaves_a_diagram_as_it_is(name):
    markdown = pytest.importorskip("markdown", reason="comes with the docs extra")
    extensions = ["attr_list", "footnotes", "md_in_html", "pymdownx.inlinehilite", "pymdownx.superfences"]
    for before, after in (("", ""), ("<figure>", "</figure>")):
        page = markdown.markdown(f"Before.\n\n{before}{draw(name)}{after}\n\nAfter.", extensions=extensions)
        (svg,) = re.findall(r"<svg.*</svg>", page)
        assert ET.canonicalize(svg) == ET.canonicalize(draw(name))


def test_broadcasting_adds_as_numpy_does():
    x, y = array("broadcasting", "x"), array("broadcasting", "y")[0]
    np.testing.assert_array_equal(array("broadcasting", "y-row"), np.expand_dims(y, axis=0))
    np.testing.assert_array_equal(array("broadcasting", "y-repeated"), np.broadcast_to(y, x.shape))
    np.testing.assert_array_equal(array("broadcasting", "sum"), x + y)
    shown = [text for text in texts("broadcasting") if text.startswith("(")]
    assert shown == [str(y.shape), str(y[None].shape), *[str(x.shape)] * 3]


def test_dot_multiplies_as_numpy_does():
    x, y, product = (array("dot", part) for part in ("x", "y", "dot"))
    np.testing.assert_array_equal(product, x @ y)
    said = " ".join(texts("dot"))
    row, column = map(int, re.search(r"row (\d) · column (\d)", said).groups())
    terms = re.findall(r"(\d)·(\d)", said)
    np.testing.assert_array_equal(np.array(terms, dtype=float), np.stack([x[row], y[:, column]], axis=1))
    assert f"= {product[row, column]:g}" in texts("dot")
    rule = f"{x.shape} · {y.shape} → {product.shape}".replace(" ", "")
    assert rule in "".join(texts("dot"))


def test_dot_marks_the_two_lengths_that_must_be_equal():
    marked = [element.text for element in parse("dot").iter("text") if "tb-mark" in element.get("class")]
    x, y = array("dot", "x"), array("dot", "y")
    assert marked == [str(x.shape[1]), str(y.shape[0]), "must be equal"]


def test_vector_dot_sums_as_numpy_does():
    weights, pixels, products, total = (
        array("vector-dot", part)[0] for part in ("weights", "pixels", "products", "sum")
    )
    np.testing.assert_array_equal(products, weights * pixels)
    assert total == [weights @ pixels]
    assert texts("vector-dot")[-2] == "2.0·0.0 + (−1.0)·0.5 + 3.0·1.0"


def test_reshape_keeps_the_order_as_numpy_does():
    first, column, last = (array("reshape", part) for part in ("first", "column", "last"))
    np.testing.assert_array_equal(column, first.reshape((6, 1)))
    np.testing.assert_array_equal(last, first.reshape((2, 3)))
    assert [text for text in texts("reshape") if "," in text] == [str(a.shape) for a in (first, column, last)]


def test_transpose_swaps_as_numpy_does():
    before, after = array("transpose", "before"), array("transpose", "after")
    np.testing.assert_array_equal(after, before.T)
    assert [text for text in texts("transpose") if "," in text] == [str(before.shape), str(after.shape)]


@pytest.mark.parametrize(
    ("name", "parts"), [("reshape", ("first", "column", "last")), ("transpose", ("before", "after"))]
)
def test_colours_stay_with_the_numbers(name, parts):
    first, *others = (looks(name, part) for part in parts)
    assert len(set(first.values())) > 1
    assert all(other == first for other in others)


def test_the_matrix_of_rank_2_has_the_shape_that_it_says():
    assert str(array("ranks", "matrix").shape) in texts("ranks")
    assert str(array("ranks", "vector")[0].shape) in texts("ranks")
    assert [text[:6] for text in texts("ranks") if text.startswith("rank")] == [f"rank {n}" for n in range(6)]


def test_the_network_counts_its_parameters():
    said = " ".join(texts("network"))
    hidden, output = np.zeros((784, 512)).size + 512, np.zeros((512, 10)).size + 10
    for count in (hidden, output, hidden + output):
        assert f"{count:,} parameters" in said
    assert "784 inputs" in said


def test_the_batches_make_up_the_samples():
    sizes = [len(samples[n : n + 128]) for samples in [range(60_000)] for n in range(0, 60_000, 128)]
    shown = texts("batches")
    assert f"60,000 = {len(sizes) - 1} · {sizes[0]} + {sizes[-1]}" in shown
    assert f"{sizes.count(128)} full batches" in shown
    assert str(len(sizes) - 1) in shown
    assert str(sizes[-1]) in shown


def test_the_slices_lie_where_numpy_cuts_them():
    image = np.arange(28 * 28).reshape((28, 28))
    rects = list(parse("slices").iter("rect"))
    for sheet, window, part in zip(rects[::2], rects[1::2], (image[14:, 14:], image[7:-7, 7:-7]), strict=True):
        pixel = float(sheet.get("width")) / 28
        across, down = ((float(window.get(key)) - float(sheet.get(key))) / pixel for key in "xy")
        assert (down, across) == np.unravel_index(part[0, 0], image.shape)
        size = tuple(float(window.get(key)) / pixel for key in ("height", "width"))
        assert size == part.shape
        assert texts("slices").count(str(part.shape)) == 2


def test_the_points_of_relu_lie_on_its_curve():
    svg = parse("relu")
    (curve,) = [line for line in svg.iter("polyline") if line.get("class") == "tb-curve"]
    xs, ys = np.array([point.split(",") for point in curve.get("points").split()], dtype=float).T
    for circle in svg.iter("circle"):
        assert np.interp(float(circle.get("cx")), xs, ys) == pytest.approx(float(circle.get("cy")), abs=1.5)


def test_each_step_follows_the_slope_and_lowers_the_loss():
    weights = plots.walk(-1.0)
    for weight, following in pairwise(weights):
        slope = (plots.loss(weight + 1e-6) - plots.loss(weight - 1e-6)) / 2e-6
        assert following == pytest.approx(weight - plots.RATE * slope, abs=1e-6)
        assert plots.loss(following) < plots.loss(weight)
    drawn = [float(circle.get("cy")) for circle in parse("gradient-step").iter("circle")]
    assert drawn == sorted(drawn)


def test_the_slopes_of_the_graph_are_those_of_nudging():
    inputs = {
        "x": computation_graph.X,
        "w": computation_graph.W,
        "v": computation_graph.V,
        "target": computation_graph.TARGET,
    }
    for name, value in inputs.items():
        up, down = (computation_graph.walk(**{**inputs, name: value + nudge}).values["loss"] for nudge in (1e-6, -1e-6))
        assert computation_graph.walk().slopes[name] == pytest.approx((up - down) / 2e-6, abs=1e-6)
    assert "slope of w = 4 · 3 · 1 · 2 = 24" in texts("computation-graph")


def test_where_relu_lets_nothing_through_no_slope_comes_back():
    cut_off = computation_graph.walk(w=-0.5)
    assert (cut_off.slopes["hidden"], cut_off.slopes["product"], cut_off.slopes["w"]) == (-6, 0, 0)


def test_each_move_is_what_numpy_does_with_the_code_below_it():
    letter = np.array(geometry.LETTER)
    turn = {geometry.ANGLE: np.array(geometry.rotation(geometry.ANGLE))}
    for name, code, move in geometry.MOVES:
        names = {"x": letter, "relu": lambda x: np.maximum(x, 0), "turn": turn.get}
        expected = eval(code, {}, names)  # our own code
        assert np.allclose([move(point) for point in geometry.LETTER], expected), name
    assert np.allclose(turn[geometry.ANGLE] @ turn[geometry.ANGLE].T, np.eye(2))


def test_no_line_separates_the_four_points_and_one_does_after_the_fold():
    classes = np.array([sum(corner) == 1 for corner in geometry.CORNERS])
    folded = np.array([geometry.fold(corner) for corner in geometry.CORNERS])
    assert np.array_equal(folded @ [1, -2] > 0.5, classes)
    before = np.array(geometry.CORNERS)
    for angle in np.linspace(0, 2 * np.pi, 360, endpoint=False):
        along = before @ [np.cos(angle), np.sin(angle)]
        for border in np.linspace(-1.5, 1.5, 61):
            assert not np.array_equal(along > border, classes)
