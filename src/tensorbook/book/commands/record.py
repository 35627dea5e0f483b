"""The command ``record``, which creates the book's record: chapter 2's trained network, its results and figures."""

from pathlib import Path
from typing import Annotated

import typer

from tensorbook.atomic_write import check_writable
from tensorbook.book.results.book_record import RESULTS
from tensorbook.cli.commands import print_record
from tensorbook.cli.progress_bars import console, progress_bars
from tensorbook.cli.quiet_loading import load_data, quiet_import
from tensorbook.data import DataError, identify
from tensorbook.training import make_repeatable
from tensorbook.training_settings import BATCH_SIZE, EPOCHS

Out = Annotated[Path, typer.Option(help="The results folder.")]


def record(
    out: Out = RESULTS,
    keep_training: Annotated[
        bool, typer.Option("--keep-training", help="Keep the weights; evaluate them and draw all figures again.")
    ] = False,
) -> None:
    """Create the book's record from full MNIST: chapter 2's trained network, its results and figures."""
    check_writable(out)
    data = load_data()
    if identify(data) != "mnist":
        raise DataError(
            "The book's record needs full MNIST, but these are different digits: "
            "run `tensorbook data fetch`, or set TENSORBOOK_MNIST. `tensorbook train` accepts any digits."
        )
    if keep_training:
        from tensorbook.book.results.book_record import measure_again

        made = measure_again(data, out)
    else:
        with quiet_import():
            import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
            from tensorbook.book.results.book_record import make_record

            make_repeatable()
        with progress_bars(EPOCHS, len(data.train.labels), BATCH_SIZE) as progress:
            made = make_record(data, out, progress=progress)
    print_record(made)
    console.print(f"{made.test.errors} errors; record, weights, figures and card are in {out}", soft_wrap=True)
