"""Plots of digits, training runs, confusion matrices and curves.

Each function draws on the given axes, or on those of a new figure, and returns them; only ``show_figure`` calls
``plt.show``. Figures have a transparent background and use the colours in ``LIGHT``, which suit any light page. Your
``matplotlibrc`` and styles have no effect. An unsuitable argument raises a ``ValueError`` that says what was needed and
what was given.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

# The colours of the book's diagrams, for light and for dark pages. All but "grid" are used for text too: their
# contrast on #ffffff and on #1e2129 is above 4.5. Colour-blind readers can distinguish "first" from "second".
_COLOURS = {
    "ink": ("#1f2430", "#e6e9f2"),
    "muted": ("#5a6275", "#a9b1c4"),
    "grid": ("#c3c9da", "#4a5266"),
    "first": ("#3949ab", "#a5b4fc"),
    "second": ("#a8430a", "#fdb07a"),
    "wrong": ("#ad1457", "#ff8fb8"),
}
LIGHT, DARK = ({name: pair[scheme] for name, pair in _COLOURS.items()} for scheme in (0, 1))
_RUNS = ("loss", "accuracy", "val_loss", "val_accuracy")
TEXT = 11  # points: legible on a phone, which shows a figure at two thirds of its size
_PIXELS: dict[str, Any] = {"aspect": "equal", "interpolation": "none", "origin": "upper", "vmin": 0}
_BESIDE: dict[str, Any] = {"textcoords": "offset points", "ha": "right", "va": "center", "size": TEXT - 1}


@contextlib.contextmanager
def default_style() -> Iterator[None]:
    """Use Matplotlib's defaults within a block, regardless of your ``matplotlibrc`` or style.

    Interactive mode stays as the block leaves it: a notebook's backend turns it on when it draws its first figure, and
    shows no further figures if it is turned off again.

    Examples:
        >>> import matplotlib
        >>> with matplotlib.rc_context({"axes.grid": True}), default_style():
        ...     matplotlib.rcParams["axes.grid"]
        False
    """
    import matplotlib
    from matplotlib import style

    with contextlib.ExitStack() as after, style.context("default"):
        try:
            yield
        finally:
            after.callback(matplotlib.interactive, matplotlib.is_interactive())


def ink_colormap(palette: Mapping[str, str]) -> "Colormap":
    """Return ``tensorbook-ink``, the colormap for digits: from transparent to ink.

    Args:
        palette: ``LIGHT`` or ``DARK``.

    Returns:
        A colormap whose lowest colour is transparent and whose highest is the palette's ink.

    Examples:
        >>> ink_colormap(LIGHT)(0.0)[3], ink_colormap(LIGHT)(1.0)[3]
        (np.float64(0.0), np.float64(1.0))
    """
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("tensorbook-ink", [palette["ink"] + "00", palette["ink"]])


def heat_colormap(palette: Mapping[str, str]) -> "Colormap":
    """Return ``tensorbook-heat``, the colormap for counts: from transparent to a blue on which text is legible.

    Args:
        palette: ``LIGHT`` or ``DARK``.

    Returns:
        A colormap whose lowest colour is transparent and whose highest is less than half opaque.

    Examples:
        >>> heat_colormap(LIGHT)(0.0)[3]
        np.float64(0.0)
    """
    from matplotlib.colors import LinearSegmentedColormap

    blue = palette["first"]
    return LinearSegmentedColormap.from_list("tensorbook-heat", [blue + "00", blue + "73"])


def weights_colormap(palette: Mapping[str, str]) -> "Colormap":
    """Return ``tensorbook-weights``, the colormap for weights: orange below zero, transparent at zero, blue above.

    Args:
        palette: ``LIGHT`` or ``DARK``.

    Returns:
        A colormap for values between two limits that are equally far from zero.

    Examples:
        >>> weights_colormap(LIGHT)(0.5)[3] < 0.01
        np.True_
    """
    from matplotlib.colors import LinearSegmentedColormap

    negative, positive = palette["second"], palette["first"]
    colours = zip((0.0, 0.5, 0.5, 1.0), (negative, negative + "00", positive + "00", positive), strict=True)
    return LinearSegmentedColormap.from_list("tensorbook-weights", list(colours))


@default_style()
def plot_digit(image: ArrayLike, label: Any = None, ax: "Axes | None" = None, pixels: bool = False) -> "Axes":
    """Draw an image in a thin frame, with its label above it.

    Args:
        image: Shape ``(height, width)``: integers from 0 to 255, or floats from 0.0 to 1.0; 0 is background, the
            highest value is ink.
        label: Title above the image; none by default.
        ax: The axes to draw on; by default those of a new figure.
        pixels: Whether to number every seventh row and column.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: The image is not an array of numbers of this shape.

    Examples:
        >>> plot_digit(np.zeros((28, 28)), label=9).get_title()
        '9'
    """
    image = _numbers(image, "plot_digit needs shape (height, width)", ndim=2)
    full = 1 if image.dtype.kind in "bf" and image.max(initial=0) <= 1 else 255  # for unscaled floats too
    ax = _axes(ax, 2, 2)
    ax.imshow(image, ink_colormap(LIGHT), vmax=full, **_PIXELS)
    yticks, xticks = (range(0, length, 7) if pixels else () for length in image.shape)
    return _style(ax, "" if label is None else f"{label}", xticks=xticks, yticks=yticks)


@default_style()
def plot_digits(
    images: ArrayLike,
    labels: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    columns: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw images in rows, each with its label above it; wrong predictions are in a different colour.

    Args:
        images: Shape ``(n, height, width)``, n at least 1, with the dtypes and ranges that ``plot_digit`` accepts.
        labels: Titles above the images, shape ``(n,)``; by default the predictions.
        predictions: The predicted classes, shape ``(n,)``.
        columns: Images per row, at least 1.
        ax: The axes to divide; by default those of a new figure.

    Returns:
        The axes; each image is on one of its ``child_axes``.

    Raises:
        ValueError: The images, labels or predictions do not have these shapes.

    Examples:
        >>> ax = plot_digits(np.zeros((3, 28, 28)), labels=[5, 0, 4], predictions=[5, 0, 9])
        >>> [child.get_title() for child in ax.child_axes]
        ['5', '0', '4, said 9']
    """
    images = _numbers(images, "plot_digits needs shape (n, height, width)", ndim=3, least=1)
    for names in (labels, predictions):
        needed = f"plot_digits needs labels and predictions of shape ({len(images)},)"
        if names is not None and _shape(names, needed) != images.shape[:1]:
            raise ValueError(f"{needed}, got shape {np.shape(names)}")
    labels = predictions if labels is None else labels
    shown = np.full(len(images), None) if labels is None else np.asarray(labels)
    predicted = shown if predictions is None else np.asarray(predictions)
    columns = max(1, min(columns, len(images)))
    rows, side = -(-len(images) // columns), 1.0 if predictions is not None else min(1.0, 5 / columns)
    title = 0.0 if labels is None else 0.26  # inches
    ax = _axes(ax, columns * side, rows * (side + title), divided=True)
    height = ax.get_window_extent().height / ax.figure.dpi / rows
    for k, image in enumerate(images):
        row, column = divmod(k, columns)
        corner = (column + 0.04) / columns, 1 - (row + 0.98) / rows
        child = ax.inset_axes((*corner, 0.92 / columns, (0.96 - title / height) / rows))
        plot_digit(image, shown[k], child)
        if predicted[k] != shown[k]:
            child.title.set(text=f"{shown[k]}, said {predicted[k]}", color=LIGHT["wrong"])
    return ax


@default_style()
def plot_history(history: Any, ax: "Axes | None" = None) -> "Axes":
    """Draw the loss and accuracy of each epoch, and the validation loss and accuracy if there are any.

    Args:
        history: The result of ``fit``, its dict, or an object with the lists ``loss`` and ``accuracy``, which have one
            number per epoch. One of these lists is enough. ``val_loss`` and ``val_accuracy`` are drawn, too.
        ax: The axes to divide; by default those of a new figure.

    Returns:
        The axes; loss and accuracy are each on one of its ``child_axes``.

    Raises:
        ValueError: There is no loss or accuracy for any epoch.

    Examples:
        >>> ax = plot_history({"loss": [0.26, 0.1], "accuracy": [0.92, 0.97]})
        >>> [child.get_title() for child in ax.child_axes]
        ['loss', 'accuracy']
    """
    needed = "plot_history needs the loss or accuracy of at least one epoch"
    given = getattr(history, "history", history)
    given = given if isinstance(given, Mapping) else getattr(given, "__dict__", {})
    runs = {name: values for name, values in given.items() if name in _RUNS and not _is_empty(values)}
    names = [name for name in ("loss", "accuracy") if name in runs]
    if not names:
        raise ValueError(f"{needed}, got {' '.join(repr(dict(given) or history).split()):.200}")
    for name, values in runs.items():
        _numbers(values, f"{needed}, and {name} as a list", ndim=1)
    ax = _axes(ax, 4.4, 1.7, divided=True)
    for k, name in enumerate(names):
        panel = ax.inset_axes((0.56 * k, 0, 0.44 if len(names) > 1 else 1, 1))
        _curves(panel, name, "epoch", training=runs[name], validation=runs.get(f"val_{name}", ()))
    return ax


@default_style()
def plot_losses(losses: ArrayLike, ax: "Axes | None" = None) -> "Axes":
    """Draw the loss of each batch.

    Args:
        losses: Numbers of shape ``(n,)``, n at least 1.
        ax: The axes to draw on; by default those of a new figure.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: The losses are not an array of numbers of this shape.

    Examples:
        >>> plot_losses([2.3, 1.9, 1.6]).get_xlabel()
        'batch'
    """
    losses = _numbers(losses, "plot_losses needs shape (n,)", ndim=1, least=1)
    return _curves(_axes(ax, 4.4, 1.9), "loss", "batch", training=losses)


@default_style()
def plot_confusion(matrix: ArrayLike, ax: "Axes | None" = None) -> "Axes":
    """Draw a confusion matrix with a count in each cell; the more errors, the stronger the cell's colour.

    Args:
        matrix: Shape ``(n, n)``, with a row for each true class and a column for each predicted class. It contains
            counts, or shares from 0.0 to 1.0, which are shown to two decimals.
        ax: The axes to draw on; by default those of a new figure.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: The matrix is not an array of numbers of this shape.

    Examples:
        >>> [text.get_text() for text in plot_confusion([[8, 2], [0, 9]]).texts]
        ['8', '2', '0', '9']
        >>> [text.get_text() for text in plot_confusion([[2 / 3, 1 / 3], [0, 1]]).texts]
        ['0.67', '0.33', '0.00', '1.00']
    """
    matrix = _numbers(matrix, "plot_confusion needs shape (n, n)", ndim=2)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"plot_confusion needs shape (n, n), got shape {matrix.shape}")
    decimals = 0 if (matrix == np.floor(matrix)).all() else 2
    errors = np.where(np.eye(len(matrix), dtype=bool), 0, matrix)
    ax = _axes(ax, 4.4, 4.4)
    ax.imshow(errors, heat_colormap(LIGHT), vmax=max(1, errors.max(initial=0)), **_PIXELS)
    for (true, predicted), count in np.ndenumerate(matrix):
        colour = LIGHT["grid" if not count else "muted" if true == predicted else "ink"]
        ax.text(predicted, true, f"{count:.{decimals}f}", color=colour, fontsize=TEXT - 1, ha="center", va="center")
    return _style(ax, xticks=range(len(matrix)), yticks=range(len(matrix)), xlabel="predicted", ylabel="true")


