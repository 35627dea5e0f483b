"""A notebook's output is read and compared with its pages, cell by cell; nothing is run here."""

import base64
import io

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from tensorbook.book.site.notebooks.read_chapters import Code, Drawn, Prose
from tensorbook.book.site.notebooks.run_notebook import (
    INVISIBLE,
    describe_figures,
    differences,
    printed,
    read_whole_book,
    shrink_pictures,
    with_outputs_of,
    with_palette,
)
from tensorbook.data import DataError

INSTALL = new_code_cell("%pip install tensorbook")


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def value(text):
    return new_output("execute_result", data={"text/plain": text})


def error(name, message):
    return new_output("error", ename=name, evalue=message, traceback=[])


def picture():
    return new_output("display_data", data={"image/png": "iVBO", "text/plain": "<Figure>"})


def ran(*cells):
    """Return a notebook of code cells, each a source with its outputs, after the cell that installs."""
    return new_notebook(cells=[INSTALL, *(new_code_cell(source, outputs=list(outputs)) for source, *outputs in cells)])


def test_what_a_cell_printed_is_what_a_prompt_would_show():
    cell = new_code_cell("", outputs=[stream("one\n"), stream("a warning", "stderr"), picture(), value("2")])
    assert printed(cell) == "one\n2\n"
    cell.outputs = [stream("before\n"), error("ValueError", "too bad")]
    assert printed(cell) == "before\nValueError: too bad\n"
    cell.outputs = []
    assert printed(cell) == ""


@pytest.mark.parametrize(
    ("code", "outputs", "same"),
    [
        (Code("x", "1 2\n"), [value("1  2")], True),  # spaces do not matter
        (Code("x", "1\n"), [value("2")], False),
        (Code("x", ""), [], True),
        (Code("x", ""), [stream("a word\n")], False),
        (Code("x", "a word\n"), [], False),
        (Code("x", "0.12\n", tolerant=True), [value("0.1234")], True),
        (Code("x", "0.12\n", tolerant=True), [value("0.1434")], False),
        (Code("x", "0.12\n"), [value("0.1234")], False),
        (Code("x", "a ... c\n", tolerant=True), [stream("a b c\n")], True),
        (Code("x", "a ... c\n"), [stream("a b c\n")], False),
        (Code("x", "", "ValueError: a: b\n"), [error("ValueError", "a: b")], True),
        (Code("x", "", "tensorbook.data.DataError: a\n"), [error("DataError", "a")], True),
        (Code("x", "", "ValueError: a\n"), [error("TypeError", "a")], False),
        (Code("x", "", "ValueError: a\n"), [error("ValueError", "b")], False),
    ],
)
def test_a_cell_is_compared_as_its_page_says(code, outputs, same):
    notebook = ran(("x", *outputs))
    found = differences([Prose("Words."), code], notebook)
    if same:
        assert found == []
    else:
        [line] = found
        assert line.startswith(f"{notebook.cells[-1].id}: 'x' printed {printed(notebook.cells[-1])!r}, and the page")


def test_what_holds_for_full_mnist_alone_is_not_compared_on_the_sample():
    cells = [Code("x", "60000\n", only_full=True), Code("y", "1\n")]
    notebook = ran(("x", value("4000")), ("y", value("2")))
    assert [line.split()[1] for line in differences(cells, notebook)] == ["'x'", "'y'"]
    assert [line.split()[1] for line in differences(cells, notebook, sample=True)] == ["'y'"]


def test_a_notebook_of_another_code_is_told_from_one_that_printed_something_else():
    notebook = ran(("y", value("1")))
    assert differences([Code("x", "1\n")], notebook) == [f"{notebook.cells[-1].id}: the page has 'x', the notebook 'y'"]


def test_a_picture_gets_the_words_that_its_page_has_below_the_cell():
    notebook = ran(("a", picture()), ("b", stream("no picture")), ("c", picture(), picture()), ("d",))
    notebook.cells.pop(0)
    notebook.cells.insert(0, new_markdown_cell("Prose."))
    cells = [Prose("Prose."), Code("a"), Drawn("A."), Code("b"), Code("c"), Drawn("C."), Code("d"), Drawn("None.")]
    assert list(describe_figures(cells, notebook)) == ["no cell has drawn: None."]
    [a], _, [first, last], _ = (cell.outputs for cell in notebook.cells[1:])
    assert a.metadata == {"image/png": {"alt": "A."}}
    assert last.metadata == {"image/png": {"alt": "C."}}
    assert first.metadata == {}, "the words are of what was drawn last"


