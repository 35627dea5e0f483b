"""Pages, docstrings, comments and messages are in plain English, without phrases that a native writer would not use."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

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


def joined(text: str) -> str:
    """Return a text with each paragraph on one line, so that no phrase is split at the end of a line."""
    return re.sub(r"(?<=\S)[ \t]*\n[ \t]*(?:(?:#|//|\*)[ ])?(?=\S)", " ", text)


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
