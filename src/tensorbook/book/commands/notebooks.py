"""The commands that create the book's notebooks: ``notebook`` and ``downloads``."""

import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tensorbook.atomic_write import check_writable, results_folder, write_atomically
from tensorbook.book.results.book_record import RESULTS
from tensorbook.cli.progress_bars import console
from tensorbook.cli.quiet_loading import load_data
from tensorbook.errors import UsageError, UserError

PROJECT = Path()


def notebook(
    check: Annotated[bool, typer.Option("--check", help="Run and compare, but write nothing.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Run it even if only prose has changed.")] = False,
    out: Annotated[Path, typer.Option(help="The results folder.")] = RESULTS,
) -> None:
    """Run the whole book as one notebook and write it (exit status 1 if a cell's output differs from its page).

    If no code and no output on a page has changed since the last run, only the prose is updated, which takes a few
    seconds. The notebook's page on the site is written, too.
    """
    if not check:
        check_writable(out)
    from nbformat import from_dict

    from tensorbook.book.site.notebook_links import WHOLE_FILE
    from tensorbook.book.site.notebooks import run_notebook
    from tensorbook.book.site.notebooks.read_chapters import load_chapters
    from tensorbook.book.site.notebooks.write_notebooks import InResults, whole_cells, whole_notebook

    path = out / WHOLE_FILE
    if path.exists() and not (check or again):
        chapters = load_chapters(PROJECT)
        book = from_dict(whole_notebook(chapters, InResults(PROJECT)))
        cells = whole_cells(chapters)
        same_code = run_notebook.with_outputs_of(book, run_notebook.read_whole_book(out))
        if same_code and not run_notebook.differences(cells, book):  # a message of the library may be new
            if missing := list(run_notebook.describe_figures(cells, book)):  # shown outputs are prose, too
                raise UsageError(f"{missing[0]}: run `python -m tensorbook.book notebook --again`")
            _write(out, book)
            console.print(
                f"no code has changed: {path} has the current prose and the outputs of its last run", soft_wrap=True
            )
            return
    if len(load_data().train.labels) < 60_000:
        raise UsageError("The whole book runs on full MNIST: run `tensorbook data fetch`, or set TENSORBOOK_MNIST.")
    book, different = _run()
    for line in different:
        print(f"tensorbook: {line}", file=sys.stderr)
    if different:
        raise typer.Exit(1)
    if not check:
        _write(out, book)
    console.print(f"all cells print what their pages say{'' if check else f'; written to {path}'}", soft_wrap=True)


def downloads(
    site: Annotated[Path, typer.Argument(help="The folder of the built site.")],
    site_url: Annotated[str, typer.Option(envvar="SITE_URL", help="The site's public address.")] = "",
) -> None:
    """Write notebooks, scripts, the wheel and the digits to a site built by Zensical (MkDocs does this itself)."""
    from tensorbook.book.site.downloads import added_files
    from tensorbook.book.site.notebook_links import only_here

    if not (site / "index.html").is_file():
        raise UsageError(f"There is no built site in {site}: run `zensical build` first.")
    if warning := only_here(site_url):
        print(f"tensorbook: {warning}", file=sys.stderr)
    files = added_files(PROJECT, site_url)
    with results_folder(site):
        for name, content in files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(content)
    console.print(f"{len(files)} files are in {site}", soft_wrap=True)


def _write(out: Path, book: Any) -> None:
    """Write the notebook, with small pictures, and its page on the site."""
    import nbformat

    from tensorbook.book.site.notebook_links import WHOLE_FILE
    from tensorbook.book.site.notebooks.read_whole_book_page import PAGE_FILE
    from tensorbook.book.site.notebooks.run_notebook import shrink_pictures
    from tensorbook.book.site.notebooks.whole_book_page import make_page

    shrink_pictures(book)
    write_atomically(out / WHOLE_FILE, nbformat.writes(book) + "\n")
    write_atomically(out / PAGE_FILE, make_page(out, PROJECT / RESULTS))


def _run() -> tuple[Any, list[str]]:
    """Run the whole book under a progress bar."""
    from nbclient.exceptions import CellExecutionError
    from rich.progress import Progress

    from tensorbook.book.site.notebooks.run_notebook import run_whole_book

    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # suppresses a message about the dead kernel after Ctrl-C
    with Progress(console=console) as bars:
        bar = bars.add_task("cells", total=None)
        try:
            return run_whole_book(
                PROJECT,
                start=lambda cells: bars.update(bar, total=cells),
                done=lambda cells: bars.update(bar, completed=cells),
            )
        except CellExecutionError as error:
            raise UserError(f"A cell failed, so the rest was not run: {error.ename}: {error.evalue}") from None