def test_words_may_stand_further_below_the_cell_that_drew():
    notebook = ran(("a", picture()), ("b",))
    notebook.cells.pop(0)
    assert list(describe_figures([Code("a"), Code("b"), Drawn("A."), Prose("Words.")], notebook)) == []
    assert notebook.cells[0].outputs[0].metadata == {"image/png": {"alt": "A."}}


def test_outputs_of_an_earlier_run_are_taken_over_where_the_code_is_the_same():
    earlier = ran(("a", value("1")), ("b", value("2")))
    for count, cell in enumerate(earlier.cells):
        cell.execution_count = count
    earlier.cells.insert(1, new_markdown_cell("The prose of yesterday."))
    today = ran(("a",), ("b",))
    assert with_outputs_of(today, earlier)
    assert [(cell.execution_count, printed(cell)) for cell in today.cells] == [(0, ""), (1, "1\n"), (2, "2\n")]
    for other in (ran(("a",), ("c",)), ran(("a",)), ran(("a",), ("b",), ("c",))):
        assert not with_outputs_of(other, earlier)
        assert not any(printed(cell) for cell in other.cells)


def test_the_whole_book_that_was_never_run_says_what_runs_it(tmp_path):
    with pytest.raises(DataError, match=r"No executed notebook at .*ipynb: run `python -m tensorbook\.book notebook`"):
        read_whole_book(tmp_path)
    nbformat.write(ran(("a", value("1"))), tmp_path / "whole-book.ipynb")
    assert printed(read_whole_book(tmp_path).cells[1]) == "1\n"


def test_a_file_that_is_not_a_notebook_is_named(tmp_path):
    (tmp_path / "whole-book.ipynb").write_text("{")
    with pytest.raises(DataError, match=r"whole-book\.ipynb is not a notebook that can be read .* `python -m"):
        read_whole_book(tmp_path)


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


def pixels_of(content):
    """Return the pixels of a picture on white paper."""
    picture = Image.open(io.BytesIO(content)).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(paper, picture).convert("RGB")).astype(int)


def drawn(shades):
    """Return a picture as cells draw it: lines and letters with smooth edges on a transparent background, perhaps with
    many shades."""
    figure = Figure((5, 3), dpi=200)
    axes = figure.subplots()
    axes.plot([0, 1, 3], [0, 2, 1])
    if shades:
        axes.imshow(np.linspace(0, 1, shades).reshape(1, -1), extent=(0, 3, 0, 1), cmap="RdBu", alpha=0.8)
    file = io.BytesIO()
    figure.savefig(file, format="png", transparent=True)
    return file.getvalue()


@pytest.mark.parametrize("shades", [0, 20])
def test_a_picture_with_a_palette_is_smaller_and_looks_the_same(shades):
    full = drawn(shades)
    small = with_palette(full)
    assert len(small) < 0.6 * len(full)
    difference = np.abs(pixels_of(small) - pixels_of(full))
    assert difference.max() <= INVISIBLE
    assert difference.mean() < 1
    assert Image.open(io.BytesIO(small)).convert("RGBA").getpixel((0, 0))[3] == 0, "its background stays transparent"
    assert with_palette(small) == small


def test_a_picture_that_a_palette_would_change_visibly_is_left_as_it_is():
    noise = np.random.default_rng(0).integers(0, 256, (40, 50, 4), dtype="uint8")
    for full in (png(noise), png(noise[..., :3])):
        assert with_palette(full) == full


def test_every_picture_of_a_notebook_is_made_smaller():
    full = drawn(shades=0)
    shown = new_output("display_data", data={"image/png": base64.b64encode(full).decode(), "text/plain": "<Figure>"})
    notebook = ran(("a", shown, stream("b")), ("c",))
    shrink_pictures(notebook)
    [output, _] = notebook.cells[1].outputs
    assert base64.b64decode(output.data["image/png"]) == with_palette(full)
    assert output.data["text/plain"] == "<Figure>"
