"""No result of a run is typed into a page: anything that looks like a result comes from the record."""

import json
import re
from pathlib import Path

import pytest

from tensorbook.book.results.book_record import Record

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# Numbers that look like a result but are none, each with the reason that it may be typed.
TYPED: dict[tuple[str, str], str] = {}
RESULT = re.compile(
    r"""
    \d+(?:\.\d+)?\s?(?:%|percent\b|percentage\ points?)      # 97.8%, 98 percent
    | (?<![\d.])0?\.\d{2,}\b                                        # 0.98: an accuracy, a loss, a probability
    | \b\d+(?:\.\d+)?\s?(?:ms|s|seconds?|minutes?)\b         # 9.8 s
    | \b\d+(?:\.\d+)?\s?(?:×|x|times)\s(?:as|faster|slower|the) # 40 times as fast
    """,
    re.VERBOSE,
)


def prose(text: str, read: str = "") -> str:
    """Return a page without code and quotations, with ``read`` in place of values from a record."""
    text = re.sub(r"(?ms)\A---\n.*?\n---\n", "", text)
    text = re.sub(r"(?ms)^(?P<indent> *)(?P<fence>```+|~~~+).*?^(?P=indent)(?P=fence)[ \t]*$", "", text)
    text = re.sub(r"<!-- record: \S+ -->\*\*.+?\*\*", "", text)  # read from the record, which a test below checks
    text = re.sub(r"(?s)\{\{.*?\}\}", read, text)
    text = re.sub(r"(?s)<!--.*?-->|\{%.*?%\}|\$\$.*?\$\$|`[^`\n]+`|\$[^$\n]+\$", "", text)
    return re.sub(r"\]\([^)]*\)", "]", text)


def figures(page: Path) -> list[str]:
    return [match[0] for match in RESULT.finditer(prose(page.read_text(encoding="utf-8")))]


# Numbers in words, or no number ("minutes rather than seconds"), near a word about training.
DURATION = re.compile(
    r"""\b(?:
        (?:few|some|several|many|half\ an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)
        \s(?:seconds?|minutes?|hours?|days?|weeks?)
      | an?\s(?:minute|hour)
      | (?:take|takes|took|in|or|than)\s(?:seconds|minutes|hours)
    )\b""",
    re.VERBOSE,
)
OF_TRAINING = re.compile(r"\b(?:train\w*|fit|epochs?|learn\w*|wait\w*|networks?)\b", re.IGNORECASE)
# Everything that readers wait for has been timed. The maintainers' pages may say "for hours".
TIMED_PAGES = [page for page in PAGES if re.match(r"\d+-|index|results|benchmarks|README", page.name)]
CITED = {
    ("10-more-machines.md", "six days"): "Krizhevsky, Sutskever and Hinton, 2012, who are named there",
}


def durations(page: Path) -> list[str]:
    """Return the durations in words on a page, including those in its description."""
    text = page.read_text(encoding="utf-8")
    description = re.search(r"(?m)\A---\n(?:.*\n)*?description: (.*)$", text)
    paragraphs = [description[1] if description else "", *re.split(r"\n\s*\n", prose(text, read="N"))]
    plain = [re.sub(r"\s+", " ", paragraph) for paragraph in paragraphs]
    return [match[0] for words in plain if OF_TRAINING.search(words) for match in DURATION.finditer(words)]


@pytest.mark.parametrize("page", TIMED_PAGES, ids=lambda page: page.name)
def test_no_duration_of_a_training_is_typed_in_words(page):
    typed = [duration for duration in durations(page) if (page.name, duration) not in CITED]
    assert not typed, f"{page.name} says in words how long something takes: {typed}; read it from a record"


def test_every_cited_duration_is_still_there():
    assert set(CITED) <= {(page.name, duration) for page in TIMED_PAGES for duration in durations(page)}


@pytest.mark.parametrize(
    "words", ["five seconds of it", "a few minutes", "it takes minutes", "half an hour", "minutes rather than seconds"]
)
def test_a_duration_in_words_is_found(words):
    assert DURATION.search(words)


@pytest.mark.parametrize(
    "words", ["24 frames a second", "took N seconds", "a hundred times in a second", "five epochs"]
)
def test_what_is_no_duration_in_words_is_left_alone(words):
    assert not DURATION.search(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_macro_holds_a_figure_that_was_typed(page):
    """The tests above ignore text in double braces, because they assume that it comes from a record."""
    literal = re.compile(r"""\{\{\s*(?:"[^"]*"|'[^']*'|[\d.]+)\s*(?:\|(?!\s*format\b)[^}]*)?\}\}""")
    assert not literal.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_figure_of_a_run_is_typed_into_a_page(page):
    typed = [figure for figure in figures(page) if (page.name, figure) not in TYPED]
    assert not typed, f"{page.name} types what looks like a result: {typed}; read it from the record"


def test_every_exception_is_still_needed():
    found = {(page.name, figure) for page in PAGES for figure in figures(page)}
    assert set(TYPED) <= found


@pytest.mark.parametrize(
    "sentence",
    [
        "It reaches 97.8% on the test set.",
        "The accuracy is about 0.98.",
        "It took 9.8 s.",
        "Training takes 12 seconds.",
        "The loop is 300 times as slow.",
        "That is a gap of 1.2 percentage points.",
        "A loss of .0364 remains.",
    ],
)
def test_a_typed_result_is_found(sentence):
    assert RESULT.search(prose(f"# A page\n\n{sentence}\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "{{ record.test.accuracy | percent }} are right.",
        "It has 784 inputs.",
        "`0.98` is code.",
        "Pixels from 0 to 255.",
    ],
)
def test_what_is_no_typed_result_is_left_alone(sentence):
    assert not RESULT.search(prose(f"{sentence}\n"))


def test_the_readme_s_headline_is_the_record_s():
    record = Record.load(ROOT / "docs" / "results")
    [headline] = re.findall(r"<!-- record: (\S+) -->\*\*(.+?)\*\*", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert headline == ("test.accuracy", f"{record.test.accuracy:.1%}")


def test_the_results_folder_is_the_only_place_of_results():
    figures_of_the_run = set(json.loads((ROOT / "docs/results/record.json").read_text())["files"])
    assert all((ROOT / "docs/results" / name).is_file() for name in figures_of_the_run)
    assert not [
        path for path in (ROOT / "docs").rglob("*.json") if "results" not in path.parts and "site" in path.parts
    ]


def test_a_page_that_sets_a_variable_says_how_windows_sets_it():
    found = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"^\s*(?:\$ )?export (\w+)=", text, re.MULTILINE):
            assert f"$env:{name} = " in text, (page.name, name)
            found += 1
    assert found >= 3
