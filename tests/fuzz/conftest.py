"""Stand-ins for MNIST and for the weights, for one test."""

import pytest

from fuzz.harness import make_small
from tensorbook import drawings, weights
from tensorbook.data import checksums

collect_ignore = ["with_atheris.py"]  # a script; it needs Atheris


@pytest.fixture
def small(monkeypatch):
    """Let small arrays pass for MNIST and for the weights, in one test."""
    for module, name in ((checksums, "MNIST"), (weights, "SHAPES"), (drawings, "MAX_PIXELS")):
        monkeypatch.setattr(module, name, getattr(module, name))
    make_small()
