"""Run a notebook from top to bottom, and compare what its cells print with the pages."""

import asyncio
import base64
import contextlib
import copy
import doctest
import io
import os
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image, ImageChops

from tensorbook.book.site.notebook_links import WHOLE_FILE
from tensorbook.book.site.notebooks.read_chapters import Cell, Code, Drawn, load_chapters
from tensorbook.book.site.notebooks.write_notebooks import InResults, whole_cells, whole_notebook
from tensorbook.cli.quiet_loading import QUIET
from tensorbook.data import DataError

INVISIBLE = 30  # the most by which a colour may change, of 255, at the soft edges of letters and lines
# Figures at twice the pixels, for fine screens; outputs are written as `repr` does, on one line, as on the pages.
KERNEL_OPTIONS = ["--InlineBackend.figure_formats={'retina'}", "--PlainTextFormatter.pprint=False"]


def execute(
    notebook: NotebookNode,
    done: Callable[[int], object] = lambda _cells: None,
    *,
    kernel: str = "python3",
    folder: Path | None = None,
) -> NotebookNode:
    """Run all cells of a notebook in a new kernel, and keep their outputs.

    Args:
        notebook: What to run; it is changed and returned. Local paths in tracebacks and lines on stderr are not kept:
            a second run gives the same notebook.
        done: Called after each cell with the number of cells that have run.
        kernel: The kernel to run it in, by its name.
        folder: Where the kernel works; by default, here.

    Raises:
        nbclient.exceptions.CellExecutionError: A cell failed that is not meant to show an error.
    """
    metadata = copy.deepcopy(notebook.metadata)
    client = NotebookClient(
        notebook,
        timeout=None,
        kernel_name=kernel,
        record_timing=False,
        extra_arguments=KERNEL_OPTIONS,
        resources={"metadata": {"path": str(folder or Path.cwd())}},
        on_notebook_start=lambda notebook: _let_interrupt(),  # noqa: ARG005  # called by this name
        on_cell_complete=lambda cell, cell_index: done(cell_index + 1),  # noqa: ARG005  # called by these names
    )
    # Figures in Matplotlib's default style, regardless of the user's settings.
    variables = {**os.environ, **dict([QUIET]), "MATPLOTLIBRC": os.devnull}
    variables.pop("MPLBACKEND", None)  # the kernel's own shows the figures in the notebook
    # A loop of its own, closed at the end. TensorFlow's first messages, which can't be prevented, are discarded.
    asyncio.run(client.async_execute(env=variables, stderr=subprocess.DEVNULL))
    notebook.metadata = metadata  # without the version of the Python that ran it
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
    return notebook


def _let_interrupt() -> None:
    """Restore the usual Ctrl-C, since nbclient would shut the kernel down and then fail because it is gone."""
    with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows; a thread that is not the main one
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


def run_whole_book(
    project: Path, start: Callable[[int], object], done: Callable[[int], object]
) -> tuple[NotebookNode, list[str]]:
    """Run the whole book in one kernel; return it with its outputs, and where they differ from the pages.

    Args:
        project: The folder of ``docs``.
        start: Called first with the number of cells.
        done: Called after each cell with the number of cells that have run.
    """
    chapters = load_chapters(project)
    cells, notebook = whole_cells(chapters), nbformat.from_dict(whole_notebook(chapters, InResults(project)))
    start(len(notebook.cells))
    execute(notebook, done)
    return notebook, [*differences(cells, notebook), *describe_figures(cells, notebook)]


