"""Code that is copied from the site runs: every button on every page is pressed, and its text is run."""

import ast
import doctest
import os
import re
import sys
from pathlib import Path

import pytest

from tensorbook.book.examples.code_dependencies import find_needs
from tensorbook.book.site.block_needs import statements

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
def run(processes, tmp_path):
    """Run a text in a fresh Python, like a person who pastes it into a file."""
    # On the sample: the output is compared when the pages are run; here, the code only has to run.
    environment = {**os.environ, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", "TENSORBOOK_MNIST": "sample"}

    def run(code):
        path = tmp_path / "pasted.py"
        path.write_text(code, encoding="utf-8")
        return processes.run([sys.executable, path], env=environment, cwd=tmp_path)

    return run


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


def trees(code):
    """The syntax trees of a program's statements; a statement that shows an error is taken out of its `try`."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.Try) and "{type(error).__name__}" in ast.unparse(node.handlers[0]):
            yield from map(ast.dump, node.body)
        else:
            yield ast.dump(node)


def test_the_second_button_puts_what_the_block_needs_above_it(copied, soup):
    """Python determines what is needed; this checks what the button's script produces on each page."""
    longer = 0
    for path, blocks in copied.items():
        html = soup(path)
        codes = [block.code.get_text() for block in html.select(f"article :is({PYTHON}):not(.doc-signature)")]
        page = [statements(code) for code in codes]
        for texts, block, needs in zip(python_blocks(blocks), page, find_needs(page), strict=True):
            above = [page[number][place] for number, place in needs.statements]
            assert len(texts) == (2 if above else 1), path
            for text, wanted in zip(texts, (block, [*above, *block]), strict=False):
                assert list(trees(text)) == [tree for one in wanted for tree in trees(one.source)], path
            longer += bool(above)
    assert longer > 200


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
                assert set(trees(whole(texts))) <= {*ran, *docstring_examples()}
            else:
                assert [ast.dump(node) for node in ast.parse(whole(texts)).body] == script_of(page), path
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


def test_a_short_page_s_code_runs_as_pasted_in_a_fresh_python(copied, run):
    result = run(whole(python_blocks(copied["3-tensors/"])))
    assert result.returncode == 0, result.stderr[-2000:]


@pytest.mark.nightly  # every page; a short one runs during the day
@pytest.mark.timeout(1800)
def test_every_page_s_code_runs_as_pasted_in_one_fresh_python(copied, run):
    """All pieces of a page in order, exactly as each button gave them."""
    for path, blocks in copied.items():
        texts = python_blocks(blocks)
        if not texts:
            continue
        result = run(whole(texts))
        assert result.returncode == 0, f"{path}:\n{result.stderr[-2000:]}"


def test_an_example_of_an_error_prints_the_error_and_goes_on(copied, run):
    [text] = [texts[0] for texts in python_blocks(copied["5-operations/"]) if "weights[:2]" in texts[0]]
    assert "except Exception as error:  # ValueError" in text
    needed = "import numpy as np\npixels, weights = np.ones(3), np.ones(3)\n"
    result = run(needed + text)
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
