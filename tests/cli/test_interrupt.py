"""Ctrl-C at any moment: one line, status 130, and no new folder is left."""

import os
import signal
import sys
import textwrap

import pytest

from tensorbook.cli import interrupt
from tensorbook.cli.run_command import main

# A process started in the background may ignore Ctrl-C.
START = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from tensorbook.cli.run_command import main
"""
# Ctrl-C during the search for a module.
WHILE_IMPORTING = """
class Press:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["PRESS_AT"]:
            sys.meta_path.remove(self)
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Press())
main()
"""


@pytest.fixture
def tensorbook(processes, tmp_path):
    """Run the command line after some other code, in an empty folder, on the sample."""

    def run(code, *arguments, **variables):
        environment = {**os.environ, "TENSORBOOK_MNIST": "sample", "NO_COLOR": "1", **variables}
        return processes.run(
            [sys.executable, "-c", START + textwrap.dedent(code), *arguments], cwd=tmp_path, env=environment
        )

    return run


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("typer", ["--help"]),
        ("tensorbook.cli.commands", ["--help"]),
        ("rich.table", ["train"]),
        ("numpy", ["predict", "digit.png"]),
        ("numpy.linalg", ["data", "where"]),
        ("tensorflow", ["train"]),
        ("tensorflow.python.client", ["train", "--out", "deep/new"]),
    ],
)
def test_while_a_module_is_imported(tensorbook, tmp_path, module, arguments):
    done = tensorbook(WHILE_IMPORTING, *arguments, PRESS_AT=module)
    assert done.returncode == 130, done.stderr
    [line] = [line for line in done.stderr.splitlines() if "sample" not in line]
    assert line == "tensorbook: interrupted"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "what",
    [
        "raise RuntimeError('what a library makes of it')",
        "raise SystemError",
        "pass  # dropped",
        "raise SystemExit(1)",
    ],
)
def test_what_others_make_of_it_is_still_a_ctrl_c(tensorbook, what):
    """An extension module may turn an exception into a different one, or lose it."""
    code = f"""
        import tensorbook.data
        def where():
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                {what}
        tensorbook.data.find_mnist = where
        main()
        """
    done = tensorbook(code, "data", "where")
    assert (done.returncode, done.stderr) == (130, "tensorbook: interrupted\n")


def test_where_it_cannot_be_raised_it_is_no_traceback_either(tensorbook):
    code = """
        import tensorbook.data
        class Late:
            def __del__(self):
                signal.raise_signal(signal.SIGINT)
        def where():
            late = Late()
            del late
        tensorbook.data.find_mnist = where
        main()
        """
    done = tensorbook(code, "data", "where")
    assert (done.returncode, done.stderr) == (130, "tensorbook: interrupted\n")


def test_a_second_one_while_the_process_ends_says_nothing_more(tensorbook):
    code = """
        import atexit, tensorbook.data
        tensorbook.data.find_mnist = lambda: signal.raise_signal(signal.SIGINT)
        atexit.register(lambda: signal.raise_signal(signal.SIGINT))
        main()
        """
    done = tensorbook(code, "data", "where")
    assert (done.returncode, done.stderr) == (130, "tensorbook: interrupted\n")


def test_a_process_that_ignores_it_goes_on(tensorbook):
    code = """
        import tensorbook.data
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        tensorbook.data.find_mnist = lambda: signal.raise_signal(signal.SIGINT) or "here"
        main()
        """
    done = tensorbook(code, "data", "where")
    assert (done.returncode, done.stdout, done.stderr) == (0, "here\n", "")


def test_after_a_command_ctrl_c_is_python_s_again(command):
    before = signal.getsignal(signal.SIGINT), sys.unraisablehook
    assert command("--version")[0] == 0
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == before
    assert not interrupt.came()
    assert main.__module__ == "tensorbook.cli.run_command"