@default_style()
def plot_curve(x: ArrayLike, y: ArrayLike, xlabel: str, ylabel: str, *, mark: int | None = None) -> "Axes":
    """Draw ``y`` against ``x`` as a line; optionally mark one point with a dot and its coordinates.

    Args:
        x: Numbers of shape ``(n,)``, n at least 2.
        y: Numbers of the same shape.
        xlabel: Label of the x axis.
        ylabel: Label of the y axis.
        mark: The index of the point to mark; none by default.

    Returns:
        The axes of a new figure.

    Raises:
        ValueError: The shapes differ or are not ``(n,)``, or the entries are not numbers.

    Examples:
        >>> plot_curve([0, 1, 2], [4, 1, 2], "step", "loss", mark=1).get_ylabel()
        'loss'
        >>> plot_curve([0, 1, 2], [4, 1], "step", "loss")
        Traceback (most recent call last):
            ...
        ValueError: plot_curve needs as many x as y, at least two, got shapes (3,) and (2,)
    """
    needed = "plot_curve needs as many x as y, at least two"
    shapes = _shape(x, needed), _shape(y, needed)
    if len(shapes[0]) != 1 or shapes[0] != shapes[1] or shapes[0][0] < 2:
        raise ValueError(f"{needed}, got shapes {shapes[0]} and {shapes[1]}")
    x, y = (_numbers(values, needed, ndim=1) for values in (x, y))
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(5, 2.6), layout="constrained", facecolor="none")
    ax.set_facecolor("none")
    ax.plot(x, y, color=LIGHT["first"], lw=1.5)
    if mark is not None:
        ax.plot(x[mark], y[mark], "o", color=LIGHT["second"], ms=6)
        ax.annotate(
            f"{x[mark]:.2g}, {y[mark]:.2g}",
            (x[mark], y[mark]),
            xytext=(0, 10),
            textcoords="offset points",
            ha="center",
            color=LIGHT["second"],
            size=TEXT - 1,
        )
    ax.set_xlabel(xlabel, color=LIGHT["muted"], fontsize=TEXT)
    ax.set_ylabel(ylabel, color=LIGHT["muted"], fontsize=TEXT)
    ax.tick_params(color=LIGHT["grid"], labelcolor=LIGHT["muted"], labelsize=TEXT - 1)
    ax.spines[["right", "top"]].set_visible(False)
    ax.spines[:].set(color=LIGHT["grid"], linewidth=0.8)
    return ax


