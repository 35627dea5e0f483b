"""Claims in the pages' words are true: about records and limits, timings, and NumPy's broadcasting."""

import ast
import json
import re
import statistics
from pathlib import Path

import numpy as np
import pytest
from sybil import Sybil

from tensorbook import atomic_write, find_ink
from tensorbook.book.examples.example_parsers import PythonFenceParser
from tensorbook.book.results import benchmarks, light_and_dark_figures, strangers_handwriting, train_convnet
from tensorbook.book.results.benchmarks import ROWS, UNITS_IMAGES, Benchmarks
from tensorbook.book.results.book_record import Record
from tensorbook.book.results.disturbances import Disturbances
from tensorbook.book.results.experiments import DIGITS, MEAN_OVER, MOMENTS, RATE_STEPS, RATES, Experiments, Setup
from tensorbook.book.results.op_timings import ROUNDS, OpTimings
from tensorbook.book.results.other_records import ConvnetRecord, ScratchRecord
from tensorbook.book.results.panel_measurements import Learning
from tensorbook.book.results.recorded_run_figures import UNITS_SHOWN
from tensorbook.book.results.seed_variance import DEVIATIONS, SEEDS, Seeds
from tensorbook.book.results.strangers_handwriting import Strangers
from tensorbook.book.results.train_handwriting_network import HandwritingRecord
from tensorbook.book.site.without_javascript import EXAMPLE_DIGIT
from tensorbook.data import checksums, download_mnist
from tensorbook.drawings import MAX_PIXELS
from tensorbook.evaluation import CALIBRATION_BINS
from tensorbook.save_run import MISTAKES_SHOWN

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
disturbances = Disturbances.load(DOCS / "results")
strangers = Strangers.load(DOCS / "results")
learning = Learning.load(DOCS / "results")
in_the_panel = learning.named
fit_seconds = statistics.median(bench.rows["train"].baseline)
batches = -(-record.data.train // record.run.batch_size)  # of an epoch
in_the_sample = [published.shape[0] for published in checksums.SAMPLE[::2]]
steps = {one.name: one.steps for one in experiments.outcomes}
reached = {one.name: one.test for one in experiments.outcomes}


def constant(file, name):
    """Return the value of a constant in a file that can't be imported here."""
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise LookupError(f"{file} has no constant {name}: a claim below needs to know where its number is now")


def numbers_in(file, pattern):
    """Return the numbers in the only place of a file that matches a pattern, whose groups they are; if there is no such
    place, none, so that the claim fails.
    """
    places = list(re.finditer(pattern, (ROOT / file).read_text(encoding="utf-8")))
    return tuple(float(number) for number in places[0].groups()) if len(places) == 1 else ()


SLOW_CONNECTION_TEST = "tests/site/drawing/test_slow_connection.py"
SLOW_CONNECTION = constant("tests/benchmarks/test_site.py", "SLOW_CONNECTION")
MOST_MEMORY = constant("tests/data/test_decompression_bombs.py", "MOST")
LIGHT = r"np\.linspace\(([\d.]+), 1, 300\)\[np\.newaxis\] \* np\.ones"
SIGMAS = r'"sigma", \[.*, (\d+)\]\)\n.*\ndef test_noise_hardly_changes'

# What a page says in words, and whether a record, the library or a test agrees.
CLAIMS = {
    ("../README.md", "a sample of 5,000 digits"): sum(in_the_sample) == 5000,
    ("../src/tensorbook/drawings.py", "of up to 65,000,000 pixels"): MAX_PIXELS == 65_000_000,
    ("index.md", "Here is our network, which has just read a three"): EXAMPLE_DIGIT == 3,
    ("index.md", "The ten wrong answers that the network was most sure of: ten test digits"): MISTAKES_SHOWN == 10,
    ("index.md", "These are the ten test digits that the network got wrong most confidently"): MISTAKES_SHOWN == 10,
    ("install.md", "The sample consists of 5,000 real MNIST digits"): sum(in_the_sample) == 5000,
    ("1-data.md", "about one in nine"): round(record.test.images / max(map(sum, record.test.confusion))) == 9,
    ("2-network.md", "The loss falls and the accuracy rises"): (
        sorted(record.history.loss, reverse=True) == record.history.loss
        and sorted(record.history.accuracy) == record.history.accuracy
    ),
    ("2-network.md", "performs the same training steps faster"): record.run.seconds < fit_seconds,
    ("2-network.md", "The training loss and accuracy over five epochs"): record.run.epochs == 5,
    ("5-operations.md", "the median of five rounds"): ROUNDS == 5,
    ("5-operations.md", "On tensors as small as these, Keras is slower than NumPy"): all(
        one.keras > one.numpy for one in timings.timings
    ),
    ("5-operations.md", "for two vectors, it is even slower than the loop"): (
        timings.of("naive_vector_dot").keras > timings.of("naive_vector_dot").loop
    ),
    ("6-engine.md", "Here are the same 300 steps with three different learning rates. Each point is the mean of ten"): (
        (RATE_STEPS, len(RATES), MEAN_OVER) == (300, 3, 10)
        and [len(curve) for curve in experiments.losses] == [RATE_STEPS / MEAN_OVER] * len(RATES)
    ),
    ("6-engine.md", "Three curves of the loss over 300 batches"): (len(RATES), RATE_STEPS) == (3, 300),
    ("6-engine.md", "the loss falls slowly and steadily, from 2.3 to 2"): (
        [round(experiments.losses[0][place], 1) for place in (0, -1)] == [2.3, 2.0]
    ),
    ("6-engine.md", "levels out near 0.3"): abs(statistics.mean(experiments.losses[1][-5:]) - 0.3) < 0.05,
    ("6-engine.md", "falls to about 2.3 and jumps around there"): (
        abs(statistics.mean(experiments.losses[2][-5:]) - 2.3) < 0.1
    ),
    ("6-engine.md", "- `0.001` is *too small*"): RATES[0] == 0.001,
    ("6-engine.md", "- `0.1` is about right"): RATES[1] == 0.1,
    ("6-engine.md", "- `3` is *too large*"): RATES[2] == 3,
    ("6-engine.md", "after 300 batches, the network is hardly better"): RATE_STEPS == 300,
    ("6-engine.md", "are 200 test digits at six moments"): (
        (DIGITS, len(MOMENTS)) == (200, 6) and [len(points) for points in experiments.places] == [200] * 6
    ),
    ("6-engine.md", "Six circles, each with the classes 0 to 9 around the edge and two hundred small digits inside"): (
        (len(experiments.places), len(experiments.labels)) == (6, 200)
    ),
    ("6-engine.md", "Before training, all the digits are in a heap"): MOMENTS[0] == 0,
    ("6-engine.md", "After 10 batches, they"): MOMENTS[1] == 10,
    ("6-engine.md", "After only ten batches, they"): MOMENTS[1] == 10,
    ("6-engine.md", "After 50 batches, about half have reached their class; after 200, most have"): MOMENTS[2:4]
    == (50, 200),
    ("6-engine.md", "After 469 and 2,345 batches"): MOMENTS[4:] == (batches, 5 * batches) == (469, 2345),
    ("6-engine.md", "4,000 digits for training and another 1,000 for testing"): in_the_sample == [4000, 1000],
    ("6-engine.md", "fifteen times as many digits to learn from"): record.data.train == 15 * in_the_sample[0],
    ("6-engine.md", "`0.1`, a hundred times as high as in chapter 2"): round(0.1 / Setup().rate, 9) == 100,
    ("6-engine.md", "`0.00001`, a hundredth of chapter 2's"): round(0.00001 / Setup().rate, 9) == 0.01,
    ("6-engine.md", "Why 512 units, batches of 128 and five epochs? Why divide by 255?"): (
        Setup() == Setup(hidden=(512,), batch_size=128, epochs=5, divide_by=255)
    ),
    ("6-engine.md", "With batches of 16, there are eight times as many steps"): (
        round(steps["batches of 16"] / steps["nothing"]) == 8
    ),
    ("6-engine.md", "Training for fifteen epochs instead of five"): (
        (steps["15 epochs"], steps["nothing"]) == (15 * batches, 5 * batches)
    ),
    (
        "6-engine.md",
        "With sigmoid, an older activation that rises smoothly from 0 to 1, the network also learns, but",
    ): (reached["no relu"] < reached["sigmoid instead of relu"] < reached["nothing"] - 0.01),
    ("6-engine.md", "The network still learns, but not as well"): (
        0.9 < reached["pixels from 0 to 255"] < reached["nothing"] - 0.01
    ),
    ("6-engine.md", "training starts with confident nonsense, which the network has to unlearn first"): (
        reached["initial weights multiplied by 30"] < reached["nothing"] - 0.01
    ),
    ("6-engine.md", "If it is too small, five epochs are not enough. If it is too large, the steps keep leaping"): (
        max(reached["learning rate divided by 100"], reached["learning rate multiplied by 100"])
        < reached["nothing"] - 0.01
    ),
    ("6-engine.md", "many rough steps are worth more than a few exact ones"): (
        reached["one batch of all pictures"] < reached["batches of 2,048"] < reached["nothing"]
    ),
    ("6-engine.md", "fifteen times as many digits to learn from, and did better"): record.test.accuracy
    > learning.keras_mean,
    ("6-engine.md", "The first steps leap across the valley and land much higher on the other side"): (
        min(in_the_panel["too_high"].all("highest_loss")) > 2 * 2.3
    ),
    ("6-engine.md", "not far below the {{ chapter_2.mean("): (
        0 < in_the_panel["chapter_2"].mean("test_accuracy") - in_the_panel["sixteen"].mean("test_accuracy") < 0.05
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
    ("7-engine-by-hand.md", "runs both engines for the same hundred steps"): (
        max(constant("tests/site/learning/test_same_as_python.py", "AFTER")) == 100
    ),
    ("7-engine-by-hand.md", "scratch.numpy / scratch.epochs / 469"): -(-record.data.train // scratch.batch_size) == 469,
    ("10-more-machines.md", "scratch.numpy / scratch.epochs / 469"): (
        -(-record.data.train // scratch.batch_size) == 469
    ),
    ("10-more-machines.md", "An epoch of chapter 2's network has 469 batches"): batches == 469,
    ("8-better-network.md", "convnet.seconds / convnet.epochs / 469"): (
        -(-record.data.train // convnet.batch_size) == 469
    ),
    ("8-better-network.md", "record.run.epochs / 469"): batches == 469,
    ("8-better-network.md", "Here are the ten of them that chapter 2's network was most sure about"): (
        train_convnet.SHOWN == 10 <= convnet.only_first_wrong
    ),
    ("8-better-network.md", "Ten test digits, each with its true class and the wrong class that chapter 2's"): (
        train_convnet.SHOWN == 10 <= convnet.only_first_wrong
    ),
    ("8-better-network.md", "a small convolutional network that makes far fewer errors"): (
        convnet.errors < convnet.first_errors / 2
    ),
    ("8-better-network.md", "A better network is better overall, but not on every single picture"): (
        convnet.errors < convnet.first_errors and convnet.only_this_wrong > 0
    ),
    ("8-better-network.md", "That is fewer weights than the"): convnet.parameters < record.weights.parameters,
    ("8-better-network.md", "so a step takes longer"): (
        convnet.seconds / convnet.epochs > fit_seconds / record.run.epochs
        and convnet.batch_size == record.run.batch_size
    ),
    ("8-better-network.md", "That is no higher than on the test set"): (
        convnet.history["accuracy"][-1] <= convnet.accuracy
    ),
    ("9-your-own-digits.md", "for one with more than 65 million pixels"): MAX_PIXELS == 65_000_000,
    ("9-your-own-digits.md", "keeps those that are at least an eighth as long as the longest"): find_ink.PART == 1 / 8,
    (
        "9-your-own-digits.md",
        "with one black pixel in a corner, the network reads only {{ disturbances.measured[1].w",
    ): (disturbances.measured[1].name == "one black pixel in a corner"),
    (
        "9-your-own-digits.md",
        "The last row shows the limit: a smooth surface cannot follow the sharp edge of a shadow",
    ): (disturbances.measured[-1].name == "a shadow with a sharp edge"),
    (
        "9-your-own-digits.md",
        "had chapter 2's network read it. On MNIST's test digits, it is right {{ strangers.networks[0]",
    ): (strangers.networks[0].name == "chapter 2's network"),
    ("9-your-own-digits.md", "and the handwriting network on {{ strangers.networks[1]"): (
        strangers.networks[1].name == "the handwriting network"
    ),
    ("9-your-own-digits.md", "We call a network *sure* if its largest probability is above 0.9"): (
        strangers_handwriting.SURE == 0.9
    ),
    ("10-more-machines.md", "two computers would be slower than one"): (
        4 * record.weights.parameters * 8 / 1e9
        > scratch.numpy / scratch.epochs / batches / 2  # what half a batch saves
    ),
    ("10-more-machines.md", "The longest training run in this book took"): handwriting.seconds
    > max(convnet.seconds, record.run.seconds, *bench.rows["train"].baseline, *scratch.keras_seconds, *scratch.seconds),
    ("results.md", "Ten seeds, not one lucky run"): len(seeds.runs) == 10,
    ("results.md", "three times its standard deviation across the ten seeds"): (DEVIATIONS, len(seeds.runs)) == (3, 10),
    ("results.md", "The ten misclassified test digits that the network was most sure about"): MISTAKES_SHOWN == 10,
    ("results.md", "The weights of twenty hidden units as images"): UNITS_SHOWN == 20,
    ("results.md", "with a probability above 0.9"): (
        round(1 - 1 / CALIBRATION_BINS, 9) == 0.9 and record.test.calibration[-1][1] > 0.9
    ),
    ("results.md", "contains only eight points of each drawing"): strangers_handwriting.POINTS == 8,
    ("results.md", "We call a network *sure* if its largest probability is above 0.9"): strangers_handwriting.SURE
    == 0.9,
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
    ("benchmarks.md", "Three rows of the table measure its steps with 128 digits"): (
        len([name for name in ROWS if name.startswith("learn-") and name != "learn-task"]) == 3
        and constant("tests/benchmarks/test_learning.py", "BATCH") == 128
    ),
    ("benchmarks.md", "A fourth row shows the longest time"): len([name for name in ROWS if "learn-" in name]) == 4,
    ("benchmarks.md", "times as long, even in WebAssembly"): bench.rows["learn-wasm"].ratio < 1 / 1.5,
    ("benchmarks.md", "Downloading the weights of chapter 2's network takes longer than that"): all(
        max(bench.rows[name].tensorbook) < min(bench.rows[name].baseline) for name in ("answer", "answer-gzip")
    ),
    ("benchmarks.md", "The target is 50 milliseconds, or three frames at 60 Hz"): (
        ROWS["learn-task"].baseline == "one frame at 60 Hz" and ROWS["learn-task"].target == 3 == 0.05 * 60
    ),
    ("benchmarks.md", "the number of hidden units grows, with 10,000 images"): UNITS_IMAGES == 10_000,
    ("benchmarks.md", "one that transfers 400 kbit/s"): (
        SLOW_CONNECTION["downloadThroughput"] * 8 / 1000 == constant(SLOW_CONNECTION_TEST, "KBIT") == 400
    ),
    ("benchmarks.md", "begins to arrive four tenths of a second after"): (
        SLOW_CONNECTION["latency"] / 1000 == constant(SLOW_CONNECTION_TEST, "LATENCY") == 0.4
    ),
    ("contributing.md", "It has three to five exercises"): (
        numbers_in("tests/book/checks/test_exercise_pages.py", r"assert (\d) <= len\(exercises_of\(page\)\) <= (\d)")
        == (3, 5)
    ),
    ("contributing.md", "contains at least two typical wrong answers for each exercise"): (
        numbers_in("tests/exercises/test_exercises.py", r"len\(WRONG\[name\]\) >= (\d)") == (2,)
    ),
    ("contributing.md", "in a window that is 1280 pixels wide"): (
        numbers_in("tests/site/test_every_page.py", r"if width == (\d+):") == (1280,)
    ),
    ("contributing.md", "trains with nine more seeds"): SEEDS == 9 + 1,
    ("contributing.md", "the differences between these ten runs"): len(seeds.runs) == SEEDS == 10,
    ("contributing.md", "a tolerance of half a point"): light_and_dark_figures.EXACT == 0.5,
    ("contributing.md", "contains the twelve training images"): (
        len(json.loads((DOCS / "assets/first-digits.json").read_text(encoding="utf-8"))["labels"]) == 12
    ),
    ("what-can-go-wrong.md", "an HTTP error (403, 404, 500)"): (
        [key for key in constant("tests/data/test_download_mnist.py", "FAILURES") if key.isdecimal()]
        == ["403", "404", "500"]
    ),
    ("what-can-go-wrong.md", "24 processes download at once (eight outside the nightly run)"): (
        numbers_in("tests/data/test_download_mnist.py", r"many = (\d+) // every\((\d+)\)") == (24, 24 / 8)
    ),
    ("what-can-go-wrong.md", "every thousandth byte is tried"): (
        numbers_in("tests/data/test_npz.py", r"range\(0, len\(whole\), (\d+)\)") == (1000,)
    ),
    ("what-can-go-wrong.md", "a gzip bomb | rejected, using at most 400 MiB of memory"): MOST_MEMORY == 400,
    ("what-can-go-wrong.md", "the largest picture that is accepted | read, using at most 400 MiB of memory"): (
        MOST_MEMORY == 400
    ),
    ("what-can-go-wrong.md", "noise with a sigma of up to 20"): numbers_in("tests/test_find_ink.py", SIGMAS) == (20,),
    ("what-can-go-wrong.md", "light that falls off by more than half"): (
        () < numbers_in("tests/test_find_ink.py", LIGHT) < (0.5,)
    ),
    ("what-can-go-wrong.md", "does not grow over 2,000 steps"): (
        numbers_in("tests/site/learning/test_failures.py", r'evaluate\("go\((\d{3,})\)"\)') == (2000,)
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


NUMBER = r"one|two|three|four|six|eight|ten|twelve|sixteen|\d+"
CORES = re.compile(rf"\b({NUMBER})[- ](?:CPU )?cores?\b", re.IGNORECASE)


def test_the_pages_name_as_many_cores_as_the_measurements_had():
    """All records were made on one computer, and the benchmarks' record says how many cores it has."""
    measured = {1: "one", 2: "two", 4: "four", 8: "eight"}[bench.cores]
    named = {
        (path.name, number)
        for path in (ROOT / "README.md", *PAGES, Path(benchmarks.__file__))
        for number in CORES.findall(told(path.read_text(encoding="utf-8")))
    }
    assert len({name for name, _ in named}) >= 6, named
    assert {place for place in named if place[1] != measured} == set()


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


SCRIPTS = sorted((DOCS / "javascripts").rglob("*.js"))
PRESSED = re.compile(r"""(?:[Pp]ress|[Uu]se) ["“]([A-Z][^"”]+)["”]|["“]([A-Z][^"”]+)["”] button""")


def test_every_button_that_a_page_or_a_message_names_is_there():
    scripts = [path.read_text(encoding="utf-8") for path in SCRIPTS]
    there = {name for text in scripts for name in re.findall(r">([A-Z][^<>{}]+)</(?:button|a|span)>", text)}
    texts = scripts + [page.read_text(encoding="utf-8") for page in PAGES]
    named = {"".join(names) for text in texts for names in PRESSED.findall(told(text))}
    assert len(named) >= 6, named
    assert named - there == {"Report a vulnerability"}  # GitHub's


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
