"""A page's Markdown becomes cells; the whole book, as it was last run, agrees with its pages."""

import copy
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from tensorbook.book.site.downloads import build_wheel
from tensorbook.book.site.notebooks.read_chapters import Chapter, Code, Drawn, Prose, read_cells
from tensorbook.book.site.notebooks.read_whole_book_page import output_pictures
from tensorbook.book.site.notebooks.run_notebook import differences, execute, read_whole_book, with_outputs_of
from tensorbook.book.site.notebooks.write_notebooks import (
    InResults,
    OnSite,
    chapter_notebook,
    chapter_script,
    notebook_text,
    whole_cells,
    whole_notebook,
)

ROOT = Path(__file__).parents[4]
SITE = OnSite("https://example.org/book/")
PAGE = """\
# A page

{{ "no" }}

```pycon title="add.py"
>>> for i in range(2):
...     print(i)
0
1
>>> 1 / 0
Traceback (most recent call last):
    ...
ZeroDivisionError: division by zero
```

<!-- skip: start if(sample, reason="figures of full MNIST") -->

<!-- tolerate: differs between machines -->

```pycon
>>> 0.98
0.98
```

![Ten digits.](drawn:ten)

<!-- skip: end -->

Words.
{ .tb-caption }

??? success "Solution"

    See [there](3-tensors.md#a-digit):

    ```pycon
    >>> def f():
    ...     return 1
    ...
    ...     # the end
    >>> f()
    1
    ```

    ```text
    { .kept }
    ```

After.

```python
value = 3
```
"""


@pytest.fixture(scope="module")
def whole():
    return read_whole_book(ROOT / "docs/results")


def test_an_example_is_a_cell_without_prompts_that_knows_what_it_prints():
    codes = [cell for cell in read_cells(PAGE) if isinstance(cell, Code)]
    assert [code.source for code in codes] == [
        "for i in range(2):\n    print(i)",
        "1 / 0",
        "0.98",
        "def f():\n    return 1\n\n    # the end",
        "f()",
        "value = 3",
    ]
    assert [code.want for code in codes][:3] == ["0\n1\n", codes[1].want, "0.98\n"]
    assert codes[1].error == "ZeroDivisionError: division by zero\n"
    assert [code.tolerant for code in codes] == [False, False, True, False, False, False]
    assert [code.only_full for code in codes] == [False, False, True, False, False, False]
    assert [code.folded for code in codes] == [False, False, False, True, True, False]


def test_a_fence_ends_at_one_that_is_as_long_and_holds_shorter_ones():
    prose, code = read_cells("````md\n```python\nno code\n```\nstill in it\n`````\nwords\n```python\nvalue = 1\n````\n")
    assert prose == Prose("````md\n```python\nno code\n```\nstill in it\n````\nwords")
    assert code == Code("value = 1")


def test_boxes_in_boxes_end_one_by_one():
    inner = ['    ??? tip "In it"', "", "        ```py", "        a = 1", "        ```", ""]
    page = "\n".join(["!!! note", "", "    One.", "", *inner, "    ```py", "    b = 2", "    ```", "", "c."])
    cells = read_cells(page)
    assert [(cell.source, cell.folded) for cell in cells if isinstance(cell, Code)] == [
        ("a = 1", True),
        ("b = 2", False),
    ]
    assert [cell.text for cell in cells if isinstance(cell, Prose)] == ["> **Note**\n>\n> One.\n\n> **In it**\n>", "c."]


@pytest.mark.parametrize(
    ("raises", "name"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import json; json.loads(' ')", "JSONDecodeError"),
        ("raise KeyError", "KeyError"),
    ],
)
def test_an_error_that_a_script_prints_is_named_beside_it(raises, name):
    last = "json.decoder.JSONDecodeError: Expecting value: line 1" if name == "JSONDecodeError" else f"{name}: why"
    page = f"```pycon\n>>> {raises}\nTraceback (most recent call last):\n    ...\n{last}\n```\n"
    script = chapter_script(Chapter("9-page", 9, read_cells(page)), SITE, "wheel")
    assert (
        f'try:\n    {raises}\nexcept Exception as error:  # {name}\n    print(f"{{type(error).__name__}}: {{error}}")'
        in script
    )