@default_style()
def plot_paths(
    loss: Callable[[np.ndarray, np.ndarray], ArrayLike], paths: Mapping[str, ArrayLike], ax: "Axes | None" = None
) -> "Axes":
    """Draw paths of two weights on a map of the loss, on which each line joins points of equal loss.

    Both axes have the same scale. A ring marks the start of the first path, a cross the lowest point of the map.

    Args:
        loss: A function of two weights: it takes two float arrays of the same shape, and returns a third with the loss
            of each pair.
        paths: One or two paths by name. Each is an array of finite numbers of shape ``(n, 2)``, n at least 2: the two
            weights at the start and after each step.
        ax: The axes to draw on; by default those of a new figure.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: There are not one or two paths, one is not an array of finite numbers of this shape, or the loss is
            the same everywhere.

    Examples:
        >>> def bowl(w0, w1):
        ...     return w0**2 + w1**2
        >>> ax = plot_paths(bowl, {"straight down": [[-2, 1], [-1, 0.5], [0, 0]]})
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('first weight', 'second weight')
        >>> plot_paths(bowl, {"nowhere": [[-2, 1]]})
        Traceback (most recent call last):
            ...
        ValueError: plot_paths needs each path as weights of shape (n, 2), n at least 2, got shape (1, 2)
    """
    needed = "plot_paths needs each path as weights of shape (n, 2), n at least 2"
    if not isinstance(paths, Mapping) or len(paths) not in (1, 2):
        got = list(paths) if isinstance(paths, Mapping) else " ".join(repr(paths).split())
        raise ValueError(f"plot_paths needs one or two paths by name, got {got!s:.200}")
    drawn = {name: _numbers(path, needed, ndim=2, least=4) for name, path in paths.items()}
    for name, path in drawn.items():
        if path.shape[1] != 2:
            raise ValueError(f"{needed}, got shape {path.shape}")
        if not np.isfinite(path).all():
            raise ValueError(f"{needed}, of finite numbers, got {path[~np.isfinite(path)][0]} in {name!r}")
    everywhere = np.concatenate(list(drawn.values()))
    low, high = everywhere.min(axis=0), everywhere.max(axis=0)
    margin = 0.1 * (high - low).max() or 1.0
    sides = [np.linspace(low[k] - margin, high[k] + margin, 201) for k in (0, 1)]
    heights = _numbers(loss(*np.meshgrid(*sides)), "plot_paths needs the loss of each pair in an array", ndim=2)
    lowest, highest = heights.min(), heights.max()
    if not lowest < highest:
        raise ValueError(f"plot_paths needs a loss that differs between places, got {lowest} everywhere")
    row, column = np.unravel_index(heights.argmin(), heights.shape)
    marks = {("start", "o"): everywhere[0], ("lowest point", "x"): (sides[0][column], sides[1][row])}
    shares = np.linspace(0, 1, 12)[1:-1] ** 2  # in a bowl, lines at these shares of the height are evenly spaced
    ax = _axes(ax, 4.2, 2.8)
    ax.contour(*sides, heights, lowest + (highest - lowest) * shares, colors=LIGHT["grid"], linewidths=0.8)
    for (name, path), colour, marker in zip(drawn.items(), ("second", "first"), "os", strict=False):
        ax.plot(*path.T, color=LIGHT[colour], lw=1.5, marker=marker, ms=4, label=name)
    for (name, marker), point in marks.items():
        ax.plot(*point, marker, color=LIGHT["ink"], ms=9, mew=1.5, fillstyle="none")
        right = point[0] > (low[0] + high[0]) / 2
        beside, side = ((6, -14), "right") if right else ((10, 0), "left")
        ax.annotate(name, point, **_BESIDE | {"xytext": beside, "ha": side, "color": LIGHT["ink"]})
    ax.legend(
        ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False, fontsize=TEXT, labelcolor=LIGHT["ink"]
    )
    ax.set_aspect("equal")
    return _style(ax, xlabel="first weight", ylabel="second weight")


