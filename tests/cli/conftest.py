"""Commands that run in the tests' own process."""

import pytest

from tensorbook.cli import commands


@pytest.fixture(autouse=True)
def one_order(monkeypatch):
    """The number of times TensorFlow was made deterministic, which lasts until the process ends."""
    told = []
    monkeypatch.setattr(commands, "make_repeatable", lambda: told.append(True))
    return told