def test_what_only_the_site_understands_does_not_stand_in_the_prose():
    cells = read_cells(PAGE)
    assert cells[4] == Drawn("Ten digits.", "ten")
    text = "\n".join(cell.text for cell in cells if isinstance(cell, Prose))
    assert "> **Solution**\n>\n> See [there](3-tensors.md#a-digit):" in text
    assert "> ```text\n> { .kept }\n> ```" in text
    assert "\nAfter." in text
    assert not re.search(r"<!--|tb-caption|\?\?\?|drawn:|>>>", text)


def test_links_lead_back_to_the_site_or_to_neighbours_in_the_repository():
    chapter = Chapter("9-page", 9, read_cells(PAGE))
    for place, target in (
        (SITE, "https://example.org/book/3-tensors/#a-digit"),
        (InResults(ROOT), "../3-tensors.md#a-digit"),
    ):
        text = notebook_text(chapter_notebook(chapter, place, "wheel"))
        assert f"]({target})" in text


def test_an_error_that_is_shown_does_not_stop_the_notebook_nor_the_script(capsys):
    chapter = Chapter("9-page", 9, read_cells(PAGE))
    cells = chapter_notebook(chapter, SITE, "wheel")["cells"]
    assert [cell["source"] for cell in cells if "raises-exception" in cell["metadata"].get("tags", [])] == ["1 / 0"]
    script = chapter_script(chapter, SITE, "wheel").replace('show_figure("chapter-9-ten")', "")
    exec(compile(script, "chapter-9.py", "exec"), {})
    assert capsys.readouterr().out == "0\n1\nZeroDivisionError: division by zero\n0.98\n1\n"


def test_every_notebook_is_valid_clean_and_installs_first(chapters):
    assert [chapter.number for chapter in chapters] == list(range(1, len(chapters) + 1))
    books = [chapter_notebook(chapter, SITE, f"{SITE.site_url}a.whl") for chapter in chapters]
    for made in [*books, whole_notebook(chapters, SITE, f"{SITE.site_url}a.whl")]:
        book = nbformat.from_dict(made)
        nbformat.validate(book)
        assert notebook_text(made) == nbformat.writes(book) + "\n"
        assert set(book.metadata) == {"kernelspec", "language_info"}
        assert book.cells[0].source == "%pip install --quiet https://example.org/book/a.whl"
        for cell in book.cells:
            assert set(cell.metadata) <= {"tags", "jupyter", "id"}
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None
            assert not re.search(r"\{\{|^>>> |\{ \.|<!--|\]\((figure|diagram|drawn):", cell.source, re.MULTILINE), (
                cell.source
            )


def test_a_notebook_is_run_from_top_to_bottom_and_keeps_nothing_of_this_computer(tmp_path):
    sources = ["import os, sys; print(os.getcwd()); print('to stderr', file=sys.stderr)", "one = 1", "one", "one / 0"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[-1].metadata["tags"] = ["raises-exception"]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("Words."), *cells], metadata={"a": {"b": 1}}
    )
    told = []
    with ThreadPoolExecutor(1) as thread:  # the browser in the site's tests may have its own loop in this thread
        ran = thread.submit(execute, notebook, told.append, folder=tmp_path).result(timeout=200)
    assert ran is notebook
    assert told == [2, 3, 4, 5]
    assert ran.metadata == {"a": {"b": 1}}
    [folder], [], [value], [error] = (cell.outputs for cell in cells)
    assert (folder.name, folder.text) == ("stdout", f"{tmp_path}\n")
    assert value.data == {"text/plain": "1"}
    assert (error.ename, error.traceback) == ("ZeroDivisionError", ["ZeroDivisionError: division by zero"])
    assert all(set(cell.metadata) <= {"tags"} for cell in cells), "no times"


