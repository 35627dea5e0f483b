"""What a reader installs: the wheel includes the trained network, which works without Keras and without a checkout."""

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "docs/results/weights.safetensors"
# Modules that may be missing, or that take seconds to import: for each, there is a trap that ends the process.
TRAPS = ("tensorflow", "keras", "matplotlib", "mkdocs", "sybil", "pytest")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the unpacked wheel, without the code that makes the book, and a folder of traps."""
    added_files = pytest.importorskip("tensorbook.book.site.downloads", reason="the docs extra builds wheels")
    folder, traps = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("traps")
    name, content = added_files.build_wheel(ROOT)
    (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / name) as wheel:
        wheel.extractall(folder)
    shutil.rmtree(folder / "tensorbook/book")
    for name in TRAPS:
        (traps / f"{name}.py").write_text(f"raise SystemExit('{name} was imported')\n")
    return folder, traps


@pytest.fixture
def ask(installed, processes, tmp_path):
    """Run `tensorbook` from the wheel, in an empty folder."""

    def run(*arguments):
        code = f"import tensorbook.cli.run_command as c; assert c.__file__.startswith({str(installed[0])!r}); c.main()"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, installed)), "TENSORBOOK_MNIST": "sample"}
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return processes.run(command, cwd=tmp_path, env=environment, check=True).stdout

    return run


def test_the_wheel_carries_the_weights_of_the_record(installed):
    for name in ("weights.safetensors", "handwriting-network.safetensors"):
        assert (installed[0] / "tensorbook" / name).read_bytes() == WEIGHTS.with_name(name).read_bytes()


def test_predict_answers_with_nothing_trained_and_no_tensorflow(ask, installed, tmp_path):
    shutil.copy(installed[0] / "tensorbook/example_drawing.png", tmp_path / "3.png")
    assert ask("predict", "3.png") == "3.png: 3 (probability 1.000)\n"


def test_evaluate_measures_with_no_tensorflow(ask):
    [accuracy] = re.findall(r"test accuracy\D+([\d.]+)", ask("evaluate"))
    assert 0.97 < float(accuracy) < 1
