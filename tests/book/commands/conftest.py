"""Commands, run in the process of the tests."""

import pytest

from tensorbook.book.commands import checks


@pytest.fixture(autouse=True)
def one_order(monkeypatch):
    """How often TensorFlow was told to keep to one order, which it does to the end of the process."""
    told = []
    monkeypatch.setattr(checks, "make_repeatable", lambda: told.append(True))
    return told
