"""Plots are read back: pixels, titles, ticks, curves and counts, in the palette's colours on a transparent
background."""

import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgba
from matplotlib.text import Text

from tensorbook.book.results.social_card import BACKGROUND
from tensorbook.plotting import (
    DARK,
    LIGHT,
    TEXT,
    default_style,
    heat_colormap,
    ink_colormap,
    plot_against,
    plot_confusion,
    plot_curve,
    plot_digit,
    plot_digits,
    plot_history,
    plot_losses,
    plot_paths,
)


def narrow(first, second):
    return (first**2 + 25 * second**2) / 2


RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = np.array([5, 0, 4, 1, 9, 2, 1], dtype=np.uint8)
PREDICTIONS = np.array([5, 0, 9, 1, 9, 2, 7])
HISTORY = {"loss": [0.26, 0.1, 0.07], "accuracy": [0.92, 0.97, 0.98]}
VALIDATION = {"val_loss": [0.15, 0.09, 0.08], "val_accuracy": [0.95, 0.96, 0.97]}
MATRIX = np.diag(RANDOM.integers(850, 1130, 10)) + np.triu(RANDOM.integers(0, 9, (10, 10)), 1)
RUNS = {"no remedy": [0.9, 0.5, 0.7], "dropout": [0.8, 0.6, 0.6], "early stopping": [0.9, 0.5]}
PATHS = {"straight": [[-3, 1], [-1, 0.5], [0, 0]], "crooked": [[-3, 1], [-2, -0.5]]}
PAGES = {"light": (LIGHT, "#ffffff"), "dark": (DARK, "#1e2129")}
DOCS = Path(__file__).parents[1] / "docs"

DRAWINGS = {
    "plot_digit": lambda ax: plot_digit(IMAGES[0], label=LABELS[0], ax=ax),
    "plot_digit with pixels": lambda ax: plot_digit(IMAGES[0], ax=ax, pixels=True),
    "plot_digits": lambda ax: plot_digits(IMAGES, LABELS, PREDICTIONS, ax=ax),
    "plot_history": lambda ax: plot_history(HISTORY | VALIDATION, ax=ax),
    "plot_losses": lambda ax: plot_losses(np.linspace(2, 1, 300), ax=ax),
    "plot_confusion": lambda ax: plot_confusion(MATRIX, ax=ax),
    "plot_against": lambda ax: plot_against("no remedy", RUNS, "validation loss", ax=ax),
    "plot_paths": lambda ax: plot_paths(narrow, PATHS, ax=ax),
}
each_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())


pytestmark = pytest.mark.usefixtures("figures_are_closed")


def titles(ax):
    return [child.get_title() for child in ax.child_axes]


def pixels(ax):
    [image] = ax.images
    return np.asarray(image.get_array())


def tick_labels(axis):
    axis.figure.canvas.draw()
    low, high = sorted(axis.get_view_interval())
    return [
        label.get_text()
        for label in axis.get_ticklabels()
        if low <= label.get_position()[axis.axis_name == "y"] <= high
    ]


def test_figures_have_the_colours_of_the_diagrams_and_of_the_pages_that_show_them():
    def read(name):
        return (DOCS / name).read_text(encoding="utf-8")

    sheets = read("stylesheets/diagrams.css") + read("stylesheets/book.css")
    pairs = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", sheets)}
    for ours, theirs in {"ink": "ink", "muted": "muted", "first": "first", "second": "second", "wrong": "hot"}.items():
        assert [LIGHT[ours], DARK[ours]] == pairs[f"tb-{theirs}"], ours
    backgrounds = [background for _, background in PAGES.values()]
    assert pairs["md-default-bg-color"] == backgrounds
    assert re.findall(r'name="theme-color" .* content="(#\w+)"', read("overrides/main.html")) == backgrounds
    assert backgrounds[1] == BACKGROUND, "of the card that is shown where a page is shared"
    assert f'fill="{LIGHT["first"]}"' in read("assets/favicon.svg")
    for sheet in ("drawing", "learning"):  # in a reader's own colours, on white
        assert f"--tb-first: {LIGHT['first']}; --tb-second: {LIGHT['second']};" in read(f"stylesheets/{sheet}.css")
    # Half see-through, they are the colours that they are named after.
    for name, *pair in re.findall(r"--([\w-]+)--\w+: light-dark\((#\w{6})\w\w, (#\w{6})\w\w\);", sheets):
        assert pairs[name] == pair, name
    [border, share] = re.findall(r"border-color: (#\w+); filter: invert\((.+)\);", read("stylesheets/live.css"))[0]
    assert inverted(border, float(share)) == pairs["tb-stroke"][1]


