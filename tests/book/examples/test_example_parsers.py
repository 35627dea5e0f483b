"""Every Python fence of every page is run: counted with a Markdown parser that is not Sybil's."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from sybil import Sybil
from sybil.parsers.markdown import SkipParser

from tensorbook.book.examples.example_parsers import FigureParser, PythonFenceParser
from tensorbook.book.examples.page_run_stats import load_page_runs
from tensorbook.book.results.other_records import RECORDED_FIGURES

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs").glob("*.md"))
LANGUAGES = {"python", "python3", "py", "py3", "pycon", "pycon3"}


def fences(text: str) -> list[tuple[int, str]]:
    """Return line and source of every Python fence, those in lists, quotes and admonitions as well."""
    found = []
    # An admonition indents its body by four spaces, which is a code block to other parsers: take it out.
    levelled = re.sub(r"(?m)^ {4}", "", text) if re.search(r"(?m)^(!!!|\?\?\?\+?|===) ", text) else text
    for token in MarkdownIt().parse(levelled):
        info = re.match(r"\{?\s*\.?([\w-]*)", token.info or "")
        if token.type == "fence" and info and info[1].lower() in LANGUAGES:
            found.append((token.map[0] + 1, token.content))
    return found


def collected(path: Path) -> list:
    sybil = Sybil(parsers=[PythonFenceParser(), FigureParser(ROOT / "docs/results"), SkipParser()], pattern="*.md")
    return list(sybil.parse(path).examples())


def statements(path: Path) -> list:
    return [example for example in collected(path) if hasattr(example.parsed, "want")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_fence_of_a_page_is_collected(page):
    lines = [example.line for example in collected(page)]
    for start, source in fences(page.read_text(encoding="utf-8")):
        end = start + source.count("\n") + 1
        assert any(start <= line <= end for line in lines), f"{page}:{start} is a Python fence that nothing runs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_prompt_of_a_page_is_collected(page):
    prompts = sum(len(re.findall(r"(?m)^\s*>>> ", source)) for _, source in fences(page.read_text(encoding="utf-8")))
    assert len(statements(page)) == prompts


def test_the_foot_of_each_page_counts_what_a_reader_would():
    """Statements at a prompt, blocks without one, and pictures that the page draws."""
    runs = load_page_runs(ROOT / "docs/results")
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        prompts = [len(re.findall(r"(?m)^\s*>>> ", source)) for _, source in fences(text)]
        drawn = [name for name in re.findall(r'(?m)^\{\{ figure\("([\w-]+)"', text) if name not in RECORDED_FIGURES]
        count = sum(max(number, 1) for number in prompts) + len(drawn)
        assert count == (runs[page.stem].examples if page.stem in runs else 0), page.name


def test_the_chapters_have_examples():
    for number in range(1, 7):
        [page] = (ROOT / "docs").glob(f"{number}-*.md")
        assert len(statements(page)) >= 10


@pytest.mark.parametrize("info", ["python", "pycon"])
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_fence_is_collected(tmp_path, info, indent):
    page = tmp_path / "page.md"
    lines = [f"```{info}", ">>> 1 + 1", "2", "```"]
    page.write_text("".join(f"{indent}{line}\n" for line in lines))
    [example] = collected(page)
    assert example.parsed.source == "1 + 1\n"
    assert example.parsed.want == "2\n"
    example.evaluate()


@pytest.mark.parametrize(
    "info",
    ["py", 'python title="a.py"', 'pycon hl_lines="1 2"', "{ .python .annotate }", "{.pycon}", "python ", "Python"],
)
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_fence_in_another_form_is_refused_with_its_page_and_line(tmp_path, info, indent):
    page = tmp_path / "page.md"
    page.write_text("".join(f"{indent}{line}\n" for line in ["Words.", "", f"```{info}", ">>> 1 + 1", "2", "```"]))
    with pytest.raises(ValueError, match=re.escape(f"{page}:3: write ```pycon or ```python instead of ```{info}")):
        collected(page)


@pytest.mark.parametrize("info", ["text", "console", "pythonic", "pycon-like", ""])
def test_a_fence_of_another_language_is_left_alone(tmp_path, info):
    page = tmp_path / "page.md"
    page.write_text(f"```{info}\n>>> 1 + 1\n3\n```\n")
    assert collected(page) == []


def test_a_block_whose_first_line_is_a_comment_is_a_doctest_all_the_same(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```pycon\n# twice\n>>> 2 * 2\n4\n```\n")
    [example] = collected(page)
    assert example.parsed.want == "4\n"


def test_every_skip_is_for_the_sample_and_says_why():
    for page in PAGES:
        for directive in re.findall(r"(?m)^ *<!-- *skip: *(.*?) *-->", page.read_text(encoding="utf-8")):
            assert directive == "end" or re.fullmatch(r'start if\(sample, reason="[^"]{10,}"\)', directive), page
