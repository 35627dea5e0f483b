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

# Phrases that a native writer would not use. Contributing's style guide says what to write instead.
STILTED = re.compile(
    r"""
      \bshall\b | \bcan\ be\ had\b | \b(?:is|are)\ wanted\b | \band\ (?!what)\S+\ came\b | \bhas\ against\b
    | \ball\ the\ same(?=[.,;]) | (?<!that\ )\bleads\ nowhere\b | \bin\ whose\ place\b | \bno\ more\ of\ use\b
    | \bto\ take\ along\b | \beach\ for\ itself\b | \banew\b | \baskew\b | \b[Ww]hoever\b | \bless\ what\b
    | \bwho\ (?:waits|wants|reads|starts|sees|loads)[ ]
    # the verb at the end: "How small, the learning rate says."
    | \b[Hh]ow\ [^.;:?]{1,60},\ (?:the|a|this|chapter)\ [^.;:?,]{1,40}\ (?:says|shows|tells)\b
    # "another" for "different"
    | \b(?:of|is|are)\ another\ (?:kind|sort|shape|type|form|class)\b
    | \b(?:in|by)\ another\ (?:order|way|form|shape|place)\b
    # "one" as a pronoun
    | (?:^|[.,;:(?]\ |\b(?:if|when|where|what|how|while|than|because|since)\ )[Oo]ne[ ]
      (?:can|could|may|might|must|should|would|has|sees|gets|needs|does|wants|takes|writes|learns|knows|cannot|draws)\b
    # "training" can't be counted, "a run" can
    | \btrainings\b | \b[Aa]\ training(?=[ ](?:that|which|in|of|with|after|is|can|without)\b|[.,;:])
    # the preposition first: "by what is it multiplied"; "multiply with"; "was needed, and came"
    | \b[Bb]y\ (?:what\ (?:is|are|a|the)|how\ much)\b | \b[Aa]t\ which\ place\b
    | \bmultipl(?:y|ies|ied)\ (?:\w+\ ){0,4}with\b
    | \b(?:was|were)\ needed,\ .{1,40}\ came\b
    | \b[Ff]lush\ right\b | \bbelow\ each\ other\b | \b(?:its|one|dark|light)\ ground\b
    | \bso\ many\ (?:epochs|points|steps)\b
    | \btakes?\ long\b | \bby\ program\b | \bwill\ do\ here\b
    # "is no error" for "is not an error"
    | (?<!there\ )(?<!There\ )\bis\ no\ (?!longer|more|less|better|higher|faster)\w+
    # "for" as "because"; "to be seen"; "lies" and "stands" for "is"
    | ,\ for\ (?:it|they|there|what|we|nothing|nobody|he)\b | (?<!seems\ )\bto\ be\ (?:seen|told|had)\b
    | \b(?:lies|lie|stands|stand)\ (?:in|at|on|under|below|above|here|there|beside|behind|between)\b
    """,
    re.VERBOSE | re.MULTILINE,
)
PLAIN = [
    *PAGES,
    *sorted((ROOT / "src").rglob("*.py")),
    *sorted((ROOT / "docs" / "javascripts").rglob("*.js")),
    *sorted((ROOT / "docs" / "stylesheets").glob("*.css")),
    *sorted((ROOT / "docs" / "overrides").rglob("*.html")),
    *(path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)),  # here, they are quoted
    *sorted((ROOT / ".ci").iterdir()),
    *(ROOT / name for name in ("mkdocs.yml", "pyproject.toml")),
]


def prose(text: str, read: str = "") -> str:
    """Return a page without code and quotations, with ``read`` in place of values from a record."""
    text = re.sub(r"(?ms)\A---\n.*?\n---\n", "", text)
    text = re.sub(r"(?ms)^(?P<indent> *)(?P<fence>```+|~~~+).*?^(?P=indent)(?P=fence)[ \t]*$", "", text)
    text = re.sub(r"<!-- record: \S+ -->\*\*.+?\*\*", "", text)  # read from the record, which a test below checks
    text = re.sub(r"(?s)\{\{.*?\}\}", read, text)
    text = re.sub(r"(?s)<!--.*?-->|\{%.*?%\}|\$\$.*?\$\$|`[^`\n]+`|\$[^$\n]+\$", "", text)
    return re.sub(r"\]\([^)]*\)", "]", text)


def joined(text: str) -> str:
    """Return a text with each paragraph on one line, so that no phrase is split at the end of a line."""
    return re.sub(r"(?<=\S)[ \t]*\n[ \t]*(?:(?:#|//|\*)[ ])?(?=\S)", " ", text)


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


@pytest.mark.parametrize(
    "text",
    [
        "full MNIST where it can be had",
        "A shape is wanted, and 5 came.",
        "it shall not",
        "How small, the learning rate says:",
        "How `check` marks an answer, chapter 1 shows.",
        "From a corner one draws nothing: if one can tell",
        "NumPy may add up in another order",
        "a network of another kind",
        "A slice that reaches past the end is no error;",
        "moved until its centre of mass lies where theirs lies in",
        "nothing is left to be seen",
        "It needs neither, for what the pages embed was made before",
        "ink that stands out from its ground",
        "Two trainings at once, or a training that was stopped",
        "By what is each exponential multiplied?",
        "At which place in the row is it?",
        "numbers, and what to multiply them with",
        "4 bytes were needed, 3 came",
        "Flush right, 4 meets 3",
        "Write the shapes below each other",
        "if each step takes long",
        "Lists are another kind of indexing",
        "Whoever writes a chapter waits for less",
    ],
)
def test_a_stilted_phrase_is_found(text):
    assert STILTED.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "there is no need",
        "it is no longer useful",
        "only one can be right",
        "stands for a digit",
        "not all the same size",
        "a training set, a training run",
        "multiplied by the pixel below it, with a weight",
        "it takes longer",
        "the weights of another run",
    ],
)
def test_plain_english_is_left_alone(text):
    assert not STILTED.search(text)


def test_a_stilted_phrase_is_found_across_the_end_of_a_line():
    comment = "# Rows of numbers, of another\n# kind.\n\n# The next paragraph."
    assert STILTED.search(joined(comment))
    assert joined(comment).count("\n\n") == 1


def test_pages_docstrings_and_messages_have_no_stilted_phrases():
    found = []
    for path in PLAIN:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".md":
            text = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
        if path.name == "contributing.md":  # the style guide quotes phrases to avoid
            text = re.sub(r"(?s)\| instead of \| write \|.*?\n\n", "", text)
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in STILTED.finditer(joined(text))]
    assert not found
