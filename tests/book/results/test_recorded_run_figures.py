"""The figures of the recorded run: which digits they show, and that they are drawn as `plotting` draws today."""

import shutil

import numpy as np

from tensorbook.book.examples.example_parsers import TOLERANCE
from tensorbook.book.results.book_record import RESULTS, Record, measure_again
from tensorbook.book.results.light_and_dark_figures import picture_path, same_picture
from tensorbook.book.results.recorded_run_figures import RUN_FIGURES, most_confident_mistakes

AGAIN = "python -m tensorbook.book record --keep-training"


def test_mistakes_are_ordered_by_how_sure_the_network_was():
    probabilities = np.array([[0.7, 0.3], [0.1, 0.9], [0.6, 0.4], [0.5, 0.5]])
    assert most_confident_mistakes(probabilities, np.array([1, 0, 0, 1])).tolist() == [1, 0, 3]


def test_the_stored_figures_are_those_that_the_stored_weights_give_today(full_mnist, tmp_path):
    """They would otherwise keep, say, an old colour: `record --keep-training` draws them again."""
    record = Record.load(RESULTS)
    for name in (record.file, record.weights.file):
        shutil.copy(RESULTS / name, tmp_path)
    measure_again(full_mnist, tmp_path)
    for name in RUN_FIGURES:
        for scheme in ("light", "dark"):
            stored, today = (picture_path(folder, name, scheme).read_text("utf-8") for folder in (RESULTS, tmp_path))
            assert same_picture(stored, today, TOLERANCE), f"{name}: run `{AGAIN}`"