def inverted(colour, share):
    """Return a colour as the CSS filter ``invert`` shows it."""
    channels = bytes.fromhex(colour[1:])
    return f"#{bytes(round(255 * share + channel * (1 - 2 * share)) for channel in channels).hex()}"


@each_drawing
def test_the_given_axes_are_drawn_on_and_returned(draw):
    figure, ax = plt.subplots()
    assert draw(ax) is ax
    assert plt.get_fignums() == [figure.number]


@each_drawing
def test_without_axes_there_is_one_new_figure(draw):
    ax = draw(None)
    assert [plt.figure(number) for number in plt.get_fignums()] == [ax.figure]


@each_drawing
def test_nothing_is_shown_and_no_setting_changes(draw, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("plt.show was called"))
    before = mpl.rcParams.copy()
    draw(None).figure.canvas.draw()
    assert dict(mpl.rcParams) == dict(before)


@each_drawing
@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_only_colours_of_the_palette_are_drawn_whatever_the_style(draw, style):
    with plt.style.context(style):
        ax = draw(None)
        svg = io.StringIO()
        ax.figure.savefig(svg, format="svg")
    assert set(re.findall(r"#[0-9a-f]{6}\b", re.sub(r'(?:href|xlink:href|id)="[^"]*"', "", svg.getvalue()))) <= set(
        LIGHT.values()
    )
    for text in ax.figure.findobj(Text):
        assert not text.get_text() or to_hex(text.get_color()) in LIGHT.values() or not drawn(text)


def drawn(artist):
    """Return whether an artist is drawn: an axis that is turned off still has its labels."""
    return artist.get_visible() and (artist.axes is None or artist.axes.axison or artist in artist.axes.texts)


@each_drawing
def test_a_figure_saved_twice_is_the_same(draw):
    figure = draw(None).figure
    with mpl.rc_context({"svg.hashsalt": "tensorbook"}):
        first, second = io.StringIO(), io.StringIO()
        for file in (first, second):
            figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})
    assert first.getvalue() == second.getvalue()


@each_drawing
def test_nothing_is_painted_behind(draw):
    figure = draw(None).figure
    for patch in [figure.patch, *(ax.patch for ax in figure.findobj(plt.Axes))]:
        assert to_rgba(patch.get_facecolor())[3] == 0


@each_drawing
def test_text_is_large_enough_for_a_phone_and_figures_are_no_wider_than_five_inches(draw):
    figure = draw(None).figure
    assert figure.get_tightbbox().width <= 5.05
    assert {text.get_fontsize() for text in figure.findobj(Text) if text.get_text() and drawn(text)} <= {
        TEXT,
        TEXT - 1,
    }
    assert TEXT - 1 >= 10


def test_a_digit_is_drawn_pixel_by_pixel_from_nothing_to_ink():
    ax = plot_digit(IMAGES[0])
    [image] = ax.images
    np.testing.assert_array_equal(pixels(ax), IMAGES[0])
    assert image.get_cmap() == ink_colormap(LIGHT)
    assert image.get_interpolation() == "none"
    assert ax.get_title() == ""


