"""Commands that run in the tests' own process."""

import pytest

from tensorbook import training


@pytest.fixture(autouse=True)
def one_order(monkeypatch):
    """The number of times TensorFlow was made deterministic, which lasts until the process ends."""
    told = []
    monkeypatch.setattr(training, "make_repeatable", lambda: told.append(True))
    return told