@default_style()
def plot_against(
    baseline: str, runs: Mapping[str, ArrayLike], ylabel: str, xlabel: str = "epoch", ax: "Axes | None" = None
) -> "Axes":
    """Compare runs with one of them: each other run is a line on a panel of its own, over the dashed baseline.

    All panels have the same scales. A dot marks the end of a run.

    Args:
        baseline: The name of the run that the others are compared with.
        runs: At least two runs by name. Each is one number per step: shape ``(n,)``, n at least 1; n may differ.
        ylabel: Label of the y axis.
        xlabel: Label of the x axis, on which steps are counted from 1.
        ax: The axes to divide; by default those of a new figure.

    Returns:
        The axes; each run but the baseline is on one of its ``child_axes``.

    Raises:
        ValueError: There is no baseline or nothing to compare with it, or a run is not an array of numbers of this
            shape.

    Examples:
        >>> runs = {"no remedy": [3, 1, 2], "dropout": [3, 2, 1], "early stopping": [3, 1]}
        >>> ax = plot_against("no remedy", runs, "validation loss")
        >>> [panel.get_title() for panel in ax.child_axes]
        ['dropout', 'early stopping']
    """
    needed = "plot_against needs each run as shape (n,), n at least 1"
    names = list(runs) if isinstance(runs, Mapping) else []
    if baseline not in names or len(names) < 2:
        got = " ".join(repr(names or runs).split())
        raise ValueError(f"plot_against needs a run called {baseline!r} and at least one more, got {got:.200}")
    drawn = {name: _numbers(values, needed, ndim=1, least=1) for name, values in runs.items()}
    longest, behind = max(map(len, drawn.values())), drawn.pop(baseline)
    ax = _axes(ax, 4.4, 2.2, divided=True)
    panels: list[Axes] = []
    for k, (name, values) in enumerate(drawn.items()):
        first = panels[0] if panels else None
        panel = ax.inset_axes(((k + 0.04) / len(drawn), 0, 0.92 / len(drawn), 1), sharex=first, sharey=first)
        panel.plot(range(1, len(behind) + 1), behind, "--", color=LIGHT["muted"], lw=1.5)
        [line] = panel.plot(range(1, len(values) + 1), values, color=LIGHT["second"], lw=1.5, clip_on=False)
        line.set(marker="o", ms=5, markevery=[-1])
        panel.tick_params(labelleft=not k)
        labels = {"xlabel": xlabel, "ylabel": "" if k else ylabel}
        _by_step(panel, name, 4, steps=[1, 2, 5, 10], xlim=(0.5, longest + 0.5), **labels)
        panels.append(panel)
    up = 20 if behind[-1] >= next(iter(drawn.values()))[-1] else -20  # on the side away from the run
    label = _BESIDE | {"xytext": (4, up), "color": LIGHT["muted"]}
    panels[0].annotate(baseline, (len(behind), behind[-1]), **label)
    return ax