@pytest.mark.parametrize(
    ("image", "full"),
    [
        (np.zeros((28, 28), np.uint8), 255),
        (np.ones((28, 28), np.uint8), 255),
        (np.full((28, 28), 200, np.int64), 255),
        (np.full((28, 28), 0.5, np.float32), 1),
        (np.full((28, 28), 200.0), 255),
        (np.full((28, 28), 1.5), 255),
        (np.ones((28, 28), bool), 1),
    ],
)
def test_the_same_number_is_the_same_grey_in_every_image(image, full):
    [drawn_image] = plot_digit(image).images
    assert drawn_image.get_clim() == (0, full)


def test_the_label_stands_above_the_digit():
    assert plot_digit(IMAGES[0], label=LABELS[0]).get_title() == "5"
    assert plot_digit(IMAGES[0], label=0).get_title() == "0"


def test_pixels_are_numbered_by_sevens_when_asked_for():
    ax = plot_digit(IMAGES[0], pixels=True)
    assert tick_labels(ax.xaxis) == tick_labels(ax.yaxis) == ["0", "7", "14", "21"]
    assert tick_labels(plot_digit(IMAGES[0]).xaxis) == []


def test_digits_are_drawn_in_order_each_with_its_label():
    ax = plot_digits(IMAGES, LABELS)
    assert titles(ax) == ["5", "0", "4", "1", "9", "2", "1"]
    for child, image in zip(ax.child_axes, IMAGES, strict=True):
        np.testing.assert_array_equal(pixels(child), image)


def places(ax):
    """Return the row and column in which each image appears."""
    ax.figure.canvas.draw()
    corners = [child.get_window_extent().p0.round().astype(int) for child in ax.child_axes]
    lefts, bottoms = (sorted({int(corner[axis]) for corner in corners}) for axis in (0, 1))
    return [(len(bottoms) - 1 - bottoms.index(y), lefts.index(x)) for x, y in corners]


@pytest.mark.parametrize(("count", "columns"), [(7, 5), (7, 3), (6, 3), (2, 5), (1, 1)])
@pytest.mark.parametrize("labels", [None, LABELS])
def test_rows_are_filled_from_the_left_and_from_the_top(count, columns, labels):
    ax = plot_digits(IMAGES[:count], labels if labels is None else labels[:count], columns=columns)
    assert places(ax) == [divmod(k, columns) for k in range(count)]


def test_the_images_are_square_and_do_not_touch_each_other_or_a_title():
    ax = plot_digits(IMAGES, LABELS, PREDICTIONS)
    ax.figure.canvas.draw()
    boxes = [child.get_window_extent() for child in ax.child_axes]
    boxes += [child.title.get_window_extent() for child in ax.child_axes]
    for box in boxes[: len(IMAGES)]:
        assert box.width == pytest.approx(box.height, abs=0.5)
    assert not any(one.overlaps(other) for k, one in enumerate(boxes) for other in boxes[:k])


def test_a_wrong_prediction_is_written_in_its_own_colour():
    ax = plot_digits(IMAGES, LABELS, PREDICTIONS)
    assert titles(ax) == ["5", "0", "4, said 9", "1", "9", "2", "1, said 7"]
    colours = [child.title.get_color() for child in ax.child_axes]
    assert [colour == LIGHT["wrong"] for colour in colours] == [False, False, True, False, False, False, True]


def test_predictions_alone_stand_in_for_the_labels():
    ax = plot_digits(IMAGES, predictions=PREDICTIONS)
    assert titles(ax) == ["5", "0", "9", "1", "9", "2", "7"]
    assert {child.title.get_color() for child in ax.child_axes} == {LIGHT["ink"]}


def test_parts_of_images_are_drawn_as_well():
    ax = plot_digits(IMAGES[:, 14:, 14:])
    assert pixels(ax.child_axes[0]).shape == (14, 14)


@dataclass
class History:
    loss: list[float]
    accuracy: list[float]


