"""The commands about the network of chapter 2: ``train``, ``evaluate``, ``predict``."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tensorbook.runs import RESULTS, Record
from tensorbook.cli.terminal import Results, console, load_data, progress_bars, quiet_import, repeatable


def train(
    epochs: Annotated[int, typer.Option(min=1, help="How often to go through the training images.")] = 5,
    batch_size: Annotated[int, typer.Option(min=1, help="How many images make a batch.")] = 128,
    seed: Annotated[int, typer.Option(min=0, help="What weights and order are drawn from.")] = 0,
    out: Annotated[Path, typer.Option(help="The folder for record, weights and figures.")] = RESULTS,
    workers: Annotated[int, typer.Option(min=1, help="How many processes learn together (chapter 10).")] = 1,
) -> None:
    """Train the network of chapter 2 and write its record, its weights and its figures."""
    if workers > 1:
        from tensorbook.workers import run_workers

        options = (f"--epochs={epochs}", f"--batch-size={batch_size}", f"--seed={seed}", f"--out={out}")
        run_workers(["train", *options], workers)
        return
    settings = {"epochs": epochs, "batch_size": batch_size, "seed": seed}
    data, learn = load_data(), None
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book import training
        from tensorbook.workers import join, work_along

        repeatable()
        if os.environ.get("TF_CONFIG"):  # this process is one of several
            learn, is_first = join(out, data, **settings)
    if learn and not is_first:
        work_along(learn, data)
        return
    with progress_bars(epochs, len(data.train.labels), batch_size) as progress:
        record = training.train(data, out, **settings, progress=progress, learn=learn)
    _print_record(record, out)


def evaluate(results: Results = RESULTS) -> None:
    """Evaluate the stored network on the test images, beside what its record says."""
    record = Record.load(results)
    data = load_data()
    with quiet_import():
        from tensorbook.weights import restore_network
        from tensorbook.data import one_hot, prepare_images

        network = restore_network(record.weights_in(results))
    loss, accuracy = network.evaluate(prepare_images(data.test.images), one_hot(data.test.labels), verbose=0)
    table = Table("", "now", "record")
    table.add_row("test accuracy", f"{accuracy:.4f}", f"{record.test.accuracy:.4f}")
    table.add_row("test loss", f"{loss:.4f}", f"{record.test.loss:.4f}")
    table.add_row("test images", f"{len(data.test.labels):,}", f"{record.test.images:,}")
    console.print(table)


def predict(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Pictures of one digit each.")],
    results: Results = RESULTS,
) -> None:
    """Say which digit each picture shows: any size, dark on light or light on dark."""
    import numpy as np

    from tensorbook.drawings import load_drawing

    with quiet_import():  # what libtiff writes of damaged files, too
        drawings = np.stack([load_drawing(image) for image in images])
    record = Record.load(results)
    with quiet_import():
        from tensorbook.weights import restore_network
        from tensorbook.data import prepare_images

        network = restore_network(record.weights_in(results))
    for image, probabilities in zip(images, network.predict(prepare_images(drawings), verbose=0), strict=True):
        first, second = np.argsort(-probabilities)[:2]
        print(f"{image}: {first} (probability {probabilities[first]:.3f}; next {second}, {probabilities[second]:.3f})")


def _print_record(record: Record, out: Path) -> None:
    table = Table("epoch", "loss", "accuracy")
    for epoch, (loss, accuracy) in enumerate(zip(record.history.loss, record.history.accuracy, strict=True), start=1):
        table.add_row(str(epoch), f"{loss:.4f}", f"{accuracy:.4f}")
    table.add_section()
    table.add_row("test", f"{record.test.loss:.4f}", f"{record.test.accuracy:.4f}")
    console.print(table)
    console.print(f"{record.run.seconds:.1f} s of training; record, weights and figures are in {out}")