def differences(cells: Iterable[Cell], notebook: NotebookNode, *, sample: bool = False) -> list[str]:
    """Return a line for each cell whose output differs from its page.

    Args:
        cells: The cells that the notebook was made from.
        notebook: The notebook after a run. It may start with one more cell, which installs the library.
        sample: Whether it ran on the sample; if so, outputs for full MNIST are not compared.
    """
    from sybil.evaluators.doctest import OutputChecker

    from tensorbook.book.examples.example_parsers import TOLERANT

    codes = [cell for cell in cells if isinstance(cell, Code)]
    ran = [cell for cell in notebook.cells if cell.cell_type == "code"][-len(codes) :]
    found = []
    for code, cell in zip(codes, ran, strict=True):
        if code.source != cell.source:
            found.append(f"{cell.id}: the page has {code.source!r}, the notebook {cell.source!r}")
        elif not (sample and code.only_full):
            want, got = code.error or code.want, printed(cell)
            if code.error:  # a traceback names the module of an error, a notebook does not
                want = want.split(":")[0].split(".")[-1] + want[len(want.split(":")[0]) :]
            flags = doctest.NORMALIZE_WHITESPACE | (TOLERANT if code.tolerant else 0)
            if not OutputChecker().check_output(want, got, flags):
                found.append(f"{cell.id}: {code.source!r} printed {got!r}, and the page says {want!r}")
    return found


def printed(cell: NotebookNode) -> str:
    """Return the output and value of a code cell, as a prompt would show them."""
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            texts.append(output.text)
        elif output.output_type == "execute_result":
            texts.append(output.data["text/plain"] + "\n")
        elif output.output_type == "error":
            texts.append(f"{output.ename}: {output.evalue}\n")
    return "".join(texts)


def describe_figures(cells: Iterable[Cell], notebook: NotebookNode) -> Iterator[str]:
    """Give each picture that a cell has drawn the description from its page; yield a line if there is none."""
    ran = iter([cell for cell in notebook.cells if cell.cell_type == "code"])
    nameless: list[NotebookNode] = []
    for cell in cells:
        if isinstance(cell, Code):
            nameless += [output for output in next(ran).outputs if "image/png" in output.get("data", {})]
        elif isinstance(cell, Drawn):
            if not nameless:
                yield f"no cell has drawn: {cell.alt}"
                continue
            nameless.pop().metadata.setdefault("image/png", {})["alt"] = cell.alt
            nameless = []


def shrink_pictures(notebook: NotebookNode) -> None:
    """Store the pictures that cells have drawn with a palette, which takes a third of the space."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if png := output.get("data", {}).get("image/png"):
                output.data["image/png"] = base64.b64encode(with_palette(base64.b64decode(png))).decode()


def with_palette(png: bytes) -> bytes:
    """Return a picture as a PNG file with a palette of 256 colours.

    It is unchanged if it already has a palette, if some pixel would change visibly, on white or on black, or if it
    would not become smaller.
    """
    picture = Image.open(io.BytesIO(png))
    if picture.mode == "P":
        return png
    full = picture.convert("RGBA")  # with a transparent background
    small = full.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    if any(_difference(full, small.convert("RGBA"), background) > INVISIBLE for background in ("white", "black")):
        return png
    file = io.BytesIO()
    small.save(file, "png", optimize=True)
    return min(png, file.getvalue(), key=len)


def _difference(one: Image.Image, other: Image.Image, background: str) -> int:
    """Return the largest difference of a colour, of 255, between two pictures in front of a background."""
    ground = Image.new("RGBA", one.size, background)
    shown = [Image.alpha_composite(ground, picture) for picture in (one, other)]
    return int(np.asarray(ImageChops.difference(*(picture.convert("RGB") for picture in shown))).max())


def read_whole_book(results: Path) -> NotebookNode:
    """Return the whole book as it was last run.

    Raises:
        DataError: It has not been run yet, or the file is not a notebook.
    """
    path = results / WHOLE_FILE
    if not path.is_file():
        raise DataError(f"No executed notebook at {path}: run `python -m tensorbook.book notebook`")
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:  # the types of nbformat's own errors
        again = "run `python -m tensorbook.book notebook --again`"
        raise DataError(f"{path} is not a notebook that can be read ({error!r:.200}): {again}") from None
    return notebook


def with_outputs_of(notebook: NotebookNode, run: NotebookNode) -> bool:
    """Give a notebook the outputs of an earlier run if the code is the same; return whether it is."""
    codes, ran = ([cell for cell in book.cells if cell.cell_type == "code"] for book in (notebook, run))
    if [cell.source for cell in codes] != [cell.source for cell in ran]:
        return False
    for cell, earlier in zip(codes, ran, strict=True):
        cell.outputs, cell.execution_count = earlier.outputs, earlier.execution_count
    return True