@pytest.mark.parametrize(
    "history",
    [
        HISTORY,
        SimpleNamespace(history=HISTORY),
        History(**HISTORY),
        SimpleNamespace(history=History(**HISTORY)),
    ],
    ids=["a dict", "what fit returned", "an object with lists", "a record"],
)
def test_a_history_is_a_curve_of_loss_and_a_curve_of_accuracy(history):
    ax = plot_history(history)
    assert titles(ax) == ["loss", "accuracy"]
    for panel, values in zip(ax.child_axes, HISTORY.values(), strict=True):
        [line] = panel.lines
        np.testing.assert_array_equal(line.get_xydata(), np.transpose([[1, 2, 3], values]))
        assert line.get_marker() == "o"
        assert panel.get_xlabel() == "epoch"


def test_the_last_values_are_written_beside_the_curves():
    ax = plot_history(HISTORY | VALIDATION)
    assert [[text.get_text() for text in panel.texts] for panel in ax.child_axes] == [
        ["training 0.070", "validation 0.080"],
        ["training 0.980", "validation 0.970"],
    ]
    for panel in ax.child_axes:
        assert [line.get_color() for line in panel.lines] == [LIGHT["first"], LIGHT["second"]]
        assert [text.get_color() for text in panel.texts] == [LIGHT["first"], LIGHT["second"]]


def test_the_written_values_touch_neither_curve_nor_title():
    ax = plot_history(HISTORY | VALIDATION)
    ax.figure.canvas.draw()
    for panel in ax.child_axes:
        boxes = [panel.title.get_window_extent(), *(text.get_window_extent() for text in panel.texts)]
        assert not any(one.overlaps(other) for k, one in enumerate(boxes) for other in boxes[:k])


@pytest.mark.parametrize("epochs", [1, 2, 5, 10])
def test_every_epoch_has_its_tick(epochs):
    ax = plot_history({"loss": list(range(epochs, 0, -1)), "accuracy": [0.5] * epochs})
    assert tick_labels(ax.child_axes[0].xaxis) == [str(epoch) for epoch in range(1, epochs + 1)]


def test_ticks_are_whole_epochs_where_there_are_many():
    ax = plot_history({"loss": np.linspace(1, 0, 100)})
    assert len(ax.child_axes) == 1
    labels = tick_labels(ax.child_axes[0].xaxis)
    assert 2 <= len(labels) <= 11
    assert all(label.isdecimal() for label in labels)


def test_the_losses_of_batches_are_one_line():
    losses = RANDOM.random(300)
    ax = plot_losses(losses)
    [line] = ax.lines
    np.testing.assert_array_equal(line.get_ydata(), losses)
    assert (ax.get_title(), ax.get_xlabel()) == ("loss", "batch")


def test_every_count_of_the_confusion_matrix_stands_in_its_cell():
    ax = plot_confusion(MATRIX)
    counts = {text.get_position()[::-1]: text.get_text() for text in ax.texts}
    assert counts == {place: str(count) for place, count in np.ndenumerate(MATRIX)}
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true", "predicted")
    assert tick_labels(ax.xaxis) == tick_labels(ax.yaxis) == list("0123456789")


def test_the_errors_are_coloured_and_the_diagonal_is_not():
    [image] = plot_confusion(MATRIX).images
    errors = MATRIX - np.diag(np.diag(MATRIX))
    np.testing.assert_array_equal(image.get_array(), errors)
    assert image.get_clim() == (0, errors.max())
    assert image.get_cmap() == heat_colormap(LIGHT)


def test_the_smallest_of_all_can_be_drawn():
    assert titles(plot_digits([[[1]]], [7])) == ["7"]
    assert plot_losses([2.3]).lines[0].get_ydata() == [2.3]


def test_counts_are_as_small_as_the_numbers_of_the_axes_and_names_are_larger():
    ax = plot_confusion(MATRIX)
    assert {text.get_fontsize() for text in ax.texts} == {TEXT - 1}
    assert {label.get_fontsize() for label in ax.get_xticklabels()} == {TEXT - 1}
    assert {ax.xaxis.label.get_fontsize(), ax.yaxis.label.get_fontsize()} == {TEXT}


