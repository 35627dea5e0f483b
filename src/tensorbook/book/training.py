"""The run: train chapter 2's network, measure it, and leave record, weights and figures in the results folder."""

import os
import platform
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tensorbook.book.record import RECORD_FILE, Data, History, Record, Run, Speed, Test, Weights, sha256_of
from tensorbook.data import Mnist, fingerprint, identify, one_hot, prepare_images

if TYPE_CHECKING:
    import keras

SEED = 0
EPOCHS = 5
BATCH_SIZE = 128
VERSIONS_OF = ("tensorbook", "tensorflow", "keras", "numpy", "matplotlib")

Progress = Callable[[int, int, dict[str, float]], None]


def train(
    data: Mnist,
    out: Path,
    *,
    epochs: int = EPOCHS,
    batch_size: int = BATCH_SIZE,
    seed: int = SEED,
    progress: Progress | None = None,
    speeds: bool = True,
) -> Record:
    """Train the network of chapter 2, measure it on the test images, and write the results.

    Everything is written beside the folder first and moved into it file by file at the end, the record last: an
    interrupted run leaves the earlier results as they were.

    Args:
        data: The digits to train and to test on.
        out: The results folder; it is made if it is not there.
        epochs: How often the training images are gone through, at least 1.
        batch_size: How many images make a batch, at least 1.
        seed: What the weights and the order of the images are drawn from.
        progress: Called after each batch with the epoch (from 0), the batches done in it, and loss and accuracy
            so far.
        speeds: Whether chapter 5's operations are timed as well.

    Returns:
        The record that was written.

    Raises:
        ValueError: ``epochs`` or ``batch_size`` is below 1.
        OSError: The folder can't be written to.
    """
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    import keras

    from tensorbook.book.figures import draw_run_figures
    from tensorbook.book.pictures import draw_pair, picture_path
    from tensorbook.book.speeds import measure_speeds
    from tensorbook.book.weights import WEIGHTS_FILE, dump_weights, restore_network
    from tensorbook.models import build_network

    out.mkdir(parents=True, exist_ok=True)
    train_images, train_labels = prepare_images(data.train.images), one_hot(data.train.labels)
    test_images, test_labels = prepare_images(data.test.images), one_hot(data.test.labels)

    keras.utils.set_random_seed(seed)
    network = build_network()
    callbacks = [_progress_callback(progress)] if progress else []
    start = time.perf_counter()
    history = network.fit(
        train_images, train_labels, epochs=epochs, batch_size=batch_size, verbose=0, callbacks=callbacks
    ).history
    seconds = time.perf_counter() - start
    loss, accuracy = network.evaluate(test_images, test_labels, verbose=0)
    probabilities = network.predict(test_images, verbose=0)

    with tempfile.TemporaryDirectory(dir=out, prefix=".new-") as staging:
        stage = Path(staging)
        (stage / "figures").mkdir()
        weights_path = stage / WEIGHTS_FILE
        weights_path.write_bytes(dump_weights(network))
        stored = restore_network(weights_path).predict(test_images, verbose=0)
        record = Record(
            run=Run(seed, epochs, batch_size, seconds),
            data=Data(identify(data), fingerprint(data), len(data.train.labels), len(data.test.labels)),
            history=History(history["loss"], history["accuracy"]),
            test=Test(loss, accuracy, confusion_matrix(data.test.labels, probabilities.argmax(axis=1)).tolist()),
            weights=Weights(
                file=WEIGHTS_FILE,
                dtype="float16",
                parameters=network.count_params(),
                bytes=weights_path.stat().st_size,
                other_class=int(np.sum(stored.argmax(axis=1) != probabilities.argmax(axis=1))),
            ),
            speeds=measure_speeds() if speeds else _earlier_speeds(out),
            versions={"python": platform.python_version(), **{name: version(name) for name in VERSIONS_OF}},
        )
        for name, figure in draw_run_figures(record, data.test, probabilities).items():
            for scheme, svg in draw_pair(figure).items():
                picture_path(stage, name, scheme).write_text(svg, encoding="utf-8")
        written = sorted(path.relative_to(stage) for path in stage.rglob("*") if path.is_file())
        record.files.update({path.as_posix(): sha256_of((stage / path).read_bytes()) for path in written})
        (stage / RECORD_FILE).write_text(record.dumps(), encoding="utf-8")
        (out / "figures").mkdir(exist_ok=True)
        for path in [*written, Path(RECORD_FILE)]:
            os.replace(stage / path, out / path)
    return record


def _earlier_speeds(out: Path) -> list[Speed]:
    return Record.load(out).speeds if (out / RECORD_FILE).exists() else []


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int = 10) -> np.ndarray:
    """Count how often each true class was given each predicted class.

    Args:
        labels: True classes, integers of shape ``(n,)``, 0 to ``classes - 1``.
        predicted: Predicted classes, of the same shape and range.
        classes: How many classes there are.

    Returns:
        int64 array of shape ``(classes, classes)``: rows are true classes, columns predicted ones.

    Examples:
        >>> import numpy as np
        >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 1, 0]), classes=2)
        array([[1, 0],
               [1, 1]])
    """
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def _progress_callback(progress: Progress) -> "keras.callbacks.Callback":
    import keras

    class Report(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002  # Keras's own signature
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
            progress(self.epoch, batch + 1, logs or {})

    return Report()
