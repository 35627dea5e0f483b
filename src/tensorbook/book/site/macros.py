"""What pages can use in double braces: the records of the runs, figures, tables and diagrams."""

import html
import json
import re
import statistics
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import tensorbook
from tensorbook.book.examples.page_run_stats import last_run_line, load_page_runs
from tensorbook.book.results.benchmarks import Benchmarks
from tensorbook.book.results.book_record import Record
from tensorbook.book.results.disturbances import Disturbances
from tensorbook.book.results.experiments import Experiments
from tensorbook.book.results.formatting import percent, table, thousands, times
from tensorbook.book.results.light_and_dark_figures import SCHEMES, picture_path
from tensorbook.book.results.op_timings import OpTimings
from tensorbook.book.results.other_records import ConvnetRecord, ScratchRecord
from tensorbook.book.results.panel_measurements import Learning
from tensorbook.book.results.seed_variance import Seeds
from tensorbook.book.results.strangers_handwriting import Strangers
from tensorbook.book.results.train_handwriting_network import HandwritingRecord
from tensorbook.book.site import diagrams
from tensorbook.book.site.notebook_links import links_below_title, wheel_address
from tensorbook.book.site.reading_time import reading_minutes
from tensorbook.book.site.without_javascript import (
    PHOTO_WITHOUT_JAVASCRIPT,
    box_without_javascript,
    first_answer,
    panel_without_javascript,
)

POINTS_TO_PIXELS = 4 / 3
START = 2000  # characters of an SVG file, which have its size


class Environment(Protocol):
    """What mkdocs-macros, or Zensical, passes to ``define_env``."""

    variables: dict[str, Any]
    project_dir: str
    conf: Any

    def macro(self, function: Callable[..., Any]) -> Any:
        """Register a function that pages may call."""

    def filter(self, function: Callable[..., Any]) -> Any:
        """Register a filter that pages may use."""


@cache  # once per process: Zensical defines the macros again for each page
def report_what_zensical_lacks() -> None:
    """Say what the site lacks without MkDocs's hooks, since Zensical ignores hooks silently."""
    print(
        "tensorbook: Zensical runs no hooks, so this site lacks the page of the whole book, notebooks, scripts, wheel "
        "and the digits for the training panel. "
        "`python -m tensorbook.book downloads site` adds all of these except the page.",
        file=sys.stderr,
    )