@pytest.mark.parametrize(("epochs", "marked"), [(30, True), (31, False)])
def test_up_to_thirty_values_have_dots_and_the_last_is_written(epochs, marked):
    ax = plot_losses(np.linspace(2, 1, epochs))
    assert [line.get_marker() for line in ax.lines] == ["o" if marked else ""]
    assert [text.get_text() for text in ax.texts] == ["training 1.000"] * marked


def test_zeros_are_faint():
    assert {text.get_color() for text in plot_confusion(MATRIX).texts if text.get_text() == "0"} == {LIGHT["grid"]}


def test_a_matrix_without_an_error_is_drawn_and_a_list_will_do():
    [image] = plot_confusion([[3, 0], [0, 4]]).images
    assert image.get_clim() == (0, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot_digit(IMAGES), "plot_digit needs shape (height, width), got shape (7, 28, 28)"),
        (lambda: plot_digit([1, 2]), "plot_digit needs shape (height, width), got shape (2,)"),
        (lambda: plot_digits(IMAGES[None]), "plot_digits needs shape (n, height, width), got shape (1, 7, 28, 28)"),
        (lambda: plot_digits(IMAGES[0]), "plot_digits needs shape (n, height, width), got shape (28, 28)"),
        (
            lambda: plot_digits(IMAGES[:0]),
            "plot_digits needs shape (n, height, width), got shape (0, 28, 28)",
        ),
        (
            lambda: plot_digits(IMAGES, LABELS[:6]),
            "plot_digits needs labels and predictions of shape (7,), got shape (6,)",
        ),
        (
            lambda: plot_digits(IMAGES, LABELS, np.zeros((7, 10))),
            "plot_digits needs labels and predictions of shape (7,), got shape (7, 10)",
        ),
        (
            lambda: plot_history({"loss": [], "mae": [1.0]}),
            "plot_history needs the loss or accuracy of at least one epoch, got {'loss': [], 'mae': [1.0]}",
        ),
        (lambda: plot_losses([]), "plot_losses needs shape (n,), got shape (0,)"),
        (lambda: plot_losses(2.3), "plot_losses needs shape (n,), got shape ()"),
        (lambda: plot_losses([[2.3]]), "plot_losses needs shape (n,), got shape (1, 1)"),
        (
            lambda: plot_against("plain", {"plain": [1.0]}, "loss"),
            "plot_against needs a run called 'plain' and at least one more, got ['plain']",
        ),
        (
            lambda: plot_against("plain", {"dropout": [1.0], "decay": [1.0]}, "loss"),
            "plot_against needs a run called 'plain' and at least one more, got ['dropout', 'decay']",
        ),
        (
            lambda: plot_against("plain", {"plain": [1.0], "other": []}, "loss"),
            "plot_against needs each run as shape (n,), n at least 1, got shape (0,)",
        ),
        (lambda: plot_paths(narrow, {}), "plot_paths needs one or two paths by name, got []"),
        (
            lambda: plot_paths(narrow, dict.fromkeys("abc", PATHS["crooked"])),
            "plot_paths needs one or two paths by name, got ['a', 'b', 'c']",
        ),
        (
            lambda: plot_paths(narrow, {"across": [[1, 2, 3], [4, 5, 6]]}),
            "plot_paths needs each path as weights of shape (n, 2), n at least 2, got shape (2, 3)",
        ),
        (
            lambda: plot_paths(narrow, {"down": [[1, 2], [3, np.inf]]}),
            "plot_paths needs each path as weights of shape (n, 2), n at least 2, of finite numbers, got inf in 'down'",
        ),
        (
            lambda: plot_paths(lambda w0, w1: 0 * w0 * w1, PATHS),
            "plot_paths needs a loss that differs between places, got 0.0 everywhere",
        ),
        (
            lambda: plot_paths(lambda *_: 1.0, PATHS),
            "plot_paths needs the loss of each pair in an array, got shape ()",
        ),
        (lambda: plot_confusion(MATRIX[:3]), "plot_confusion needs shape (n, n), got shape (3, 10)"),
        (lambda: plot_confusion([1, 2]), "plot_confusion needs shape (n, n), got shape (2,)"),
        (lambda: plot_confusion(np.ones((2, 2, 2))), "plot_confusion needs shape (n, n), got shape (2, 2, 2)"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_drawn(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
    assert not plt.get_fignums()


def test_the_palettes_name_the_same_colours_and_share_none():
    assert LIGHT.keys() == DARK.keys()
    assert len({*LIGHT.values(), *DARK.values()}) == 2 * len(LIGHT)  # so that the palettes can replace each other


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    """Return the relative luminance as WCAG 2 defines it."""
    channels = np.array(to_rgba(colour)[:3])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["ink", "muted", "first", "second", "wrong"])
def test_text_in_every_colour_can_be_read_on_its_page(page, name):
    palette, ground = PAGES[page]
    assert contrast(palette[name], ground) >= 4.5


@pytest.mark.parametrize("page", PAGES)
def test_ink_can_be_read_on_the_hottest_cell(page):
    palette, ground = PAGES[page]
    *hottest, alpha = heat_colormap(palette)(1.0)
    seen = alpha * np.array(hottest) + (1 - alpha) * np.array(to_rgba(ground)[:3])
    assert contrast(palette["ink"], tuple(seen)) >= 4.5


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("make", "name"), [(ink_colormap, "tensorbook-ink"), (heat_colormap, "tensorbook-heat")])
def test_a_colormap_begins_with_nothing_and_has_a_name(page, make, name):
    colormap = make(PAGES[page][0])
    assert colormap.name == name
    assert colormap(0.0)[3] == 0
    assert to_hex(ink_colormap(LIGHT)(1.0)) == LIGHT["ink"]


