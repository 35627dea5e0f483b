"""No figure of a run is typed into a page: what looks like one comes from the record."""

import json
import re
from pathlib import Path

import pytest

from tensorbook.book.record import Record

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# Numbers that look like a result and are none, each with the reason why it may be typed.
TYPED = {
    ("2-network.md", "0.98"): "what the seed notebook prints: it is quoted as it stands there, and not ours",
    ("2-network.md", "97.8%"): "what the seed notebook says: quoted to show that it contradicts itself",
}
RESULT = re.compile(
    r"""
    \d+(?:\.\d+)?\s?(?:%|percent\b|percentage\ points?)      # 97.8%, 98 percent
    | (?<![\d.])0?\.\d{2,}\b                                        # 0.98: an accuracy, a loss, a probability
    | \b\d+(?:\.\d+)?\s?(?:ms|s|seconds?|minutes?)\b         # 9.8 s
    | \b\d+(?:\.\d+)?\s?(?:×|x|times)\s(?:as|faster|slower|the) # 40 times as fast
    """,
    re.VERBOSE,
)


def prose(text: str) -> str:
    """Return a page without what is run, quoted or read from the record."""
    text = re.sub(r"(?ms)\A---\n.*?\n---\n", "", text)
    text = re.sub(r"(?ms)^(?P<indent> *)(?P<fence>```+|~~~+).*?^(?P=indent)(?P=fence)[ \t]*$", "", text)
    text = re.sub(r"<!-- record: \S+ -->\*\*.+?\*\*", "", text)  # read from the record: there is a test of it below
    text = re.sub(r"(?s)<!--.*?-->|\{\{.*?\}\}|\{%.*?%\}|\$\$.*?\$\$|`[^`\n]+`|\$[^$\n]+\$", "", text)
    return re.sub(r"\]\([^)]*\)", "]", text)


def figures(page: Path) -> list[str]:
    return [match[0] for match in RESULT.finditer(prose(page.read_text(encoding="utf-8")))]


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
