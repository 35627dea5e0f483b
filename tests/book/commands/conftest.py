"""Commands that run in the tests' own process."""

import pytest

from tensorbook.book.commands import checks


@pytest.fixture(autouse=True)
def one_order(monkeypatch):
    """The number of times TensorFlow was made deterministic, which lasts until the process ends."""
    told = []
    monkeypatch.setattr(checks, "make_repeatable", lambda: told.append(True))
    return told