def test_importing_the_module_loads_no_matplotlib(processes):
    code = "import sys, tensorbook.plotting; print(*sys.modules)"
    modules = processes.run([sys.executable, "-c", code], check=True).stdout.split()
    assert not {"matplotlib", "matplotlib.pyplot", "tensorflow", "keras"} & set(modules)


def test_two_points_are_enough_and_are_drawn_where_they_lie():
    [line] = plot_curve([1, 3], [0.5, 2], "x", "y").lines
    np.testing.assert_array_equal(line.get_xydata(), [[1, 0.5], [3, 2]])


def test_the_first_point_can_be_marked():
    ax = plot_curve([1, 3], [0.5, 2], "x", "y", mark=0)
    np.testing.assert_array_equal(ax.lines[1].get_xydata(), [[1, 0.5]])
    assert [text.get_text() for text in ax.texts] == ["1, 0.5"]


@pytest.mark.parametrize(
    ("x", "y"),
    [([1], [2]), ([], []), (1, 2), ([1, 2, 3], [1, 2]), ([1, 2], [1, 2, 3]), (np.ones((2, 2)), np.ones((2, 2)))],
)
def test_what_is_no_curve_is_refused_before_anything_is_drawn(x, y):
    shapes = f"got shapes {np.shape(x)} and {np.shape(y)}"
    with pytest.raises(ValueError, match=re.escape(f"plot_curve needs as many x as y, at least two, {shapes}")):
        plot_curve(x, y, "x", "y")
    assert not plt.get_fignums()


def test_each_run_is_on_a_panel_of_its_own_over_the_baseline():
    ax = plot_against("no remedy", RUNS, "validation loss")
    assert titles(ax) == ["dropout", "early stopping"]
    for panel, name in zip(ax.child_axes, titles(ax), strict=True):
        behind, run = panel.lines
        for line, values in ((behind, RUNS["no remedy"]), (run, RUNS[name])):
            np.testing.assert_array_equal(line.get_xydata(), np.transpose([range(1, len(values) + 1), values]))
        assert behind.get_linestyle() == "--"
        assert (run.get_marker(), run.get_markevery()) == ("o", [-1])
        assert (panel.get_xlim(), panel.get_ylim()) == (ax.child_axes[0].get_xlim(), ax.child_axes[0].get_ylim())
    assert [panel.get_ylabel() for panel in ax.child_axes] == ["validation loss", ""]
    assert {panel.get_xlabel() for panel in ax.child_axes} == {"epoch"}