def define_env(env: Environment) -> None:
    """Give the pages the records and the functions below; called once per build."""
    if type(env).__module__.startswith("zensical"):
        report_what_zensical_lacks()
    results = Path(env.project_dir) / "docs" / "results"
    record, handwriting = Record.load(results), HandwritingRecord.load(results)
    runs = load_page_runs(results)
    env.variables["record"] = record
    env.variables["seeds"] = Seeds.load(results)
    env.variables["scratch"] = ScratchRecord.load(results)
    env.variables["convnet"] = ConvnetRecord.load(results)
    env.variables["op_timings"] = OpTimings.load(results)
    env.variables["experiments"] = Experiments.load(results)
    env.variables["disturbances"] = Disturbances.load(results)
    env.variables["strangers"] = Strangers.load(results)
    env.variables["handwriting"] = handwriting
    env.variables["learning"] = Learning.load(results)
    env.variables.update(env.variables["learning"].named)
    env.variables["bench"] = Benchmarks.load(results)
    env.variables["version"] = tensorbook.__version__
    env.variables["wheel"] = wheel_address(env.conf.get("site_url"))
    env.variables["repository"] = (env.conf.get("repo_url") or "").removesuffix("/")
    for form in (percent, thousands, times, statistics.median):
        env.filter(form)
    env.macro(diagram)

    @env.macro
    def figure(name: str, alt: str) -> str:
        """Return a picture from the results folder for both schemes; the browser loads only the one it shows."""
        return figure_markdown(results, name, alt)

    # The scripts check the weights they fetch against these.
    weights = (
        f'data-bytes="{record.weights.bytes}" data-sha256="{record.files[record.weights.file]}" '
        f'data-handwriting-bytes="{handwriting.bytes}" data-handwriting-sha256="{handwriting.sha256}"'
    )

    still = cache(box_without_javascript)  # for this build: two pages show it

    @env.macro
    def draw_box(answered: bool = False) -> str:
        """Return the drawing box, which a script brings to life with the weights of the run.

        Below it is a picture of the box, which is shown if no script runs.

        Args:
            answered: Whether the box shows a digit and the network's answer before the reader draws.
        """
        first = f" data-example='{first_answer(results.parent)}'" if answered else ""
        return (
            f'<div class="tb-draw" data-nearby="drawing/box" data-name="The drawing box" {weights}{first}></div>'
            f"{still(results.parent)}"
        )

    @env.macro
    def watch_it_learn() -> str:
        """Return the panel in which a network learns.

        Below it are the curves of a recorded run, which are shown on paper and if no script runs.
        """
        return (
            '<div class="tb-learn" data-nearby="learning/panel" data-name="The panel" data-address="learn"></div>'
            f"{panel_without_javascript(env.variables['learning'])}"
        )

    @env.macro
    def experiment(words: str, name: str) -> str:
        """Return the button that starts an experiment in the panel; it is not shown if no script runs."""
        return f'<button type="button" class="md-button tb-try" data-leads-to="#learn={words}">{name}</button>'

    @env.macro
    def live(name: str, task: str) -> str:
        """Return a diagram that a script brings to life, below a sentence about what to try."""
        return live_figure(name, task, diagram(name))

    @env.macro
    def own_photo(task: str) -> str:
        """Return the live figure that takes the reader's own photo through all the steps to the network's answer."""
        return live_figure("photo", task, PHOTO_WITHOUT_JAVASCRIPT, weights)

    @env.macro
    def script(name: str) -> str:
        """Return one of the site's scripts as a code block, so that the page shows the code that runs."""
        source = (results.parent / "javascripts" / name).read_text(encoding="utf-8")
        return f"```js\n{source}```"

    @env.macro
    def epochs_table() -> str:
        """Return the epochs of the run as a table."""
        rows = zip(record.history.loss, record.history.accuracy, strict=True)
        return table(
            ["epoch", "loss", "accuracy"],
            [(epoch, f"{loss:.4f}", f"{accuracy:.4f}") for epoch, (loss, accuracy) in enumerate(rows, start=1)],
        )

    @env.macro
    def convnet_table() -> str:
        """Return the epochs of chapter 8's run as a table."""
        history = env.variables["convnet"].history
        rows = zip(history["loss"], history["accuracy"], strict=True)
        return table(["epoch", "loss", "accuracy"], [(n, f"{a:.4f}", f"{b:.4f}") for n, (a, b) in enumerate(rows, 1)])

    @env.macro
    def experiments_table() -> str:
        """Return chapter 6's training runs, each with one thing changed, as a table."""
        return table(
            ["change", "steps", "training accuracy", "test accuracy"],
            [
                (one.name, thousands(one.steps), percent(one.training), percent(one.test))
                for one in env.variables["experiments"].outcomes
            ],
        )

    @env.macro
    def op_timings_table() -> str:
        """Return the timings of chapter 5's operations as a table of ratios."""
        return table(
            ["operation", "shapes", "loop ÷ NumPy", "loop ÷ Keras"],
            [
                (f"`{one.operation}`", one.shapes, times(one.ratio), times(one.loop / one.keras))
                for one in env.variables["op_timings"].timings
            ],
        )

    @env.macro
    def disturbances_table() -> str:
        """Return how many of chapter 9's spoiled sheets are read, with five steps and with all, as a table."""
        return table(
            ["what was done to the sheet", "five steps", "everything"],
            [
                (one.name, percent(one.without_steps), percent(one.with_steps))
                for one in env.variables["disturbances"].measured
            ],
        )

    @env.macro
    def strangers_table() -> str:
        """Return a table of what each network reads: MNIST's test digits and both halves of the pen drawings."""
        return table(
            [
                "network",
                "MNIST's test digits",
                "pen drawings, first half",
                "pen drawings, second half",
                "second half, sure but wrong",
            ],
            [
                (
                    f"{network.name[0].upper()}{network.name[1:]}",
                    percent(network.mnist.read),
                    percent(network.first_half.read),
                    percent(network.second_half.read),
                    percent(network.second_half.sure_and_wrong),
                )
                for network in env.variables["strangers"].networks
            ],
        )

    @env.macro
    def strangers_digits_table() -> str:
        """Return a table of the share of each digit's pen drawings, in the second half, that each network reads."""
        networks = env.variables["strangers"].networks
        rows = zip(range(10), *(network.second_half.digits for network in networks), strict=True)
        return table(
            ["digit", *(network.name for network in networks)],
            [(digit, *(percent(share) for share in shares)) for digit, *shares in rows],
        )

    @env.macro
    def bench_table() -> str:
        """Return the benchmarks' results as a table; rows that miss their target are marked."""
        lines = env.variables["bench"].table()
        rows = [(*cells, f"**{verdict}**" if verdict == "missed" else verdict) for *cells, verdict in lines]
        return table(["row", "our code", "baseline", "ratio", "target", "verdict"], rows)

    @env.macro
    def mutation_table() -> str:
        """Return a table of the share of bugs inserted into each module that its tests noticed."""
        rows = json.loads((results / "mutation.json").read_text(encoding="utf-8"))
        return table(
            ["module", "tool", "tried", "caught"],
            [
                (f"`{name}`", row["tool"], thousands(row["tried"]), percent(row["noticed"] / row["tried"]))
                for name, row in rows.items()
            ],
        )

    @env.macro
    def confusion_table() -> str:
        """Return the confusion matrix as a table, for readers who prefer numbers."""
        return table(
            ["true ↓ predicted →", *map(str, range(10))],
            [(f"**{true}**", *row) for true, row in enumerate(record.test.confusion)],
        )

    @env.macro
    def classes_table() -> str:
        """Return precision and recall of each class as a table."""
        rows = zip(range(10), record.test.precision, record.test.recall, strict=True)
        return table(["digit", "precision", "recall"], [(n, percent(p), percent(r)) for n, p, r in rows])

    @env.macro
    def reading_time(page: str) -> str:
        """Return the line below a chapter's title: how many minutes it takes to read, and the links to download it."""
        minutes = reading_minutes((results.parent / f"{page}.md").read_text(encoding="utf-8"))
        links = links_below_title(page, env.conf.get("repo_url"))
        return f"Reading time: about {minutes} minutes{links}\n{{ .tb-reading-time }}"

    @env.macro
    def last_run(page: str) -> str:
        """Return the last line of a page: when its examples last ran, how long, and with which versions."""
        return f"{last_run_line(page, runs)}\n{{ .tb-last-run }}"

    @env.macro
    def versions_table() -> str:
        """Return the versions that the run was made with as a table."""
        return table(["package", "version"], record.versions.items())


