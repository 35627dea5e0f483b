"""The commands in the README print what it says."""

import re
import sys
from pathlib import Path

import pytest

from tensorbook.book.results.book_record import RESULTS, Record

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_s_prediction_is_what_the_command_prints(processes):
    [(arguments, printed)] = re.findall(r"(?m)^\$ tensorbook (predict .+)\n(.+)$", README)
    run = processes.run([sys.executable, "-m", "tensorbook", *arguments.split()], cwd=ROOT, check=True)
    assert run.stdout.strip() == printed


def test_the_readme_s_evaluation_is_the_record_s():
    shown = dict(re.findall(r"(?m)^│ (\S[\w ]+?) +│ +(\S+) +│$", README))
    test = Record.load(RESULTS).test
    assert float(shown["test accuracy"]) == pytest.approx(test.accuracy, abs=5e-5)
    assert float(shown["test loss"]) == pytest.approx(test.loss, abs=5e-5)
    assert (shown["test images"], shown["wrong"]) == (f"{test.images:,}", str(test.errors))


def test_the_readme_names_folders_and_files_that_exist():
    named = re.findall(r"`((?:docs|src|tests)/[\w/]*)`|\]\(((?!http)[\w/.-]+)\)", README)
    assert len(named) >= 6
    for folder, link in named:
        assert (ROOT / (folder or link)).exists(), folder or link