@pytest.mark.parametrize(("last", "higher"), [(0.8, True), (0.5, False)])
def test_the_baseline_s_name_is_on_the_side_away_from_the_run(last, higher):
    ax = plot_against("plain", {"plain": [0.9, last], "other": [0.9, 0.6]}, "loss")
    [name] = ax.child_axes[0].texts
    ax.figure.canvas.draw()
    place = ax.child_axes[0].transData.inverted().transform(name.get_window_extent().get_points())
    assert name.get_text() == "plain"
    assert (place[0, 1] > last) == higher
    assert (place[1, 1] < last) != higher


@pytest.mark.parametrize("epochs", [1, 2, 12, 30])
def test_a_long_baseline_fits_and_steps_are_counted_from_one(epochs):
    panel = plot_against("plain", {"plain": range(epochs), "short": [1]}, "loss").child_axes[0]
    left, right = panel.get_xlim()
    assert left <= 1
    assert epochs <= right
    assert all(label.isdecimal() and int(label) >= 1 for label in tick_labels(panel.xaxis))


def test_paths_are_drawn_where_they_lead_from_the_start_over_a_map_with_its_lowest_point():
    ax = plot_paths(narrow, PATHS)
    *paths, start, lowest = ax.lines
    for line, path in zip(paths, PATHS.values(), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), path)
    assert [line.get_label() for line in paths] == list(PATHS)
    assert len({line.get_marker() for line in paths}) == 2, "they can be told apart without colours"
    np.testing.assert_array_equal(start.get_xydata(), [[-3, 1]])
    np.testing.assert_allclose(lowest.get_xydata(), [[0, 0]], atol=0.02)
    assert ax.get_aspect() == 1


def test_each_line_of_the_map_joins_points_of_equal_loss_and_none_is_the_colour_of_a_path():
    [lines] = [artist for artist in plot_paths(narrow, PATHS).collections if len(artist.get_paths()) > 1]
    assert {to_hex(colour) for colour in lines.get_edgecolor()} == {LIGHT["grid"]}
    levels = [narrow(*path.vertices.T) for path in lines.get_paths() if len(path.vertices)]
    assert len(levels) == 10
    for level in levels:
        np.testing.assert_allclose(level, level[0], rtol=0.01)


def test_a_path_that_stays_where_it_is_has_a_map_as_well():
    ax = plot_paths(narrow, {"nowhere": [[1, 1], [1, 1]]})
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 2), (0, 2))


def test_the_names_of_the_two_marks_do_not_leave_the_map():
    ax = plot_paths(narrow, PATHS)
    ax.figure.canvas.draw()
    inside = ax.get_window_extent()
    for text in ax.texts:
        assert inside.contains(*text.get_window_extent().p0), text.get_text()
        assert inside.contains(*text.get_window_extent().p1), text.get_text()


def test_shares_in_a_confusion_matrix_have_two_decimals_and_counts_have_none():
    said = [text.get_text() for text in plot_confusion(np.array([[1 / 3, 2 / 3], [0, 1]])).texts]
    assert said == ["0.33", "0.67", "0.00", "1.00"]
    assert [text.get_text() for text in plot_confusion([[8.0, 2], [0, 9]]).texts] == ["8", "2", "0", "9"]


