"""Several processes run the whole suite; their counts and updates are collected in the first."""

import json

import pytest

from tensorbook.book import pytest_plugin

WRONG = "```pycon\n>>> 1 + 1\n3\n```\n"
RIGHT = "```pycon\n>>> 1 + 2\n3\n```\n"
TWO = ("-p", "xdist", "-n", "2")


@pytest.mark.parametrize(("arguments", "workers"), [([], 3), (["tests/test_ops.py"], 0), (["docs", "src", "tests"], 0)])
def test_only_a_run_of_everything_is_split(arguments, workers, monkeypatch, pytestconfig):
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    source = pytest.Config.ArgsSource.ARGS if arguments else pytest.Config.ArgsSource.TESTPATHS
    monkeypatch.setattr(pytestconfig, "args_source", source)
    assert pytest_plugin.pytest_xdist_auto_num_workers(pytestconfig) == workers


def test_a_part_that_is_named_is_run_in_the_process_that_was_started(book, monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    result, _ = book(RIGHT, "-n", "auto", "docs")
    assert "bringing up nodes" not in result.stdout
    assert "1 passed" in result.stdout


def test_on_one_core_nothing_is_split(monkeypatch, pytestconfig):
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr(pytestconfig, "args_source", pytest.Config.ArgsSource.TESTPATHS)
    assert pytest_plugin.pytest_xdist_auto_num_workers(pytestconfig) == 0


@pytest.mark.usefixtures("full_mnist")
def test_two_processes_update_two_pages_and_count_their_examples(book, figures):
    other = figures.parents[1] / "other.md"
    other.write_text(WRONG)
    result, text = book(WRONG + RIGHT, "--update-docs", *TWO)
    assert result.returncode == 0, result.stdout
    assert text == WRONG.replace("3", "2") + RIGHT
    assert other.read_text() == WRONG.replace("3", "2")
    assert "updated docs/other.md" in result.stdout
    noted = json.loads((figures.parent / "pages.json").read_text())
    assert {page: run["examples"] for page, run in noted.items()} == {"other": 1, "page": 2}


def test_tests_of_one_file_and_those_of_the_site_share_a_process(book, figures, monkeypatch):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    tests = figures.parents[2] / "tests"
    code = "import os, pathlib\n\n\ndef test_a():\n    pathlib.Path(__file__ + '.pid').write_text(str(os.getpid()))\n"
    for name in ("site/test_a.py", "site/test_b.py", "site/live/test_c.py", "test_d.py", "test_e.py"):
        (tests / name).parent.mkdir(parents=True, exist_ok=True)
        (tests / name).write_text(code)
    result, _ = book(RIGHT, *TWO, "docs", "tests", "--import-mode=importlib")
    assert "6 passed" in result.stdout
    pids = {path.name: path.read_text() for path in tests.rglob("*.pid")}
    assert len({pid for name, pid in pids.items() if name[5] in "abc"}) == 1
    assert len(set(pids.values())) == 2


@pytest.mark.parametrize(("variable", "status"), [("", 0), ("1", 1)])
def test_a_skipped_block_is_a_failure_in_another_process_too(book, monkeypatch, variable, status):
    monkeypatch.setenv("TENSORBOOK_MNIST", "sample")
    monkeypatch.setenv("TENSORBOOK_NO_SKIPS", variable)
    page = f'<!-- skip: start if(sample, reason="full MNIST") -->\n\n{WRONG}\n<!-- skip: end -->\n\n{RIGHT}'
    result, _ = book(page, *TWO)
    assert result.returncode == status, result.stdout
