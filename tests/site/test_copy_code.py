"""Code that is copied from the site runs and shows what the page shows: every button on every page is pressed, and its
text is run."""

import ast
import doctest
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pytest
from sybil.evaluators.doctest import OutputChecker

from tensorbook.book.examples.code_dependencies import find_needs
from tensorbook.book.examples.example_parsers import TOLERANT
from tensorbook.book.site.block_dependencies import statements
from tensorbook.book.site.notebooks.read_chapters import Code, Drawn

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(900)  # the first test here waits for `visits`, a minute on a quiet machine
PYTHON = ".highlight.language-pycon, .highlight.language-python, .highlight.language-py"


@pytest.fixture(scope="session")
def copied(visits):
    """For each page, what its buttons copy: (the block's language, the block, the block with everything it needs)."""
    return {path: visit.copied for path, visit in visits["light"].items()}


def test_a_key_puts_the_text_of_a_button_on_the_clipboard(copied, browser, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], bypass_csp=True)
    page = context.new_page()
    page.goto(f"{address}3-tensors/")
    page.wait_for_function("document.querySelector('[role=status]')")
    for number, button in enumerate(page.locator("article .highlight").nth(1).locator(".tb-copy button").all()):
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("button => button.dataset.copied === 'Copied'", arg=button.element_handle())
        assert page.evaluate("navigator.clipboard.readText()") == copied["3-tensors/"][1][1 + number]
    assert number == 1
    context.close()


def test_where_the_page_is_not_given_a_clipboard_copying_works_too(browser, address):
    """At http://192.168.…, browsers give a page no clipboard; the copied text is pasted and compared."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], bypass_csp=True)
    page = context.new_page()
    found = {}
    for host in ("127.0.0.1", "books.test"):
        page.goto(f"{address}3-tensors/".replace("127.0.0.1", host))
        page.wait_for_function("document.querySelector('[role=status]')")
        button = page.locator(".tb-copy button", has_text="Copy with everything it needs").first
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("button => button.dataset.copied", arg=button.element_handle())
        assert button.get_attribute("data-copied") == "Copied"
        assert button.evaluate("button => button === document.activeElement")
        page.evaluate("document.body.append(document.createElement('textarea'))")
        page.locator("body > textarea").focus()
        page.keyboard.press("Control+V")
        found[host] = page.evaluate("[isSecureContext, document.activeElement.value]")
    context.close()
    assert found["127.0.0.1"][0]
    assert not found["books.test"][0]
    assert found["books.test"][1] == found["127.0.0.1"][1]
    assert len(found["books.test"][1].splitlines()) > 2


@pytest.fixture
def run(processes):
    """Run a text in a fresh Python in a folder, like a person who pastes it into a file."""

    def run(code, folder, **variables):
        (folder / "pasted.py").write_text(code, encoding="utf-8")
        environment = {**os.environ, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", **variables}
        return processes.run([sys.executable, "pasted.py"], env=environment, cwd=folder, timeout=600)

    return run


@pytest.fixture
def run_on_sample(run, tmp_path):
    """Run a text on the sample: the output is compared when the pages are run; here, the code only has to run."""
    return lambda code: run(code, tmp_path, TENSORBOOK_MNIST="sample")


def python_blocks(blocks):
    return [texts for language, *texts in blocks if language in ("pycon", "python", "py")]


def whole(texts):
    """The texts from all first buttons of a page, joined together."""
    return "\n".join(block for block, *_ in texts)


def test_every_block_with_code_has_a_button_and_no_other(copied, soup):
    for path, blocks in copied.items():
        html = soup(path)
        assert len(blocks) == len(html.select("article .highlight:not(.doc-signature)"))
        assert not html.select(".doc-signature .tb-copy")
        for language, *texts in blocks:
            assert bool(texts) == (language != "text"), (path, language)


def test_what_is_copied_has_no_prompts_and_no_outputs(copied):
    for path, blocks in copied.items():
        for text in (text for _, *texts in blocks for text in texts):
            assert not re.search(r"^(>>>|\.\.\.)( |$)|^\$ ", text, re.MULTILINE), path
            assert not re.search(r"^(array\(|Traceback|\(\d+,)", text, re.MULTILINE), (path, text)


HEADER = {
    "show": ast.unparse(ast.parse("from sys import displayhook as show")),
    "show_figure": ast.unparse(ast.parse("from tensorbook.plotting import show_figure")),
}


class AsOnThePage(ast.NodeTransformer):
    """Removes what a copied text adds to the page's code, so that it shows something without a prompt."""

    def visit_Call(self, node):
        self.generic_visit(node)
        return node.args[0] if ast.unparse(node.func) == "show" else node

    def visit_Expr(self, node):
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "show_figure":
            return None
        return self.generic_visit(node)

    def visit_ImportFrom(self, node):
        return None if ast.unparse(node) in HEADER.values() else node


