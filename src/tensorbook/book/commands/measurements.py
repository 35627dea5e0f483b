"""The commands that measure something other than the book's record, from ``op-timings`` to ``learning``."""

from pathlib import Path
from typing import Annotated

import typer

from tensorbook.atomic_write import check_writable
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.compare_keras import ROUNDS
from tensorbook.cli.progress_bars import console, progress_bars
from tensorbook.cli.quiet_loading import load_data, quiet_import
from tensorbook.training_settings import BATCH_SIZE, CONVNET_EPOCHS, EPOCHS, SEED

Epochs = Annotated[int, typer.Option(min=1, help="Number of passes over the training images.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed for the weights and the order of the images.")]
Out = Annotated[Path, typer.Option(help="The results folder.")]


def op_timings(out: Out = RESULTS) -> None:
    """Time chapter 5's operations as loops, in NumPy and in Keras, and write the record."""
    check_writable(out)
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.results.op_timings import measure_op_timings
    for timing in measure_op_timings(out).timings:
        console.print(f"{timing.operation}: {timing.ratio:,.0f} times as long as NumPy")


def scratch(
    epochs: Epochs = EPOCHS,
    rounds: Annotated[int, typer.Option(min=1, help="How often to train each network.")] = ROUNDS,
    seed: Seed = SEED,
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


def convnet(epochs: Epochs = CONVNET_EPOCHS, seed: Seed = SEED, out: Out = RESULTS) -> None:
    """Train chapter 8's convolutional network, and record its errors and those of the stored network."""
    check_writable(out)
    data = load_data()
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.results.train_convnet import measure_convnet
    with progress_bars(epochs, len(data.train.labels), BATCH_SIZE) as progress:
        record = measure_convnet(data, out, epochs=epochs, seed=seed, progress=progress)
    console.print(
        f"test accuracy {record.accuracy:.4f} after {record.seconds:.0f} s: {record.errors} errors, "
        f"the first network {record.first_errors}, both {record.both_wrong}"
    )


def experiments(seed: Seed = SEED, out: Out = RESULTS) -> None:
    """Train chapter 2's network with one thing changed at a time, and record how each run ends."""
    check_writable(out)
    data = load_data()
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.results.experiments import measure_experiments
    measure_experiments(
        data,
        out,
        seed=seed,
        done=lambda one: console.print(f"{one.name}: training {one.training:.4f}, test {one.test:.4f}"),
    )


def disturbances(
    digits: Annotated[int, typer.Option(min=1, help="How many test digits to put on sheets.")] = 250,
    seed: Seed = SEED,
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


def handwriting(seed: Seed = SEED, out: Out = RESULTS) -> None:
    """Train chapter 9's handwriting network on MNIST and on synthetic digits, and write its record."""
    check_writable(out)
    data = load_data()
    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal
        from tensorbook.book.results.train_handwriting_network import EPOCHS, HELD_BACK, SYNTHETIC, measure_handwriting
    with progress_bars(EPOCHS, len(data.train.labels) - HELD_BACK + SYNTHETIC, BATCH_SIZE) as progress:
        record = measure_handwriting(data, out, seed=seed, progress=progress)
    console.print(
        f"test accuracy {record.accuracy:.4f}, {record.synthetic_accuracy:.4f} of synthetic digits, "
        f"temperature {record.temperature:.2f}, after {record.seconds:.0f} s",
        soft_wrap=True,
    )


def strangers(out: Out = RESULTS) -> None:
    """Measure how well the networks read 10,992 digits that 44 people drew with a pen, and write the record."""
    check_writable(out)
    from rich.progress import Progress

    from tensorbook.book.results.strangers_handwriting import measure_strangers

    with Progress(console=console) as bars:
        bar = bars.add_task("drawings", total=None)
        record = measure_strangers(
            load_data().test, out, progress=lambda done, of: bars.update(bar, completed=done, total=of)
        )
    for network in record.networks:
        console.print(
            f"{network.name}: {network.first_half.read:.4f} of the first half, {network.second_half.read:.4f} of the "
            f"second, {network.second_half.sure_and_wrong:.4f} wrong but sure; {network.mnist.read:.4f} of MNIST's",
            soft_wrap=True,
        )


def learning(out: Out = RESULTS) -> None:
    """Run each experiment of chapter 6's panel in a browser, and Keras on the same digits, and write the record."""
    check_writable(out)
    from tensorbook.book.results.panel_measurements import Run, measure_learning
    from tensorbook.book.site.pack_sample_digits import packed_digits
    from tensorbook.data import load_sample

    with quiet_import():
        import tensorbook.models  # noqa: F401  # TensorFlow, with its lines kept off the terminal

    def done(words: str, run: Run) -> None:
        blown = f", blown up at step {run.blown}" if run.blown else ""
        console.print(f"{words}, seed {run.seed}: test accuracy {run.test_accuracy:.3f}{blown}")

    record = measure_learning(load_sample(), packed_digits(), out, done=done)
    ours = record.experiments["chapter-2"].mean("test_accuracy")
    console.print(f"as in chapter 2: {ours:.4f} in the browser, {record.keras_mean:.4f} in Keras")
