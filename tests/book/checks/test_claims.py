"""Claims in the pages' words are true: about records and limits, timings, and NumPy's broadcasting."""

import re
import statistics
from pathlib import Path

import numpy as np
import pytest
from sybil import Sybil

from tensorbook import atomic_write
from tensorbook.book.examples.example_parsers import PythonFenceParser
from tensorbook.book.results.benchmarks import Benchmarks
from tensorbook.book.results.book_record import Record
from tensorbook.book.results.comparison_records import ConvnetRecord, ScratchRecord
from tensorbook.book.results.experiments import Experiments
from tensorbook.book.results.op_timings import ROUNDS, OpTimings
from tensorbook.book.results.seed_variance import DEVIATIONS, Seeds
from tensorbook.book.results.train_handwriting_network import HandwritingRecord
from tensorbook.data import download_mnist

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
record = Record.load(DOCS / "results")
experiments = Experiments.load(DOCS / "results")
seeds = Seeds.load(DOCS / "results")
scratch = ScratchRecord.load(DOCS / "results")
convnet = ConvnetRecord.load(DOCS / "results")
handwriting = HandwritingRecord.load(DOCS / "results")
timings = OpTimings.load(DOCS / "results")
bench = Benchmarks.load(DOCS / "results")
fit_seconds = statistics.median(bench.rows["train"].baseline)

# What a page says in words, and whether a record or the library agrees.
CLAIMS = {
    ("1-data.md", "about one in nine"): round(record.test.images / max(map(sum, record.test.confusion))) == 9,
    ("2-network.md", "The loss falls and the accuracy rises"): (
        sorted(record.history.loss, reverse=True) == record.history.loss
        and sorted(record.history.accuracy) == record.history.accuracy
    ),
    ("2-network.md", "performs the same training steps faster"): record.run.seconds < fit_seconds,
    ("2-network.md", "on the same two cores"): bench.cores == 2,
    ("5-operations.md", "the median of five rounds"): ROUNDS == 5,
    ("5-operations.md", "On tensors as small as these, Keras is slower than NumPy"): all(
        one.keras > one.numpy for one in timings.timings
    ),
    ("5-operations.md", "for two vectors, it is even slower than the loop"): (
        timings.of("naive_vector_dot").keras > timings.of("naive_vector_dot").loop
    ),
    ("6-engine.md", "The loss keeps falling"): experiments.losses[0][0] > 2.2 and min(experiments.losses[0]) > 1.9,
    ("6-engine.md", "The loss first shoots up"): experiments.losses[2][0] > 5 and experiments.losses[2][-1] > 2,
    ("6-engine.md", "is the score of someone who"): (
        abs(experiments.of("all weights start at 0").test - max(map(sum, record.test.confusion)) / record.test.images)
        < 1e-6
    ),
    ("6-engine.md", "but the extra steps gain nothing here"): (
        abs(experiments.of("batches of 16").test - experiments.of("nothing").test) < 0.002
    ),
    ("6-engine.md", "but only five steps in five epochs"): experiments.of("one batch of all pictures").steps == 5,
    ("6-engine.md", "but batches of that size allow 2,345 steps"): experiments.of("nothing").steps == 2345,
    ("6-engine.md", "Here, ten layers with relu do no better than one"): (
        experiments.of("10 hidden layers of 64, relu").test < experiments.of("nothing").test
    ),
    ("6-engine.md", "With sigmoid, ten layers learn nothing at all"): (
        experiments.of("10 hidden layers of 64, sigmoid").test < 0.12
    ),
    ("6-engine.md", "Thirty-two units are too few. From 128 on, additional units help less and less"): (
        experiments.of("32 hidden units").test + 0.01
        < experiments.of("128 hidden units").test
        < experiments.of("nothing").test
        < experiments.of("1,024 hidden units").test
        < experiments.of("nothing").test + 0.005
    ),
    ("7-engine-by-hand.md", "ten layers with sigmoid learned nothing at all"): (
        experiments.of("10 hidden layers of 64, sigmoid").test < 0.12
    ),
    ("7-engine-by-hand.md", "how much time you save by avoiding"): scratch.numpy < scratch.grouped < scratch.keras,
    ("8-better-network.md", "That is fewer weights than the"): convnet.parameters < record.weights.parameters,
    ("8-better-network.md", "so a step takes longer"): (
        convnet.seconds / convnet.epochs > fit_seconds / record.run.epochs
        and convnet.batch_size == record.run.batch_size
    ),
    ("8-better-network.md", "That is no higher than on the test set"): (
        convnet.history["accuracy"][-1] <= convnet.accuracy
    ),
    ("10-more-machines.md", "The longest training run in this book took"): handwriting.seconds
    > max(convnet.seconds, record.run.seconds, *bench.rows["train"].baseline, *scratch.keras_seconds, *scratch.seconds),
    ("results.md", "Ten seeds, not one lucky run"): len(seeds.runs) == 10,
    ("results.md", "three times its standard deviation across the ten seeds"): (DEVIATIONS, len(seeds.runs)) == (3, 10),
    ("results.md", "Two curves over five epochs"): record.run.epochs == 5,
    ("results.md", "a sign of overfitting"): record.gap > 0,
    ("results.md", "All are above nine tenths"): min(record.test.precision + record.test.recall) > 0.9,
    ("results.md", "close to the diagonal from one half upwards"): all(
        abs(sure - right) < 0.1 for _, sure, right in record.test.calibration if sure > 0.5
    ),
    ("results.md", "Almost all images are in the last dot"): (
        record.test.calibration[-1][0] > 0.9 * record.test.images
    ),
    ("reference.md", "Training in half the time"): bench.rows["train"].ratio <= 0.5,
    ("benchmarks.md", "which are 55 million bytes"): (
        round((record.data.train + record.data.test) * (28 * 28 + 1) / 1e6) == 55
    ),
    ("what-can-go-wrong.md", "abandoned after half an hour"): download_mnist.PATIENCE == 30 * 60,
    ("what-can-go-wrong.md", "abandoned after half a minute"): download_mnist.TIMEOUT == 30,
    ("what-can-go-wrong.md", "removes them once they are a day old"): atomic_write.OLD == 24 * 60 * 60,
    ("security.md", "waste at most half an hour"): download_mnist.PATIENCE == 30 * 60,
    ("benchmarks.md", "Our curve stays below Keras's in both panels"): all(
        ours < keras
        for curve in bench.growth.values()
        for ours, keras in zip(curve.tensorbook, curve.keras, strict=True)
    ),
    ("benchmarks.md", "With few hidden units, Keras's curve is flat"): (
        bench.growth["units"].keras[1] < 1.2 * bench.growth["units"].keras[0]
    ),
}

