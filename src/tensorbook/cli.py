"""The command line: ``tensorbook train``, ``evaluate``, ``predict`` and ``data``."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tensorbook import __version__
from tensorbook.book.record import RESULTS, Record
from tensorbook.data import DataError, Mnist, fetch, load_mnist, where

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
data_app = typer.Typer(no_args_is_help=True, help="Where MNIST comes from, and fetching it.")
app.add_typer(data_app, name="data")
console = Console()

Results = Annotated[Path, typer.Option(help="The folder that `train` wrote.")]


def main() -> None:
    """Run the command line; a bad input is one line on stderr and exit status 2."""
    try:
        app()
    except (DataError, ValueError, OSError) as error:
        message = " ".join(str(error).split())
        print(f"tensorbook: {message}", file=sys.stderr)
        sys.exit(2)


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """A first book of neural networks that runs: train its network, evaluate it, ask it."""
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def train(
    epochs: Annotated[int, typer.Option(min=1, help="How often to go through the training images.")] = 5,
    batch_size: Annotated[int, typer.Option(min=1, help="How many images make a batch.")] = 128,
    seed: Annotated[int, typer.Option(min=0, help="What weights and order are drawn from.")] = 0,
    out: Annotated[Path, typer.Option(help="The folder for record, weights and figures.")] = RESULTS,
) -> None:
    """Train the network of chapter 2 and write its record, its weights and its figures."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    data = _data()
    with _quiet_import():
        from tensorbook.book import training

        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
    batches = -(-len(data.train.labels) // batch_size)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[figures]}"), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=console) as bars:
        tasks = [
            bars.add_task(f"epoch {epoch} of {epochs}", total=batches, start=False, figures="")
            for epoch in range(1, epochs + 1)
        ]

        def progress(epoch: int, done: int, logs: dict[str, float]) -> None:
            if done == 1:
                bars.start_task(tasks[epoch])
            figures = f"loss {logs['loss']:.4f}, accuracy {logs['accuracy']:.4f}"
            bars.update(tasks[epoch], completed=done, figures=figures)

        record = training.train(
            data, out, epochs=epochs, batch_size=batch_size, seed=seed, progress=progress
        )
    _print_record(record, out)


@app.command()
def evaluate(results: Results = RESULTS) -> None:
    """Evaluate the stored network on the test images, beside what its record says."""
    record = Record.load(results)
    data = _data()
    with _quiet_import():
        from tensorbook.book.weights import restore_network
        from tensorbook.data import one_hot, prepare_images

        network = restore_network(results / record.weights.file)
    loss, accuracy = network.evaluate(prepare_images(data.test.images), one_hot(data.test.labels), verbose=0)
    table = Table("", "now", "record")
    table.add_row("test accuracy", f"{accuracy:.4f}", f"{record.test.accuracy:.4f}")
    table.add_row("test loss", f"{loss:.4f}", f"{record.test.loss:.4f}")
    table.add_row("test images", f"{len(data.test.labels):,}", f"{record.test.images:,}")
    console.print(table)


@app.command()
def predict(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Pictures of one digit each.")],
    results: Results = RESULTS,
) -> None:
    """Say which digit each picture shows: any size, dark on light or light on dark."""
    import numpy as np

    from tensorbook.drawings import load_drawing

    drawings = np.stack([load_drawing(image) for image in images])
    record = Record.load(results)
    with _quiet_import():
        from tensorbook.book.weights import restore_network
        from tensorbook.data import prepare_images

        network = restore_network(results / record.weights.file)
    for image, probabilities in zip(images, network.predict(prepare_images(drawings), verbose=0), strict=True):
        first, second = np.argsort(-probabilities)[:2]
        print(
            f"{image}: {first} (probability {probabilities[first]:.3f}; next {second}, {probabilities[second]:.3f})"
        )


@data_app.command("fetch")
def data_fetch() -> None:
    """Download MNIST into Keras's cache, unless it is there."""
    print(fetch())


@data_app.command("where")
def data_where() -> None:
    """Say where MNIST would be taken from now."""
    print(where())


def _data() -> Mnist:
    """Load MNIST; a warning is a line for a person, not Python's."""
    import warnings

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = load_mnist()
    for warning in caught:
        print(f"tensorbook: {warning.message}", file=sys.stderr)
    return data


def _print_record(record: Record, out: Path) -> None:
    table = Table("epoch", "loss", "accuracy")
    for epoch, (loss, accuracy) in enumerate(zip(record.history.loss, record.history.accuracy, strict=True), start=1):
        table.add_row(str(epoch), f"{loss:.4f}", f"{accuracy:.4f}")
    table.add_section()
    table.add_row("test", f"{record.test.loss:.4f}", f"{record.test.accuracy:.4f}")
    console.print(table)
    console.print(f"{record.run.seconds:.1f} s of training; record, weights and figures are in {out}")


@contextlib.contextmanager
def _quiet_import() -> Iterator[None]:
    """Keep TensorFlow's lines about drivers off the terminal; show them all if the import fails.

    They are written by C++ to file descriptor 2 before any setting of TensorFlow's applies.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as lines:
        os.dup2(lines.fileno(), 2)
        try:
            yield
        except BaseException:
            lines.seek(0)
            os.write(kept, lines.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
