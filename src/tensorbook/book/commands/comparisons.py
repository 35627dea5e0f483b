"""The commands of the later chapters: ``scratch`` and ``convnet``."""

from pathlib import Path
from typing import Annotated

import typer

from tensorbook.atomic_write import check_writable
from tensorbook.book.results.book_record import RESULTS
from tensorbook.cli.terminal import console, load_data, progress_bars, quiet_import

Epochs = Annotated[int, typer.Option(min=1, help="Number of passes over the training images.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the weights and the order of the images.")]
Out = Annotated[Path, typer.Option(help="The results folder.")]


def scratch(
    epochs: Epochs = 5,
    rounds: Annotated[int, typer.Option(min=1, help="Number of trainings of each network.")] = 3,
    seed: Seed = 0,
    out: Out = RESULTS,
) -> None:
    """Train chapter 7's engine and Keras in turn, and record the accuracy and seconds of each."""
    check_writable(out)
    data = load_data()
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.results.compare_keras import measure_scratch
    record = measure_scratch(
        data,
        out,
        epochs=epochs,
        rounds=rounds,
        seed=seed,
        done=lambda name, seconds: console.print(f"{name}: {seconds:.1f} s"),
    )
    console.print(
        f"NumPy {record.numpy:.1f} s, Keras {record.keras:.1f} s, ratio {record.ratio:.2f}; "
        f"test accuracy {record.accuracy:.4f} and {record.keras_accuracy:.4f}"
    )


def convnet(epochs: Epochs = 8, seed: Seed = 0, out: Out = RESULTS) -> None:
    """Train chapter 8's convolutional network, and record its errors and those of the stored network."""
    check_writable(out)
    data = load_data()
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.results.compare_convnet import measure_convnet
        from tensorbook.runs import BATCH_SIZE
    with progress_bars(epochs, len(data.train.labels), BATCH_SIZE) as progress:
        record = measure_convnet(data, out, epochs=epochs, seed=seed, progress=progress)
    console.print(
        f"test accuracy {record.accuracy:.4f} after {record.seconds:.0f} s: {record.errors} errors, "
        f"the first network {record.first_errors}, both {record.both_wrong}"
    )


def disturbances(
    digits: Annotated[int, typer.Option(min=1, help="How many test digits to put on sheets.")] = 250,
    seed: Seed = 0,
    out: Out = RESULTS,
) -> None:
    """Measure how well the stored network reads sheets with dust, noise or uneven light, and write the record."""
    check_writable(out)
    from tensorbook.book.results.disturbances import measure_disturbances

    measure_disturbances(
        load_data().test,
        out,
        digits=digits,
        seed=seed,
        done=lambda one: console.print(f"{one.name}: {one.with_steps:.3f}, before {one.without_steps:.3f}"),
    )