class Shown(ast.NodeTransformer):
    """Puts `show(…)` around each value that a prompt would print: not in a function, and not around what prints."""

    def visit_FunctionDef(self, node):
        return node

    def visit_ClassDef(self, node):
        return node

    def visit_Expr(self, node):
        if re.match(r"(print|check)\(", ast.unparse(node)):
            return node
        return ast.Expr(ast.Call(ast.Name("show", ast.Load()), [node.value], []))


def as_on_the_page(code):
    """Return the statements of a program without what a copied text adds to those of its page."""
    return AsOnThePage().visit(ast.parse(code)).body


def trees(code, shown=False):
    """The syntax trees of a program's statements; a statement that shows an error is taken out of its `try`."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.Try) and "{type(error).__name__}" in ast.unparse(node.handlers[0]):
            yield from map(ast.dump, node.body)
        else:
            yield ast.dump(Shown().visit(node) if shown else node)


def examples(code):
    """Return the statements of a block with their outputs."""
    if ">>>" not in code:
        return [Code(code)]
    return [Code(one.source, one.want, one.exc_msg) for one in doctest.DocTestParser().get_examples(code)]


@dataclass
class Copy:
    """A text that is complete in itself, and what its page says about it.

    Attributes:
        path: The page.
        text: What a button has copied.
        above: The statements from above that the block needs.
        block: The statements of the block.
        figure: The name of the figure that the block draws, or nothing.
    """

    path: str
    text: str
    above: list[Code]
    block: list[Code]
    figure: str


def page_blocks(chapter, codes):
    """Return the Python blocks of a page, each as its statements; those of a chapter as in its notebook, which knows
    where an output may differ. And return the figures, each by the number of the block that draws it."""
    blocks = [examples(code) for code in codes]
    if not chapter:
        return blocks, {}
    ends = list(accumulate(map(len, blocks)))
    cells, figures = [], {}
    for cell in chapter.cells:
        if isinstance(cell, Code):
            cells.append(cell)
        elif isinstance(cell, Drawn):
            figures[ends.index(len(cells))] = cell.name
    assert [cell.source.strip() for cell in cells] == [example.source.strip() for block in blocks for example in block]
    return [cells[end - len(block) : end] for block, end in zip(blocks, ends, strict=True)], figures


@pytest.fixture(scope="session")
def copies(copied, soup, chapters):
    """Every text of every page that is complete in itself: what the last button of each block copies."""
    found, by_path = [], {f"{chapter.page}/": chapter for chapter in chapters}
    for path, blocks in copied.items():
        codes = [block.code.get_text() for block in soup(path).select(f"article :is({PYTHON}):not(.doc-signature)")]
        page, figures = page_blocks(by_path.get(path), codes)
        needs = find_needs([statements(code) for code in codes])
        for number, (texts, need) in enumerate(zip(python_blocks(blocks), needs, strict=True)):
            above = [page[block][place] for block, place in need.statements]
            found.append(Copy(path, texts[-1], above, page[number], figures.get(number, "")))
    return found


def test_the_first_button_of_a_block_that_needs_others_copies_it_as_it_is(copied, copies):
    """It is for readers who paste one block after another into a session, which shows values by itself."""
    texts = [texts for blocks in copied.values() for texts in python_blocks(blocks)]
    assert [len(both) for both in texts] == [2 if copy.above else 1 for copy in copies]
    plain = [(both[0], copy) for both, copy in zip(texts, copies, strict=True) if copy.above]
    for text, copy in plain:
        assert list(trees(text)) == [tree for one in copy.block for tree in trees(one.source)], copy.path
    assert len(plain) > 200


def test_a_text_that_is_complete_in_itself_has_what_the_block_needs_and_shows_what_the_page_shows(copies, chapters):
    """Python determines both; this checks what the button's script produces on each page."""
    for copy in copies:
        block = [tree for one in copy.block for tree in trees(one.source, shown=bool(one.want and not one.error))]
        wanted = [*(tree for one in copy.above for tree in trees(one.source)), *block]
        if copy.figure:
            wanted = [*trees(HEADER["show_figure"]), *wanted, *trees(f"show_figure({copy.figure!r})")]
        if any("Name(id='show', " in tree for tree in block):
            wanted = [*trees(HEADER["show"]), *wanted]
        assert list(trees(copy.text)) == wanted, copy.path
    assert sum("show(" in copy.text for copy in copies) > 150
    drawn = [cell.name for chapter in chapters for cell in chapter.cells if isinstance(cell, Drawn)]
    assert sorted(copy.figure for copy in copies if copy.figure) == sorted(drawn)