NO_NUMBERS = {
    "nothing": None,
    "a number": 5,
    "a word": "0.5",
    "no list": [],
    "a list of words": ["a", "b"],
    "a list of nothing": [None, None],
    "rows of words": [["a", "b"], ["c", "d"]],
    "rows of different lengths": [[1, 2], [3]],
    "pictures of words": np.full((2, 2, 2), "a"),
    "an empty dict": {},
    "a dict of a number": {"loss": 0.5},
    "a dict of words": {"loss": ["a"], "accuracy": ["b"]},
    "a dict of rows": {"loss": [[1, 2]]},
    "an object": object(),
    "a class": int,
}
PLOTS = {
    "plot_digit": plot_digit,
    "plot_digits": plot_digits,
    "the labels of plot_digits": lambda labels: plot_digits(np.zeros((3, 28, 28)), labels=labels),
    "plot_history": plot_history,
    "plot_losses": plot_losses,
    "plot_confusion": plot_confusion,
    "plot_curve": lambda values: plot_curve(values, values, "x", "y"),
    "plot_against": lambda values: plot_against("plain", values, "loss"),
    "the runs of plot_against": lambda values: plot_against("plain", {"plain": values, "other": values}, "loss"),
    "plot_paths": lambda values: plot_paths(narrow, values),
    "the paths of plot_paths": lambda values: plot_paths(narrow, {"path": values}),
}


@pytest.mark.parametrize("values", NO_NUMBERS.values(), ids=NO_NUMBERS)
@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_what_cannot_be_drawn_is_the_value_error_that_is_promised(plot, values):
    if plot is PLOTS["the labels of plot_digits"] and values is None:
        return  # an empty list of labels means none
    with pytest.raises(ValueError, match=r"^plot_\w+ needs .*, got ") as error:
        plot(values)
    assert "\n" not in str(error.value)
    assert not plt.get_fignums(), "an empty figure is left over"


def test_a_history_that_is_a_list_says_what_was_needed():
    with pytest.raises(
        ValueError, match=r"plot_history needs the loss or accuracy of at least one epoch, got \[0\.5, 0\.25\]"
    ):
        plot_history([0.5, 0.25])


UNUSUAL = {
    "axes.grid": True, "font.size": 20, "font.family": "serif", "axes.facecolor": "black", "lines.linewidth": 5,
    "figure.dpi": 50, "xtick.major.size": 12, "axes.unicode_minus": False, "image.origin": "lower",
    "svg.fonttype": "none", "savefig.facecolor": "red",
}  # fmt: skip


@pytest.mark.usefixtures("figures_are_closed")
def test_what_a_reader_s_matplotlibrc_says_changes_no_figure():
    """Each figure is drawn and saved as if there were none: some parts, such as ticks, are only created when a figure
    is saved."""
    from tensorbook import plotting
    from tensorbook.book.results.light_and_dark_figures import draw_pair
    from tensorbook.example_photo import make_photo, plot_photo

    digits = np.eye(28)[np.newaxis].repeat(3, axis=0)
    draw = {
        "digit": lambda: plotting.plot_digit(digits[0], 3, pixels=True),
        "digits": lambda: plotting.plot_digits(digits, [1, 2, 3], predictions=[1, 2, 4]),
        "history": lambda: plotting.plot_history({"loss": [0.3, -0.1], "accuracy": [0.9, 0.95]}),
        "losses": lambda: plotting.plot_losses([3, 2, 1]),
        "confusion": lambda: plotting.plot_confusion([[8, 2], [0, 9]]),
        "curve": lambda: plotting.plot_curve([0, 1, 2], [4, -1, 2], "step", "loss", mark=1),
        "photo": lambda: plot_photo(make_photo()),
        "against": lambda: plotting.plot_against("no remedy", RUNS, "validation loss"),
        "paths": lambda: plotting.plot_paths(narrow, PATHS),
    }
    for name, plot in draw.items():
        usual = draw_pair(plot().figure.figure)
        with mpl.rc_context(UNUSUAL):
            assert draw_pair(plot().figure.figure) == usual, name
            assert mpl.rcParams["font.size"] == 20, "the reader's own figures are drawn as the reader wants them"


def test_a_backend_that_turns_interactive_mode_on_in_the_first_figure_keeps_it():
    """A notebook's backend does this, and shows no other figure otherwise."""
    before = mpl.is_interactive()
    try:
        with default_style():
            mpl.interactive(True)
        assert mpl.is_interactive()
        with default_style():
            mpl.interactive(False)
        assert not mpl.is_interactive()
    finally:
        mpl.interactive(before)