def figure_markdown(results: Path, name: str, alt: str) -> str:
    """Return the Markdown of a picture: an image for each scheme; the style sheet shows one of them."""
    text = re.sub(r"\s+", " ", alt).replace("[", r"\[").replace("]", r"\]")
    return "".join(
        f'![{text}](results/figures/{address}){{ .tb-figure width="{width}" height="{height}" loading="lazy" }}'
        for address, width, height in both_schemes(results, name)
    )


def both_schemes(results: Path, name: str) -> Iterator[tuple[str, int, int]]:
    """Yield a picture's address in the folder of figures, its width and its height, for each scheme."""
    for scheme in SCHEMES:
        path = picture_path(results, name, scheme)
        with path.open(encoding="utf-8") as file:
            yield f"{path.name}#only-{scheme}", *_size(file.read(START))


def _size(svg: str) -> tuple[int, int]:
    """Return the width and height of an SVG file in pixels, so that the page can reserve space for it."""
    points = re.search(
        r'<svg[^>]*?height="([\d.]+)pt"[^>]*?width="([\d.]+)pt"|<svg[^>]*?width="([\d.]+)pt"[^>]*?height="([\d.]+)pt"',
        svg,
    )
    if points is None:
        raise ValueError("an SVG figure needs a width and a height in points")
    height, width = (points[1], points[2]) if points[1] else (points[4], points[3])
    return round(float(width) * POINTS_TO_PIXELS), round(float(height) * POINTS_TO_PIXELS)


def diagram(name: str) -> str:
    """Return a diagram as a separate block: an inline SVG that follows the colour scheme."""
    return f'<div class="tb-diagram-box">{diagrams.draw(name)}</div>'


def live_figure(name: str, task: str, still: str, attributes: str = "") -> str:
    """Return a live figure as a separate block.

    Args:
        name: The name of its module in ``docs/javascripts/live/``.
        task: What to try and what to look for; text in backticks is code. It is shown only if scripts run.
        still: HTML for print, and for readers whose browser runs no scripts.
        attributes: More attributes for the script.
    """
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(task, quote=False))
    return (
        f'<div class="tb-live tb-live--{name}" data-nearby="live/{name}"{attributes and " "}{attributes}>'
        f'<p class="tb-live__task">{text}</p>'
        f'<div class="tb-live__place"><div class="tb-live__still">{still}</div></div></div>'
    )