def test_no_text_is_silent_where_its_page_shows_something(copies):
    """Only a call shows anything: of `print` or `check`, of what the text passes values or figures to, or one that
    prints by itself."""
    for copy in copies:
        if copy.figure or any(one.want for one in copy.block):
            calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(copy.text)) if isinstance(node, ast.Call)}
            assert calls & {"print", "check", "show", "show_figure"}, (copy.path, copy.text)


def test_no_name_of_a_page_hides_what_a_copied_text_needs(copies):
    for copy in copies:
        nodes = [node for one in [*copy.above, *copy.block] for node in ast.walk(ast.parse(one.source))]
        names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        names |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        assert not names & set(HEADER), copy.path


def output_on_page(copy, folder):
    """Return what a page says that a text prints: the outputs of its block, and what the statements above print by
    themselves, since their values are not shown."""
    printing = [
        one
        for one in copy.above
        if one.error
        or not isinstance(ast.parse(one.source).body[-1], ast.Expr)
        or re.match(r"(print|check)\(", one.source)
    ]
    # A traceback names the module of an error, a script that catches it does not.
    outputs = [re.sub(r"^[\w.]+\.(?=\w+:)", "", one.error or "") or one.want for one in [*printing, *copy.block]]
    if copy.figure:
        outputs.append(f"The figure was saved as {folder / f'{copy.figure}.png'}\n")
    return "".join(outputs)


@pytest.fixture
def prints_as_its_page(run, tmp_path):
    """Run a text in an empty folder and compare what it prints.

    It returns nothing if that is what the page shows, and otherwise what happened.
    """

    def compare(place, copy):
        folder = tmp_path / str(place)
        folder.mkdir()
        result = run(copy.text, folder)
        want = output_on_page(copy, folder)
        flags = TOLERANT if any(one.tolerant for one in [*copy.above, *copy.block]) else 0
        same = OutputChecker().check_output(want, result.stdout, flags)
        if same and not result.returncode and "Warning" not in result.stderr:
            return ""
        return f"{copy.path}:\n{copy.text}\nprinted\n{result.stdout}{result.stderr[-2000:]}\nand not\n{want}"

    return compare


# Texts that need neither TensorFlow nor MNIST, each given by a line: several values, one of them a tuple; an error;
# values between other statements; a block that needs nothing from above; a value and a figure.
QUICK = [
    "channels_first.shape, channels_first.size",
    "naive_vector_dot(pixels, weights[:2])",
    "x = x.reshape((6, 1))",
    "0.25**10",
    "ax = plot_photo(photo)",
]


def test_a_copied_text_prints_what_its_page_shows(copies, prints_as_its_page):
    chosen = [next(copy for copy in copies if line in [one.source.strip() for one in copy.block]) for line in QUICK]
    with ThreadPoolExecutor(len(chosen)) as pool:
        assert list(pool.map(prints_as_its_page, range(len(chosen)), chosen)) == [""] * len(chosen)


@pytest.mark.nightly  # every text; a few quick ones run during the day
@pytest.mark.timeout(4 * 3600)
def test_every_copied_text_prints_what_its_page_shows(copies, chapters, prints_as_its_page, full_mnist):
    assert len(full_mnist.train.images) == 60_000
    paths = {f"{chapter.page}/" for chapter in chapters}
    chosen = [copy for copy in copies if copy.path in paths]
    with ThreadPoolExecutor(2) as pool:
        assert list(filter(None, pool.map(prints_as_its_page, range(len(chosen)), chosen))) == []


def test_a_button_says_what_its_block_needs(open_page):
    page = open_page("1-data/")
    page.wait_for_function("document.querySelector('[role=status]')")
    names = page.locator(".tb-copy").evaluate_all(
        "bars => bars.map(bar => [...bar.children].map(button => button.textContent))"
    )
    assert names[0] == ["Copy this block"]
    assert names[1] == ["Copy (needs train_images and train_labels from above)", "Copy with everything it needs"]
    assert ["Copy (needs count_digits and check from above)", "Copy with everything it needs"] in names


