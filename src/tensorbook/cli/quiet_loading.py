"""Load the data with one line for each warning, and TensorFlow without its messages."""

import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tensorbook.cli import interrupt
from tensorbook.cli.run_command import say
from tensorbook.errors import UserError

if TYPE_CHECKING:
    from tensorbook.data import Mnist

# With this variable, TensorFlow's C++ code prints nothing but fatal errors. It counts only before the import.
QUIET = ("TF_CPP_MIN_LOG_LEVEL", "3")


def load_data() -> "Mnist":
    """Load MNIST; print a warning as one plain line."""
    from tensorbook.data import load_mnist

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = load_mnist()
    for warning in caught:
        say(f"tensorbook: {warning.message}")
    return data


@contextlib.contextmanager
def quiet_import() -> Iterator[None]:
    """Hide TensorFlow's messages about drivers; show them if the import fails.

    C++ code writes these messages to file descriptor 2 before any of TensorFlow's settings apply.
    """
    os.environ.setdefault(*QUIET)
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as lines:
        os.dup2(lines.fileno(), 2)
        try:
            yield
            interrupt.check()
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, UserError)) or interrupt.came():
                raise  # only our own one-line message should follow
            lines.seek(0)
            os.write(kept, lines.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
