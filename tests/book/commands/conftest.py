"""Commands that run in the tests' own process."""

import pytest

from tensorbook.book.commands import check_and_seeds


@pytest.fixture(autouse=True)
def one_order(monkeypatch):
    """The number of times TensorFlow was made deterministic, which lasts until the process ends."""
    told = []
    monkeypatch.setattr(check_and_seeds, "make_repeatable", lambda: told.append(True))
    return told