def test_a_button_names_at_most_three_of_many_things(open_page):
    page = open_page("8-better-network/")
    page.wait_for_function("document.querySelector('[role=status]')")
    labels = page.locator("article .highlight[data-names]").evaluate_all(
        "blocks => blocks.map(block => [block.dataset.names.split(' '), block.querySelector('button').textContent])"
    )
    assert max(len(names) for names, _ in labels) > 4
    for names, label in labels:
        words = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"]
        assert label == f"Copy (needs {' and '.join(filter(None, [', '.join(words[:-1]), words[-1]]))} from above)"


def docstring_examples():
    """Yield the syntax trees of every example in the library's docstrings, which pytest runs."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                for example in doctest.DocTestParser().get_examples(ast.get_docstring(node) or ""):
                    yield from map(ast.dump, ast.parse(example.source).body)


def test_what_is_copied_from_a_page_is_the_examples_that_ran(copied, examples_of, script_of):
    """These are all pieces of a page in order, as its buttons gave them."""
    compared = []
    for path, blocks in copied.items():
        texts = python_blocks(blocks)
        page = ROOT / "docs" / f"{path.strip('/') or 'index'}.md"
        if texts and page.exists():
            if page.stem == "reference":
                ran = {tree for statements, _ in examples_of(page) for tree in statements}
                copied_trees = set(trees(ast.unparse(as_on_the_page(whole(texts)))))
                assert copied_trees <= {*ran, *docstring_examples()}
            else:
                assert list(map(ast.dump, as_on_the_page(whole(texts)))) == script_of(page), path
            compared.append(page.stem)
    assert len(compared) > 10


def test_what_is_copied_from_a_page_reads_no_name_that_is_bound_nowhere_above(copied, processes, tmp_path):
    """The docstrings in the reference use names from their module, which a reader who pastes them doesn't have."""
    for path, blocks in copied.items():
        if texts := python_blocks(blocks):
            (tmp_path / f"{path.strip('/') or 'index'}.py").write_text(whole(texts), encoding="utf-8")
    names = ["check", "--isolated", "--no-cache", "--select=F821", "--output-format=concise", tmp_path]
    found = processes.run([sys.executable, "-m", "ruff", *names], timeout=60).stdout.splitlines()
    unbound = {line.split("`")[1] for line in found if ": F821 " in line}
    assert unbound == {"strategy"}, found  # chapter 10 shows a function from inside another function


def test_a_short_page_s_code_runs_as_pasted_in_a_fresh_python(copied, run_on_sample):
    result = run_on_sample(whole(python_blocks(copied["3-tensors/"])))
    assert result.returncode == 0, result.stderr[-2000:]


@pytest.mark.nightly  # every page; a short one runs during the day
@pytest.mark.timeout(1800)
def test_every_page_s_code_runs_as_pasted_in_one_fresh_python(copied, run_on_sample):
    """All pieces of a page in order, exactly as each button gave them."""
    for path, blocks in copied.items():
        texts = python_blocks(blocks)
        if not texts:
            continue
        result = run_on_sample(whole(texts))
        assert result.returncode == 0, f"{path}:\n{result.stderr[-2000:]}"


def test_an_example_of_an_error_prints_the_error_and_goes_on(copied, run_on_sample):
    [text] = [texts[0] for texts in python_blocks(copied["5-operations/"]) if "weights[:2]" in texts[0]]
    assert "except Exception as error:  # ValueError" in text
    needed = "import numpy as np\npixels, weights = np.ones(3), np.ones(3)\n"
    result = run_on_sample(needed + text)
    assert result.stdout == "ValueError: naive_vector_dot needs two vectors of equal length, got shapes (3,) and (2,)\n"


def test_a_pasted_block_runs_at_the_prompt_too(copied):
    """Python's old prompt ends a function only at an empty line."""
    import code

    [text] = [texts[0] for texts in python_blocks(copied["5-operations/"]) if "def relu_loop" in texts[0]]
    console = code.InteractiveConsole({"x": __import__("numpy").zeros((2, 2))})
    for line in text.splitlines():
        waiting = console.push(line)
    assert not waiting
    assert "relu_loop" in console.locals


def test_selecting_a_block_by_mouse_picks_up_no_prompt(open_page):
    page = open_page("3-tensors/")
    page.locator(".highlight pre").nth(1).scroll_into_view_if_needed()
    box = page.locator(".highlight code").nth(1).bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 4, steps=5)
    page.mouse.up()
    selected = page.evaluate("getSelection().toString()")
    assert "np.array([12, 3, 6, 14])" in selected
    assert ">>>" not in selected
