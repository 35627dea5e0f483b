"""The faults themselves: each is one change of one line of a module that still can be read."""

import ast

import pytest

from tensorbook.book.faults import difference, make_faults

CATCHES = "import zlib\n\ntry:\n    pass\nexcept {caught}:\n    pass\n"


@pytest.mark.parametrize(
    ("caught", "faults"),
    [
        ("OSError", {"CosmicRayTestingException"}),
        ("zlib.error", {"zlib.CosmicRayTestingException"}),
        (
            "(OSError, zlib.error)",
            {"(CosmicRayTestingException, zlib.error)", "(OSError, zlib.CosmicRayTestingException)"},
        ),
        ("zlib.error as error", {"zlib.CosmicRayTestingException as error"}),
    ],
)
def test_each_name_that_is_caught_is_replaced_also_one_with_a_dot(caught, faults):
    made = {difference(CATCHES.format(caught=caught), fault) for fault in make_faults(CATCHES.format(caught=caught))}
    assert made == {(5, f"except {caught}:", f"except {fault}:") for fault in faults}


def test_what_is_taken_away_is_named_and_not_the_blank_line_above_it():
    source = "class Half:\n    whole = 2\n\n    @property\n    def half(self):\n        return 1\n"
    made = {difference(source, fault) for fault in make_faults(source)}
    assert (4, "@property", "def half(self):") in made


def test_a_fault_that_is_found_twice_is_made_once_and_none_leaves_the_source_as_it_is():
    faults = make_faults("x = 1 + 2\n")
    assert len(faults) == len(set(faults)) > 10
    assert "x = 1 + 2\n" not in faults


def test_every_fault_is_python_and_changes_one_line():
    source = "def halve(number, /):\n    return number / 2\n"
    faults = make_faults(source)
    assert {difference(source, fault)[0] for fault in faults} == {2}
    for fault in faults:
        ast.parse(fault)
