"""The macros that pages use, compared with the files in the results folder, and the extensions that process pages."""

import json
import re

import pytest

from tensorbook.book.results.benchmarks import Benchmarks
from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.book.results.disturbances import Disturbances
from tensorbook.book.results.experiments import Experiments
from tensorbook.book.results.op_timings import OpTimings
from tensorbook.book.results.other_records import ConvnetRecord, ScratchRecord
from tensorbook.book.results.panel_measurements import NAMES, Experiment, Learning
from tensorbook.book.results.seed_variance import Seeds
from tensorbook.book.results.strangers_handwriting import Strangers
from tensorbook.book.results.train_handwriting_network import HandwritingRecord
from tensorbook.book.site.diagrams import draw
from tensorbook.book.site.macros import define_env, diagram, figure_markdown


class Environment:
    """What mkdocs-macros passes: it keeps everything that is registered."""

    def __init__(self, folder=".", **conf):
        self.variables, self.macros, self.filters = {}, {}, {}
        self.project_dir, self.conf = folder, conf

    def macro(self, function):
        self.macros[function.__name__] = function

    def filter(self, function):
        self.filters[function.__name__] = function


@pytest.fixture(scope="module")
def env():
    env = Environment()
    define_env(env)
    return env


def read(name):
    return json.loads((RESULTS / name).read_text(encoding="utf-8"))


def cells(table):
    """Return the rows of a Markdown table, below its header."""
    _, rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert set(rule) == {"---"}
    return rows


def test_pages_read_every_record(env):
    kinds = {name: type(record) for name, record in env.variables.items()}
    assert kinds == {
        "record": Record, "seeds": Seeds, "scratch": ScratchRecord, "convnet": ConvnetRecord, "bench": Benchmarks,
        "op_timings": OpTimings, "disturbances": Disturbances, "handwriting": HandwritingRecord, "strangers": Strangers,
        "wheel": str, "repository": str, "learning": Learning, **dict.fromkeys(NAMES, Experiment),
        "experiments": Experiments, "version": str,
    }  # fmt: skip
    assert env.variables["record"].test.accuracy == read("record.json")["test"]["accuracy"]
    assert env.filters["percent"](0.5) == "50.0%"
    assert set(env.filters) == {"percent", "thousands", "times", "median"}


@pytest.mark.parametrize(("macro", "file"), [("epochs_table", "record.json"), ("convnet_table", "convnet.json")])
def test_a_table_of_epochs_counts_from_one(env, macro, file):
    history = read(file)["history"]
    rows = cells(env.macros[macro]())
    assert [int(row[0]) for row in rows] == list(range(1, len(history["loss"]) + 1))
    assert [row[1:] for row in rows] == [
        [f"{loss:.4f}", f"{accuracy:.4f}"] for loss, accuracy in zip(history["loss"], history["accuracy"], strict=True)
    ]


def test_the_table_of_disturbances_shows_both_accuracies_of_each(env):
    disturbed = read("disturbances.json")["measured"]
    shown = [
        [one["name"], *map(env.filters["percent"], (one["without_steps"], one["with_steps"]))] for one in disturbed
    ]
    assert cells(env.macros["disturbances_table"]()) == shown


def test_the_table_of_speeds_shows_how_many_times_as_long_the_loops_take(env):
    speeds = read("op_timings.json")["timings"]
    rows = cells(env.macros["op_timings_table"]())
    assert [row[0] for row in rows] == [f"`{speed['operation']}`" for speed in speeds]
    for row, speed in zip(rows, speeds, strict=True):
        shown = [float(cell.replace(",", "")) for cell in row[2:]]
        assert shown == pytest.approx(
            [speed["loop"] / speed["numpy"], speed["loop"] / speed["keras"]], rel=0.05, abs=0.05
        )


def test_the_table_of_the_benchmarks_marks_what_is_past_its_target(env):
    lines = {cells[0]: cells for cells in cells(env.macros["bench_table"]())}
    expected = {name: [*cells, verdict] for name, *cells, verdict in env.variables["bench"].table()}
    assert lines.keys() == expected.keys()
    for name, (*row, verdict) in lines.items():
        assert row[1:] == expected[name][:-1]
        assert verdict == expected[name][-1].replace("missed", "**missed**")
    assert {"met", "**missed**"} <= {row[-1] for row in lines.values()}


def test_the_confusion_table_has_each_true_class_in_a_row(env):
    rows = cells(env.macros["confusion_table"]())
    assert [row[0] for row in rows] == [f"**{digit}**" for digit in range(10)]
    assert [[int(cell) for cell in row[1:]] for row in rows] == read("record.json")["test"]["confusion"]
    assert "| 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |" in env.macros["confusion_table"]().splitlines()[0]


def test_the_table_of_classes_has_precision_and_recall_of_each(env):
    confusion = read("record.json")["test"]["confusion"]
    for digit, row in enumerate(cells(env.macros["classes_table"]())):
        precision = confusion[digit][digit] / sum(line[digit] for line in confusion)
        assert row == [str(digit), f"{precision:.1%}", f"{confusion[digit][digit] / sum(confusion[digit]):.1%}"]
    assert digit == 9


def test_the_table_of_mutation_has_the_share_that_is_noticed_of_each_module(env):
    raw = read("mutation.json")
    assert {"`ops`", "`data/npz`"} <= {f"`{name}`" for name in raw}
    rows = cells(env.macros["mutation_table"]())
    assert [row[0] for row in rows] == [f"`{name}`" for name in raw]
    for name, tool, tried, share in rows:
        one = raw[name.strip("`")]
        assert (tool, int(tried.replace(",", ""))) == (one["tool"], one["tried"])
        assert share == f"{one['noticed'] / one['tried']:.1%}"


