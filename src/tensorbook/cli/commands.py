"""The commands for readers: ``train``, ``evaluate``, ``predict``, ``data fetch`` and ``data where``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from tensorbook import __version__
from tensorbook.cli.progress_bars import console, progress_bars
from tensorbook.cli.quiet_loading import load_data, quiet_import
from tensorbook.cli.run_command import warn
from tensorbook.errors import UsageError
from tensorbook.training_settings import BATCH_SIZE, EPOCHS, SEED

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from tensorbook.run_record import RunRecord

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
data_app = typer.Typer(no_args_is_help=True, help="Find or download MNIST.")
app.add_typer(data_app, name="data")

RUN_FOLDER = Path("tensorbook-run")
Chosen = Annotated[
    Path | None, typer.Option("--run", help="Use your own run in this folder instead of the book's network.")
]


@app.command()
def train(
    epochs: Annotated[int, typer.Option(min=1, help="Number of passes over the training images.")] = EPOCHS,
    batch_size: Annotated[int, typer.Option(min=1, help="Images per batch.")] = BATCH_SIZE,
    seed: Annotated[int, typer.Option(min=0, help="Seed for the weights and the order of the images.")] = SEED,
    out: Annotated[Path, typer.Option(help="The folder for the record, weights and pictures.")] = RUN_FOLDER,
    workers: Annotated[int, typer.Option(min=1, help="Number of processes that train together (chapter 10).")] = 1,
) -> None:
    """Train chapter 2's network and save its record, weights and pictures in a folder."""
    from tensorbook import training
    from tensorbook.atomic_write import check_writable
    from tensorbook.check_keras import check_keras
    from tensorbook.distributed import in_cluster
    from tensorbook.save_run import check_folder

    check_folder(out)
    check_writable(out)
    if workers > 1:
        from tensorbook.worker_processes import run_workers

        options = (f"--epochs={epochs}", f"--batch-size={batch_size}", f"--seed={seed}", f"--out={out}")
        run_workers(["train", *options], workers, out)
        return
    check_keras()
    one_of_several = in_cluster()
    settings = {"epochs": epochs, "batch_size": batch_size, "seed": seed}
    data, learn = load_data(), None
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its messages hidden
        from tensorbook.worker_processes import join_cluster, train_without_saving

        training.make_repeatable()
        if one_of_several:
            learn, is_first = join_cluster(out, data, **settings)
    if learn and not is_first:
        train_without_saving(learn, data)
        return
    with progress_bars(epochs, len(data.train.labels), batch_size) as progress:
        record = training.train(data, out, **settings, progress=progress, learn=learn)
    print_record(record)
    for line in (
        f"Trained for {record.run.seconds:.1f} s. The record, weights and pictures are in {out}",
        f"Look at {out / 'mistakes.png'}, or try the network on your own digit: tensorbook predict 7.png --run {out}",
    ):
        console.print(line, soft_wrap=True, markup=False, emoji=False)  # the folder may be called [red] or :house:


@app.command()
def evaluate(run: Chosen = None) -> None:
    """Evaluate the book's network on the test images, or compare your own network with its recorded results."""
    from tensorbook import evaluation
    from tensorbook.run_record import load_run
    from tensorbook.weights import trained_network

    record, network = load_run(run) if run else (None, trained_network())
    data = load_data()
    test, _ = evaluation.evaluate(network, data.test)
    table = Table("", "now", "record") if record else Table("", "now")
    shown = [test, record.test] if record else [test]
    table.add_row("test accuracy", *(f"{one.accuracy:.4f}" for one in shown))
    table.add_row("test loss", *(f"{one.loss:.4f}" for one in shown))
    table.add_row("test images", *(f"{one.images:,}" for one in shown))
    table.add_row("wrong", *(f"{one.errors:,}" for one in shown))
    console.print(table)


@app.command()
def predict(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Pictures of one digit each.")],
    run: Chosen = None,
    handwriting: Annotated[
        bool, typer.Option("--handwriting", help="Use the handwriting network from chapter 9.")
    ] = False,
) -> None:
    """Predict which digit each picture shows (any size, dark on light or light on dark)."""
    import numpy as np

    from tensorbook.data import DataError
    from tensorbook.drawings import load_drawing

    ask = _network(run, handwriting)
    unread = False
    for image in images:
        try:
            with quiet_import():  # hides libtiff's messages about damaged files
                digit = load_drawing(image)
        except DataError as error:
            unread = True
            warn(str(error))
            continue
        [probabilities] = ask(digit[np.newaxis])
        first, second = np.argsort(-probabilities)[:2]
        answer, runner_up = (f"{probabilities[k]:.3f}" for k in (first, second))
        following = f"; next {second}, {runner_up}" if float(runner_up) else ""  # 0.000 makes no second choice
        print(f"{image}: {first} (probability {answer}{following})")
    if unread:
        raise typer.Exit(2)


def _network(run: Path | None, handwriting: bool) -> "Callable[[np.ndarray], np.ndarray]":
    """Return a network's function that takes uint8 images and returns probabilities."""
    from tensorbook.data import prepare_images
    from tensorbook.handwriting_network import trained_handwriting_network
    from tensorbook.run_record import load_run
    from tensorbook.weights import trained_network

    if run and handwriting:
        raise UsageError("--run and --handwriting select different networks: use only one of them.")
    if handwriting:
        return trained_handwriting_network().predict
    network = load_run(run)[1] if run else trained_network()
    return lambda images: network.predict(prepare_images(images))


def print_record(record: "RunRecord") -> None:
    """Show a run as a table with a row for each epoch and a row for the test images."""
    table = Table("epoch", "loss", "accuracy")
    for epoch, (loss, accuracy) in enumerate(zip(record.history.loss, record.history.accuracy, strict=True), start=1):
        table.add_row(str(epoch), f"{loss:.4f}", f"{accuracy:.4f}")
    table.add_section()
    table.add_row("test", f"{record.test.loss:.4f}", f"{record.test.accuracy:.4f}")
    console.print(table)


@data_app.command("fetch")
def fetch_mnist() -> None:
    """Download MNIST into Keras's cache, unless it is already there."""
    from tensorbook.data import fetch

    print(fetch())


@data_app.command("where")
def say_where() -> None:
    """Show which copy of MNIST would be used now."""
    from tensorbook.data import find_mnist

    print(find_mnist())


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Train and evaluate the book's network, and let it read your digits."""
    if version:
        print(__version__)
        raise typer.Exit
