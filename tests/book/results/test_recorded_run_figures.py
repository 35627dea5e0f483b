"""The figures of the recorded run: which digits they show."""

import numpy as np

from tensorbook.book.results.recorded_run_figures import most_confident_mistakes


def test_mistakes_are_ordered_by_how_sure_the_network_was():
    probabilities = np.array([[0.7, 0.3], [0.1, 0.9], [0.6, 0.4], [0.5, 0.5]])
    assert most_confident_mistakes(probabilities, np.array([1, 0, 0, 1])).tolist() == [1, 0, 3]
