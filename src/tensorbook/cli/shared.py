"""Shared by all commands: load the data, show progress bars, and keep TensorFlow's import quiet."""

import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from tensorbook.cli import interrupt
from tensorbook.cli.streams import say
from tensorbook.errors import UserError
from tensorbook.keras_settings import QUIET

if TYPE_CHECKING:
    from tensorbook.data import Mnist

console = Console()
BARS = 20  # progress bars shown at once


def load_data() -> "Mnist":
    """Load MNIST; print a warning as one plain line."""
    from tensorbook.data import load_mnist

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = load_mnist()
    for warning in caught:
        say(f"tensorbook: {warning.message}")
    return data


@contextlib.contextmanager
def progress_bars(epochs: int, images: int, batch_size: int) -> Iterator[Callable[[int, int, dict[str, float]], None]]:
    """Show a progress bar for each epoch, with loss and accuracy, and provide the function that updates it."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    tasks: dict[int, TaskID] = {}
    texts = (TextColumn("{task.description}"), TextColumn("{task.fields[figures]}"))
    with Progress(
        texts[0], BarColumn(), MofNCompleteColumn(), texts[1], TimeRemainingColumn(), console=console
    ) as bars:
        steps = -(-images // batch_size)

        def progress(epoch: int, done: int, logs: dict[str, float]) -> None:
            interrupt.check()
            if epoch not in tasks:  # a resumed training does not start with the first epoch
                tasks[epoch] = bars.add_task(f"epoch {epoch + 1} of {epochs}", total=steps, figures="")
                if epoch - BARS in tasks:  # drawing a thousand bars would take longer than the training
                    bars.remove_task(tasks.pop(epoch - BARS))
            figures = f"loss {logs['loss']:.4f}, accuracy {logs['accuracy']:.4f}"
            bars.update(tasks[epoch], completed=done, figures=figures)

        yield progress


@contextlib.contextmanager
def quiet_import() -> Iterator[None]:
    """Hide TensorFlow's messages about drivers; show them if the import fails.

    C++ code writes these messages to file descriptor 2 before any of TensorFlow's settings apply.
    """
    os.environ.setdefault(*QUIET)
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as lines:
        os.dup2(lines.fileno(), 2)
        try:
            yield
            interrupt.check()
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, UserError)) or interrupt.came():
                raise  # only our own one-line message should follow
            lines.seek(0)
            os.write(kept, lines.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