def test_the_table_of_versions_has_those_of_the_run(env):
    assert dict(cells(env.macros["versions_table"]())) == read("record.json")["versions"]


def test_the_box_names_the_weights_that_it_has_to_fetch(env):
    record = read("record.json")
    box = env.macros["draw_box"]()
    assert f'data-bytes="{record["weights"]["bytes"]}"' in box
    assert f'data-sha256="{record["files"]["weights.safetensors"]}"' in box


def test_a_script_is_shown_as_it_is(env):
    source = (RESULTS.parent / "javascripts" / "forward-pass.js").read_text(encoding="utf-8")
    assert env.macros["script"]("forward-pass.js") == f"```js\n{source}```"


def test_a_chapter_says_how_long_it_takes_and_leads_to_its_notebook():
    lines = {}
    for repository in ("", "https://github.com/me/book"):
        env = Environment(repo_url=repository)
        define_env(env)
        lines[repository] = env.macros["reading_time"]("2-network")
    for line in lines.values():
        assert re.match(r"Reading time: about \d+ minutes<", line)
        assert "notebooks/chapter-2.ipynb" in line
        assert line.endswith("\n{ .tb-reading-time }")
    assert ["colab" in line for line in lines.values()] == [False, True]


def test_the_foot_of_a_page_says_when_it_ran(env):
    run = read("page-runs.json")["2-network"]
    foot = env.macros["last_run"]("2-network")
    assert f"All {run['examples']} examples" in foot
    assert run["date"] in foot
    assert foot.endswith("\n{ .tb-last-run }")


def test_a_figure_keeps_its_place_free_in_pixels(tmp_path, env):
    (tmp_path / "figures").mkdir()
    sizes = {"light": 'width="72pt" height="36.4pt"', "dark": 'height="36.4pt" id="x" width="72pt"'}
    for scheme, size in sizes.items():
        (tmp_path / "figures" / f"one-{scheme}.svg").write_text(f"<svg a='1' {size}></svg>")
    images = [
        f"![What \\[is\\] seen](results/figures/one-{scheme}.svg#only-{scheme})"
        '{ .tb-figure width="96" height="49" loading="lazy" }'
        for scheme in sizes
    ]
    assert figure_markdown(tmp_path, "one", "What [is]\n  seen") == "".join(images)
    (tmp_path / "figures" / "one-light.svg").write_text("<svg></svg>")
    with pytest.raises(ValueError, match="an SVG figure needs a width and a height in points"):
        figure_markdown(tmp_path, "one", "x")
    assert env.macros["figure"]("history", "Seen").startswith("![Seen](results/figures/history-light.svg#only-light)")


def test_a_diagram_has_a_box_of_its_own(env):
    assert env.macros["diagram"]("dot") == diagram("dot") == f'<div class="tb-diagram-box">{draw("dot")}</div>'


def test_a_live_figure_holds_its_diagram_and_what_to_try(env):
    figure = env.macros["live"]("softmax", "Is `a < b`?")
    assert figure.startswith('<div class="tb-live tb-live--softmax" data-nearby="live/softmax">')
    assert '<p class="tb-live__task">Is <code>a &lt; b</code>?</p>' in figure
    assert f'<div class="tb-live__still">{diagram("softmax")}</div>' in figure


def convert(text, *extensions):
    markdown = pytest.importorskip("markdown", reason="comes with the docs extra")
    return markdown.markdown(text, extensions=list(extensions))


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("$a$ and $b + c$", 2),
        ("costs 3$ or 4$", 0),
        (r"costs \$3 or \$4", 0),
        ("`$a$`", 0),
        ("from $ a$ to b", 0),
        ("x$a$", 0),
        ("$a$b", 0),
        ("$$a\n+ b$$", 1),
        ("before $$a$$ after", 0),
    ],
)
def test_formulas_are_told_from_prices(text, formulas):
    html = convert(text, "tensorbook.book.site.mathml")
    assert html.count("<math ") == formulas
    assert html.count("</math>") == formulas
    assert ("\\" in html) == ("\\" in text and bool(formulas))


def test_a_formula_of_its_own_scrolls_in_its_own_box():
    html = convert("Before.\n\n$$\na < b\n$$\n\nAfter.", "tensorbook.book.site.mathml")
    before, box, after = html.split("\n")
    assert (before, after) == ("<p>Before.</p>", "<p>After.</p>")
    assert box.startswith('<div class="tb-math" tabindex="0"><math ')
    assert 'alttext="a &lt; b" display="block"' in box


def test_a_formula_in_a_line_stands_where_it_was_written():
    formula = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="a" display="inline"><mrow><mi>a</mi></mrow></math>'
    )
    assert convert("so $a$.", "tensorbook.book.site.mathml") == f"<p>so {formula}.</p>"


def test_a_formula_that_speaks_of_display_has_one_text():
    assert convert(r'$\text{display="}$', "tensorbook.book.site.mathml").count("alttext=") == 1


def test_plain_code_has_no_tags():
    html = convert("```python\nx = 1\n```", "pymdownx.superfences", "tensorbook.book.site.code_markup")
    assert re.findall(r'<span class="(\w+)">', html) == ["o", "mi"]
