import os

import pytest

from tensorbook.data import DataError, load_mnist


@pytest.fixture(scope="session")
def full_mnist():
    """All 70,000 digits, where they can be had."""
    if os.environ.get("TENSORBOOK_MNIST") == "sample":
        pytest.skip("needs full MNIST; this run has the sample")
    try:
        return load_mnist()
    except DataError as error:
        pytest.skip(f"needs full MNIST: {error}")