@default_style()
def show_figure(name: str) -> None:
    """Show the current figure; without a screen, save it in the current folder and print its path.

    All figures are closed afterwards.

    Args:
        name: Name of the PNG file if it is saved, without the extension.

    Raises:
        ValueError: There is no figure to show.
        OSError: The file can't be written.
    """
    import matplotlib.pyplot as plt
    from matplotlib.backends.registry import BackendFilter, backend_registry

    if not plt.get_fignums():
        raise ValueError("show_figure needs a figure, but none has been drawn since the last one was shown")
    plt.gcf().set_facecolor("white")  # its colours are for a light background
    # Matplotlib's registry has types in part.
    without_screen = backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE)  # type: ignore[no-untyped-call]
    if plt.get_backend().lower() in without_screen:
        path = Path(f"{name}.png").absolute()
        plt.savefig(path, dpi=150)
        print(f"The figure was saved as {path}")
    else:
        plt.show()
    plt.close("all")


def _axes(ax: "Axes | None", width: float, height: float, divided: bool = False) -> "Axes":
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(width + 0.6, height + 0.8), facecolor="none")  # inches, with margins
        ax.set_position((0.5 / (width + 0.6), 0.5 / (height + 0.8), width / (width + 0.6), height / (height + 0.8)))
    ax.set_facecolor("none")
    ax.axison = not divided
    return ax


