"""``tensorbook train``: a run, and what it leaves in the results folder: record, weights and figures."""

import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tensorbook.book.card import CARD_FILE, draw_card
from tensorbook.book.figures import draw_run_figures
from tensorbook.book.pictures import draw_pair, picture_path
from tensorbook.runs import RECORD_FILE, Data, Record, Speed, Weights, sha256_of
from tensorbook.book.running import BATCH_SIZE, EPOCHS, SEED, Learn, Progress, Trained, train_and_test
from tensorbook.book.op_timings import measure_speeds
from tensorbook.weights import WEIGHTS_FILE, dump_weights, restore_network
from tensorbook.atomic_write import staged
from tensorbook.data import Mnist, fingerprint, identify, prepare_images

VERSIONS_OF = ("tensorbook", "tensorflow", "keras", "numpy", "matplotlib")


def train(
    data: Mnist,
    out: Path,
    *,
    epochs: int = EPOCHS,
    batch_size: int = BATCH_SIZE,
    seed: int = SEED,
    progress: Progress | None = None,
    learn: Learn | None = None,
) -> Record:
    """Train the network of chapter 2, measure it on the test images, and write the results.

    Everything is written beside the old results and takes their place at the end, in one step: a run that is
    interrupted or killed, wherever it was, leaves the earlier results whole (see ``tensorbook.atomic_write``).

    Args:
        data: The digits to train and to test on.
        out: The results folder; it is made if it is not there.
        epochs: How often the training images are gone through, at least 1.
        batch_size: How many images make a batch, at least 1.
        seed: What the weights and the order of the images are drawn from, 0 or more.
        progress: Called after each batch.
        learn: What trains the network in place of Keras's ``fit``, as one of several workers.

    Returns:
        The record that was written.

    Raises:
        ValueError: ``epochs`` or ``batch_size`` is below 1, or ``seed`` below 0.
        OSError: The folder can't be written to.
    """
    with staged(out) as stage:  # fails now, not after the training
        trained = train_and_test(data, epochs=epochs, batch_size=batch_size, seed=seed, progress=progress, learn=learn)
        return _write(stage, data, trained, measure_speeds())


def _write(stage: Path, data: Mnist, trained: Trained, speeds: list[Speed]) -> Record:
    """Write weights, figures and the record that names them into an empty folder."""
    weights = stage / WEIGHTS_FILE
    weights.write_bytes(dump_weights(trained.network))
    rounded = restore_network(weights).predict(prepare_images(data.test.images), verbose=0)
    record = Record(
        run=trained.run,
        data=Data(identify(data), fingerprint(data), len(data.train.labels), len(data.test.labels)),
        history=trained.history,
        test=trained.test,
        weights=Weights(
            file=WEIGHTS_FILE,
            dtype="float16",
            parameters=trained.network.count_params(),
            bytes=weights.stat().st_size,
            other_class=int(np.sum(rounded.argmax(axis=1) != trained.probabilities.argmax(axis=1))),
        ),
        speeds=speeds,
        versions={"python": platform.python_version(), **{name: version(name) for name in VERSIONS_OF}},
    )
    (stage / "figures").mkdir()
    figures = draw_run_figures(record, data.test, trained.probabilities, trained.network.get_weights()[0])
    for name, figure in figures.items():
        for scheme, svg in draw_pair(figure).items():
            picture_path(stage, name, scheme).write_text(svg, encoding="utf-8")
    (stage / CARD_FILE).write_bytes(draw_card(record, data.test))
    for path in sorted(path for path in stage.rglob("*") if path.is_file()):
        record.files[path.relative_to(stage).as_posix()] = sha256_of(path.read_bytes())
    (stage / RECORD_FILE).write_text(record.dumps(), encoding="utf-8")
    return record
