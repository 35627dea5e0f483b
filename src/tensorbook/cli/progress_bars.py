"""The progress bars of a training run: one for each epoch, with loss and accuracy."""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console

from tensorbook.cli import interrupt

console = Console()
BARS = 20  # progress bars shown at once


@contextlib.contextmanager
def progress_bars(epochs: int, images: int, batch_size: int) -> Iterator[Callable[[int, int, dict[str, float]], None]]:
    """Show the bars, and provide the function that updates them."""
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