def _curves(ax: "Axes", title: str, step: str, **runs: ArrayLike) -> "Axes":
    drawn = {name: np.asarray(values) for name, values in runs.items() if np.size(values)}
    highest = max(values[-1] for values in drawn.values())
    for (name, values), colour in zip(drawn.items(), map(LIGHT.get, ("first", "second")), strict=False):
        steps, last, few = range(1, len(values) + 1), values[-1], len(values) <= 30
        ax.plot(steps, values, color=colour, lw=1.5, ls="-", marker="o" if few else "", ms=4)
        if few:  # label the last value on the side away from the curves
            up = last == highest if len(drawn) > 1 else last >= values[0]
            ax.annotate(f"{name} {last:.3f}", (steps[-1], last), (4, 12 if up else -12), color=colour, **_BESIDE)
            ax.margins(y=0.25)
    return _by_step(ax, title, 10, xlabel=step)


def _by_step(ax: "Axes", title: str, ticks: int, steps: "list[int] | None" = None, **properties: Any) -> "Axes":
    """Style axes on which steps are counted from left to right: whole numbers, and no frame at the top or right."""
    from matplotlib.ticker import MaxNLocator

    ax.spines[["right", "top"]].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(ticks, integer=True, min_n_ticks=1, steps=steps))
    return _style(ax, title, **properties)


def _style(ax: "Axes", title: str = "", **properties: Any) -> "Axes":
    ax.set(facecolor="none", **properties)
    ax.set_title(title, color=LIGHT["ink"], fontsize=TEXT, pad=4)
    ax.tick_params(color=LIGHT["grid"], labelcolor=LIGHT["muted"], labelsize=TEXT - 1)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set(color=LIGHT["muted"], fontsize=TEXT)
    ax.spines[:].set(color=LIGHT["grid"], linewidth=0.8)
    return ax


def _numbers(values: ArrayLike, needed: str, ndim: int, least: int = 0) -> np.ndarray:
    """Return an array of real numbers with ``ndim`` axes and at least ``least`` entries."""
    shape = _shape(values, needed)
    array = np.asarray(values)
    if array.ndim != ndim or array.size < least:
        raise ValueError(f"{needed}, got shape {shape}")
    if array.size and array.dtype.kind not in "biuf":
        raise ValueError(f"{needed} of numbers, got {array.dtype}")
    return array


def _shape(values: Any, needed: str) -> tuple[int, ...]:
    try:
        return np.shape(values)
    except ValueError:  # NumPy's message is about its internals
        raise ValueError(f"{needed}, got rows of different lengths") from None


def _is_empty(values: Any) -> bool:
    return hasattr(values, "__len__") and len(values) == 0