def test_the_wheel_is_the_same_each_time_and_holds_the_library():
    import io
    import zipfile

    (name, content), again = build_wheel(ROOT), build_wheel(ROOT)
    assert (name, content) == again
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"tensorbook/data/__init__.py", "tensorbook/py.typed", "tensorbook/example_drawing.png"} <= set(names)


def test_the_whole_book_is_made_of_today_s_pages(chapters, whole):
    today = nbformat.from_dict(whole_notebook(chapters, InResults(ROOT)))
    assert with_outputs_of(today, whole), "code has changed: run `python -m tensorbook.book notebook`"
    assert today == whole, "prose has changed: run `python -m tensorbook.book notebook`, which takes a second"


def test_each_cell_of_the_whole_book_printed_what_its_page_says(chapters, whole):
    assert differences(whole_cells(chapters), whole) == []


def test_a_cell_that_printed_something_else_is_found(chapters, whole):
    book = copy.deepcopy(whole)
    [cell] = [cell for cell in book.cells if cell.source == "network.count_params()"]
    cell.outputs[0].data["text/plain"] = "407051"
    [line] = differences(whole_cells(chapters), book)
    assert "407051" in line
    assert "407050" in line
    cell.outputs = []
    assert len(differences(whole_cells(chapters), book)) == 1


def test_the_whole_book_tells_nothing_of_the_computer_and_the_time_of_its_run(whole):
    text = nbformat.writes(whole)
    assert not re.search(r"site-packages|/tmp/|/home/|/root/|iopub|\\u001b", text)
    assert not [output for cell in whole.cells for output in cell.get("outputs", ()) if output.get("name") == "stderr"]
    assert set(whole.metadata) == {"kernelspec", "language_info"}


def test_every_picture_of_the_whole_book_says_what_is_to_be_seen(chapters, whole):
    outputs = [
        output for cell in whole.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
    ]
    alts = [output.metadata["image/png"]["alt"] for output in outputs]
    assert alts == [cell.alt for cell in whole_cells(chapters) if isinstance(cell, Drawn)]
    assert len(output_pictures(whole)) == len(alts) >= 10


def test_where_only_prose_has_changed_nothing_is_run(processes, whole, tmp_path):
    """This runs in a separate process, because nbconvert's logging settings close every handler in the process,
    including pytest's."""
    earlier = copy.deepcopy(whole)
    earlier.cells[1].source = "The prose of yesterday."
    outputs = [output for cell in earlier.cells for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/png" in output.get("metadata", {})]
    drawn[0].metadata["image/png"]["alt"] = "What it showed yesterday."
    nbformat.write(earlier, tmp_path / "whole-book.ipynb")
    command = [sys.executable, "-m", "tensorbook.book", "notebook", "--out", tmp_path]
    assert "no code has changed" in processes.run(command, cwd=ROOT, check=True).stdout
    for name in ("whole-book.ipynb", "whole-book.html"):  # its page on the site, too, is today's
        assert (tmp_path / name).read_bytes() == (ROOT / "docs/results" / name).read_bytes(), name


def test_where_a_page_shows_another_output_the_book_is_run_again(book_command, whole, tmp_path):
    """As when a message of the library has changed: the sample, on which this runs, is refused at that point."""
    earlier = copy.deepcopy(whole)
    [cell, *_] = [cell for cell in earlier.cells if cell.get("outputs") and "Right. " in str(cell.outputs)]
    cell.outputs[0].text = "Right. These are the words of yesterday.\n"
    nbformat.write(earlier, tmp_path / "whole-book.ipynb")
    status, printed, errors = book_command("notebook", "--out", tmp_path)
    assert (status, "no code has changed" in printed) == (2, False)
    assert "runs on full MNIST" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["notebook", "--check"], "runs on full MNIST: run `tensorbook data fetch`, or set TENSORBOOK_MNIST"),
        (["downloads", "nowhere"], "no built site in nowhere: run `zensical build` first"),
    ],
)
def test_what_is_missing_is_told_in_one_line(book_command, arguments, message):
    status, _, errors = book_command(*arguments)
    assert status == 2
    assert message in errors
    assert "Traceback" not in errors
