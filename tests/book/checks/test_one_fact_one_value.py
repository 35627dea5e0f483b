"""A fact that appears on several pages is the same on all of them, whichever record a page reads it from.

Pages read figures from records in double braces. Here, each place is found, rendered as on the site, and compared with
the other places that give the same fact.
"""

import re
from collections import defaultdict
from pathlib import Path

import jinja2
import pytest

from tensorbook.book.site.macros import define_env

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
RECORDS = re.compile(
    r"\b(?:record|convnet|scratch|seeds|bench|op_timings|disturbances|strangers|handwriting)\b[.\w\[\]\"-]*"
)

# Facts about the trained network, by the variable that a page reads: the fact, and how it is shown.
FACTS = {
    "record.test.errors": ("errors", lambda shown: shown),
    "convnet.first_errors": ("errors", lambda shown: shown),
    "record.test.correct": ("errors", lambda shown: 10_000 - shown),
    "record.test.accuracy": ("accuracy", lambda shown: shown),
    "record.run.seconds": ("seconds of training", lambda shown: shown),
    "record.weights.parameters": ("weights", lambda shown: shown),
    "2 * record.weights.parameters": ("weights", lambda shown: shown / 2),
    "record.test.images": ("test images", lambda shown: shown),
    "record.data.train": ("training images", lambda shown: shown),
    "record.run.epochs": ("epochs", lambda shown: shown),
    "record.run.seed": ("seed", lambda shown: shown),
    "convnet.errors": ("errors of the convnet", lambda shown: shown),
    "convnet.accuracy": ("accuracy of the convnet", lambda shown: shown),
    "strangers.networks[0].mnist.read": ("accuracy", lambda shown: shown),
    "handwriting.accuracy": ("accuracy of the handwriting network", lambda shown: shown),
    "scratch.grouped_batches": ("batches a call", lambda shown: shown),
}
# Other variables from records appear only once, or are a different fact than they seem to be.
OTHERS = {
    "bench.rows.train.tensorbook": "five training runs of a different day, in turn with Keras's; the page says so",
    "bench.versions.keras": "the benchmarks' own versions",
    "bench.versions.tensorflow": "the benchmarks' own versions",
    "record.history.accuracy[-1]": "on the training images, not on the test images",
    "scratch.accuracy": "another training: chapter 7's, whose batches have a different order",
    "handwriting.synthetic_accuracy": "on synthetic digits, not on the test images",
    "handwriting.seconds": "the handwriting network's training",
    "handwriting.parameters": "weights of chapter 8's architecture, as many as the convnet's",
    "scratch.keras_accuracy": "another training, likewise",
}


class Environment:
    """What mkdocs-macros passes to the pages' macros."""

    project_dir, conf = str(ROOT), {}

    def __init__(self):
        self.variables, self.jinja = (
            {},
            jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False),
        )  # Markdown
        define_env(self)
        self.jinja.globals.update(self.variables)

    def macro(self, function):
        self.jinja.globals[function.__name__] = function

    def filter(self, function):
        self.jinja.filters[function.__name__] = function


def number(text):
    """Return the number that a page shows, and how much the unrounded number may differ from it."""
    match = re.fullmatch(r"\**([\d,]+)(\.\d+)?(%?)\**", text.strip())
    assert match, f"{text!r} is not a number"
    scale = 100 if match[3] else 1
    decimals = len(match[2] or ".") - 1
    return float((match[1] + (match[2] or "")).replace(",", "")) / scale, 0.5 * 10**-decimals / scale


def agree(one, other):
    """Return whether two numbers may be the same number, rounded to different numbers of digits."""
    rounding = max(one[1], other[1]) if one[1] != other[1] else 0
    return abs(one[0] - other[0]) <= rounding + 1e-9


@pytest.fixture(scope="module")
def told():
    """The places of each fact: the page, the variable it reads, and the number that is shown."""
    environment = Environment()
    found = defaultdict(list)
    for path in sorted(DOCS.glob("*.md")):
        text = re.sub(r"(?s)\{% raw %\}.*?\{% endraw %\}", "", path.read_text(encoding="utf-8"))
        for expression in re.findall(r"\{\{\s*(.*?)\s*\}\}", text, re.DOTALL):
            source = re.search(r"\(2 \* ([\w.]+)\)", expression)
            read = f"2 * {source[1]}" if source else (RECORDS.search(expression) or [""])[0]
            if read in FACTS:
                fact, meant = FACTS[read]
                shown, rounding = number(environment.jinja.from_string(f"{{{{ {expression} }}}}").render())
                found[fact].append((path.name, expression, (meant(shown), rounding)))
    record = environment.variables["record"]
    matrix = environment.jinja.globals["confusion_table"]()
    rows = [re.findall(r"\d+", row.replace("**", ""))[1:] for row in matrix.splitlines()[2:]]
    wrong = sum(int(n) for true, row in enumerate(rows) for said, n in enumerate(row) if said != true)
    found["errors"].append(("results.md", "the confusion matrix", (wrong, 0.5)))
    [headline] = re.findall(r"record: test.accuracy -->\*\*(.+?)\*\*", (ROOT / "README.md").read_text(encoding="utf-8"))
    found["accuracy"].append(("README.md", "the headline", number(headline)))
    found["accuracy"].append(("results.md", "1 less the share of errors", (1 - wrong / record.test.images, 0.5e-4)))
    first = environment.variables["seeds"].runs[record.run.seed]
    found["errors"].append(("seeds.json", "the run of the recorded seed", (first["test errors"], 0.5)))
    return found


@pytest.mark.parametrize("fact", sorted({fact for fact, _ in FACTS.values()}))
def test_a_fact_is_the_same_wherever_it_stands(told, fact):
    places = told[fact]
    assert places, f"no page tells the {fact} any more: take it out of FACTS"
    finest = min(places, key=lambda place: place[2][1])
    different = [place for place in places if not agree(place[2], finest[2])]
    assert not different, f"{fact}: {finest} but {different}"


def test_the_facts_of_the_one_network_are_looked_for_on_several_pages(told):
    for fact in ("errors", "accuracy", "seconds of training", "weights"):
        assert len({page for page, *_ in told[fact]}) >= 3, fact


def test_what_looks_like_one_of_these_facts_and_is_another_says_why():
    """Every variable on a page that is called an error, accuracy, seconds or weights is listed above."""
    read = {
        source[0]
        for path in DOCS.glob("*.md")
        for expression in re.findall(r"\{\{(.*?)\}\}", path.read_text(encoding="utf-8"), re.DOTALL)
        if (source := RECORDS.search(expression))
    }
    alike = {
        source for source in read if re.search(r"errors|accuracy|seconds|parameters|train\.tensorbook|versions", source)
    }
    known = {*FACTS, *OTHERS, "convnet.seconds", 'convnet.history["accuracy"][-1]', "record.versions.keras"}
    assert alike <= known | {"record.versions.tensorflow"}, "say in FACTS which fact it is, or in OTHERS why it is none"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("5", "5.5", True), ("5", "5.6", False), ("208", "207", False), ("1,000", "1000", True),
        ("97.9%", "97.93%", True), ("97.9%", "97.96%", False),
    ],
)  # fmt: skip
def test_numbers_agree_up_to_the_digits_that_are_shown(one, other, same):
    assert agree(number(one), number(other)) is same