# The words that a page may use for what was timed.
TIMED = {
    "record.run.seconds": ("tensorbook train",),
    "bench.rows.train.baseline": ("fit",),
    "convnet.seconds": ("the convnet", "trained it for", "used at every position"),
    "handwriting.seconds": ("longest training", "training time"),
    "scratch.numpy": ("ours", "engine", "our steps"),
    "scratch.keras": ("Keras",),
    "scratch.grouped": ("Keras",),
}


def told(text: str) -> str:
    """Return a page's text on one line, however it is wrapped."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("page", "sentence"), CLAIMS, ids=lambda part: part)
def test_what_a_page_claims_in_words_is_true(page, sentence):
    assert sentence in told((DOCS / page).read_text(encoding="utf-8")), f"{page} no longer claims this: drop it here"
    assert CLAIMS[page, sentence]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_seconds_are_told_with_what_took_them(page):
    """The book times several training runs of the same network, which take different times."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\|)", page.read_text(encoding="utf-8")):
        for figure in re.findall(
            r"\{\{[^}]*?((?:record\.run|convnet|handwriting)\.seconds|bench\.rows\.train\.baseline(?= \| median)|"
            r"scratch\.(?:numpy|keras|grouped))\b",
            paragraph,
        ):
            names = TIMED[figure]
            assert any(name in told(paragraph) for name in names), f"{page.name}: what took {figure}? {paragraph}"


OF_A_RUN = re.compile(r"\b(?:run|training)s?\b")
REPEATED = re.compile(r"\b(?:agrees?|repeat\w*|identical|same (?:result|weights|figures))\b")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_runs_agree_on_one_computer_only(page):
    """The same seed on a different processor gave a few more or fewer errors on the test set."""
    prose = re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text(encoding="utf-8"))
    for sentence in re.split(r"(?<=[.?!])\s|\n(?=\|)|\n\s*\n", prose):
        if OF_A_RUN.search(sentence) and REPEATED.search(sentence):
            assert "one computer" in told(sentence), f"{page.name}: on which computer? {sentence}"


def broadcast_shape():
    """Return chapter 5's function of that name, as it is on the page."""
    sybil = Sybil(parsers=[PythonFenceParser()], pattern="*.md")
    sources = [getattr(example.parsed, "source", "") for example in sybil.parse(DOCS / "5-operations.md").examples()]
    [source] = [source for source in sources if source.startswith("def broadcast_shape(")]
    namespace = {}
    exec(source, namespace)  # it is the page's own code, which its test runs as well
    return namespace["broadcast_shape"]


def numpys(*shapes):
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        return None


def test_chapter_5_broadcasts_as_numpy_does():
    rule, random = broadcast_shape(), np.random.default_rng(0)
    seen = {"refused": 0, "repeated": 0}
    for _ in range(2000):
        x, y = (tuple(map(int, random.integers(0, 4, size=random.integers(0, 5)))) for _ in range(2))
        expected = numpys(x, y)
        if expected is None:
            seen["refused"] += 1
            with pytest.raises(ValueError, match="do not fit"):
                rule(x, y)
        else:
            seen["repeated"] += expected not in (x, y)
            assert rule(x, y) == expected, (x, y)
    assert min(seen.values()) > 100, seen


def test_the_sum_that_can_t_be_computed_is_refused_by_the_rule_alone():
    """The rule allows a matrix minus a column, as in softmax, but not a vector as long as a column."""
    rule = broadcast_shape()
    assert rule((128, 10), (128, 1)) == (128, 10)
    with pytest.raises(ValueError, match="10 and 128 do not fit"):
        rule((128, 10), (128,))


# In MNIST, 255 is ink. Nothing is bright or white before chapter 9, which has a photo.
OF_LIGHT = re.compile(r"\b(?:bright\w*|white\w*|dark(?! scheme)\w*)\b", re.IGNORECASE)
OF_INK = [
    *(page for page in PAGES if re.match(r"[1-8]-", page.name)),
    *(ROOT / "src/tensorbook/exercises").glob("*.py"),
]


@pytest.mark.parametrize("file", OF_INK, ids=lambda file: file.name)
def test_where_numbers_are_ink_nobody_speaks_of_light(file):
    text = (
        file.read_text(encoding="utf-8")
        .replace("scans in plain black and white", "")
        .replace("Darker than full ink", "")
    )
    assert not OF_LIGHT.findall(text)
