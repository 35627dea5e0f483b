"""Which tests are whose, and the record of the faults that were tried: both are of today's library.

They stand apart from the tests of `tensorbook mutants`, which would else notice any fault in a line that is on record.
"""

from tensorbook.book.faults import make_faults
from tensorbook.book.module_tests import ON_FULL_MNIST, TESTS
from tensorbook.book.mutants import PROJECT
from tensorbook.book.tried import load_mutants


def test_every_module_in_which_there_can_be_a_fault_is_named():
    package = PROJECT / "src/tensorbook"
    modules = {path.relative_to(package).with_suffix("").as_posix(): path for path in package.rglob("*.py")}
    unnamed = modules.keys() - TESTS
    assert unnamed == {
        "__init__", "book/__init__", "book/fuzz/__init__", "book/fuzz/targets", "book/module_tests",
        "book/notebooks/__init__", "data/__init__", "data/errors",
    }  # fmt: skip
    assert not [name for name in unnamed if make_faults(modules[name].read_text(encoding="utf-8"))]


def test_every_module_that_is_named_and_every_test_of_it_is_there():
    assert set(ON_FULL_MNIST) <= set(TESTS)
    for module, tests in TESTS.items():
        assert (PROJECT / "src/tensorbook" / f"{module}.py").is_file()
        assert all((PROJECT / test).is_file() for test in tests)


def test_the_record_names_lines_that_are_still_there():
    for module, tried in load_mutants(PROJECT / "docs/results").items():
        source = (PROJECT / "src/tensorbook" / f"{module}.py").read_text(encoding="utf-8")
        for mutant in tried.unnoticed:
            assert mutant.before in source, f"{module} has changed: run `python -m tensorbook.book mutants {module}`"
