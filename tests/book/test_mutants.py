"""Faults put into a small project of two modules: one whose test sees them all, one whose test sees none."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from tensorbook.book import mutants
from tensorbook.book.faults import make_faults
from tensorbook.book.mutants import try_mutants
from tensorbook.book.tried import MUTANTS_FILE, Mutant, load_mutants, totals

HALVE = '"""Halves."""\n\n\ndef halve(number):\n    return number // 2\n'
WATCHFUL = "from {module} import halve\n\n\ndef test_halves():\n    assert halve(7) == 3 and halve(-5) == -3\n"
BLIND = "from {module} import halve\n\n\ndef test_halves():\n    assert halve\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose module `good` is tested well and whose module `bad` is not, and a folder for the record."""
    package = tmp_path / "src/tensorbook"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['src/tensorbook']\n")
    (tmp_path / "tests").mkdir()
    for module, test in (("good", WATCHFUL), ("bad", BLIND), ("broken", "def test_fails():\n    assert False\n")):
        (package / f"{module}.py").write_text(HALVE)
        (tmp_path / f"tests/test_{module}.py").write_text(test.format(module=module))
    monkeypatch.setattr(mutants, "PROJECT", tmp_path)
    monkeypatch.setattr(mutants, "COPIED", ("src", "tests", "pyproject.toml"))
    monkeypatch.setattr(mutants, "WARM", ())
    monkeypatch.setattr(mutants, "TESTS", {name: (f"tests/test_{name}.py",) for name in ("good", "bad", "broken")})
    results = tmp_path / "results"
    results.mkdir()
    return results


def test_a_good_test_notices_every_fault_and_a_blind_one_none(project):
    tried = try_mutants(["good", "bad"], project)
    assert tried == load_mutants(project)
    assert tried["good"].faults == tried["bad"].faults > 10
    assert tried["good"].unnoticed == []
    assert tried["bad"].noticed == 0
    assert Mutant(5, "return number // 2", "return number * 2") in tried["bad"].unnoticed


def test_progress_is_told_and_the_project_stays_as_it_was(project):
    told = []
    try_mutants(["good"], project, progress=lambda *news: told.append(news))
    assert told[-1] == ("good", len(told), len(told))
    assert (project.parent / "src/tensorbook/good.py").read_text() == HALVE


def test_what_was_tried_of_other_modules_stays_in_the_record(project):
    (project / MUTANTS_FILE).write_text('{"ops": {"faults": 3, "tried": 3, "unnoticed": []}}')
    try_mutants(["good"], project)
    assert list(load_mutants(project)) == ["ops", "good"]


@pytest.mark.parametrize(("on_full", "data"), [((), "sample"), (("good",), "/a/mnist.npz")])
def test_tests_run_on_the_sample_unless_they_need_full_mnist(project, monkeypatch, on_full, data):
    monkeypatch.setenv("TENSORBOOK_MNIST", "/a/mnist.npz")
    monkeypatch.setattr(mutants, "ON_FULL_MNIST", on_full)
    with (project.parent / "tests/test_good.py").open("a") as test:
        test.write(f"\n\ndef test_data():\n    import os\n    assert os.environ['TENSORBOOK_MNIST'] == {data!r}\n")
    assert try_mutants(["good"], project, at_most=1)["good"].noticed == 1


@pytest.mark.parametrize(("took", "limit"), [(10.0, 50.0), (3.0, 20.0)])
def test_a_fault_may_take_five_times_as_long_as_none_but_always_twenty_seconds(project, monkeypatch, took, limit):
    """A stand-in runs the tests, on a clock of its own, and finds nothing wrong with any fault."""
    clock, limits, started = [1000.0], [], []

    def run(_folder, _arguments, seconds, **_variables):
        limits.append(seconds)
        clock[0] += took
        return 0

    warm = nullcontext(SimpleNamespace(run=run))
    monkeypatch.setattr(mutants, "Warm", lambda modules: started.append(modules) or warm)
    monkeypatch.setattr(mutants.time, "monotonic", lambda: clock[0])
    tried = try_mutants(["good"], project, at_most=4)["good"]
    assert (tried.tried, tried.noticed) == (4, 0)
    assert limits == [float("inf"), *[limit] * (4 + 2)], "without a fault, with each, and without one in both copies"
    assert started == [(), ()], "two at once"
    assert (project / MUTANTS_FILE).read_text().startswith('{\n "good": {\n  "faults": 13,')


@pytest.mark.parametrize(("status", "noticed"), [(0, 0), (1, 1), (-9, 1), (None, 1)])
def test_tests_that_fail_are_killed_or_go_on_for_too_long_have_noticed(project, monkeypatch, status, noticed):
    statuses = iter([0, status, 0, 0])
    warm = nullcontext(SimpleNamespace(run=lambda *_, **__: next(statuses)))
    monkeypatch.setattr(mutants, "Warm", lambda _modules: warm)
    assert try_mutants(["good"], project, at_most=1)["good"].noticed == noticed


def test_tests_that_fail_without_a_fault_are_named(project):
    with pytest.raises(ValueError, match=r"the tests of broken fail without any fault: run `pytest tests/test_broken"):
        try_mutants(["broken"], project)


def test_a_fault_that_breaks_the_tests_for_good_is_not_taken_for_many_that_are_noticed(project):
    """A test that leaves a file behind where the fault makes it, and fails from then on."""
    (project.parent / "tests/test_bad.py").write_text(
        "import pathlib\nfrom bad import halve\n\n\ndef test_halves():\n    left = pathlib.Path('left')\n"
        "    if halve(7) != 3:\n        left.touch()\n    assert not left.exists()\n"
    )
    with pytest.raises(ValueError, match=r"fail without any fault, once others have been tried: nothing .* is kept"):
        try_mutants(["bad"], project)
    assert load_mutants(project) == {}


def test_some_faults_are_drawn_and_the_share_of_all_is_told_by_them(project):
    tried = try_mutants(["good", "bad"], project, at_most=3)
    assert try_mutants(["bad"], project, at_most=3)["bad"] == tried["bad"], "the same are drawn every time"
    assert [(one.faults, one.tried) for one in tried.values()] == [(len(make_faults(HALVE)), 3)] * 2
    assert totals(tried.values()).share == 0.5


def test_the_command_shows_each_module_and_the_share_of_all(project, command):
    (project / MUTANTS_FILE).write_text(
        '{"ops": {"faults": 6, "tried": 2, "unnoticed": [{"line": 1, "before": "a", "after": "b"}]}}'
    )
    status, printed, _ = command("mutants", "good", "--at-most", 2, "--workers", 1, "--out", project)
    every = len(make_faults(HALVE))
    assert status == 0
    assert f"│ ops │ 6 │ 2 │ 1 (50%) │\n│ good │ {every} │ 2 │ 2 (100%) │" in printed
    assert f"all │ {every + 6} │ 4 │ {(every + 3) / (every + 6):.1%} ±" in printed


def test_an_unknown_module_is_refused_with_those_there_are(project):
    with pytest.raises(ValueError, match="no module 'nosuch' to put faults into: there are good, bad, broken"):
        try_mutants(["nosuch"], project)
