"""What faults that were tried tell of all of them: shares, and how far drawing some of them may be off."""

import random
import statistics
from dataclasses import FrozenInstanceError

import pytest

from tensorbook.book.tried import Mutant, Totals, Tried, load_mutants, totals
from tensorbook.data import DataError

FOUND = [Mutant(1, "a", "b")] * 2


def test_what_is_not_unnoticed_was_noticed():
    assert Tried(30, 3, FOUND).noticed == 1


def test_the_share_counts_each_module_by_its_faults_and_not_by_those_that_were_tried():
    together = totals([Tried(30, 3, FOUND[:1]), Tried(10, 4, FOUND[:1])])
    assert together[:3] == (40, 7, pytest.approx((20 + 7.5) / 40))
    assert totals(one for one in [Tried(30, 3, FOUND[:1])])[:3] == (30, 3, pytest.approx(2 / 3))


def test_where_all_were_tried_the_share_is_sure():
    assert totals([Tried(10, 10, FOUND), Tried(5, 5, [])]) == (15, 15, pytest.approx(13 / 15), 0)


def test_the_margin_is_two_deviations_of_what_drawing_gives():
    """A module of 300 faults, of which 60 go unnoticed, and one of 100 with 10; many times, some are drawn."""
    draw = random.Random(1)
    modules = [([True] * 60 + [False] * 240, 100), ([True] * 10 + [False] * 90, 50)]
    drawn = []
    for _ in range(2000):
        found = [(len(every), n, sum(draw.sample(every, n))) for every, n in modules]
        drawn.append(totals([Tried(faults, n, FOUND[:1] * unnoticed) for faults, n, unnoticed in found]))
    assert statistics.mean(one.share for one in drawn) == pytest.approx(1 - 70 / 400, abs=0.002)
    spread = statistics.stdev(one.share for one in drawn)
    assert statistics.mean(one.margin for one in drawn) == pytest.approx(2 * spread, rel=0.05)


def test_where_every_fault_that_was_drawn_is_noticed_the_others_need_not_be():
    assert totals([Tried(100, 10, [])]).margin == pytest.approx(2 * (0.9 * (0.5 / 11) * (10.5 / 11) / 10) ** 0.5)


def test_a_share_is_written_with_its_margin_where_there_is_one():
    assert str(Totals(10, 5, 0.9514, 0.0046)) == "95.1% ±\N{NO-BREAK SPACE}0.5"
    assert str(Totals(10, 10, 0.9514, 0)) == "95.1%"


def test_modules_come_as_they_are_taught(tmp_path):
    assert load_mutants(tmp_path) == {}
    one = '{"faults": 3, "tried": 2, "unnoticed": [{"line": 1, "before": "a", "after": "b"}]}'
    (tmp_path / "mutants.json").write_text(f'{{"a stranger": {one}, "book/record": {one}, "ops": {one}}}')
    found = load_mutants(tmp_path)
    assert list(found) == ["ops", "book/record", "a stranger"]
    assert found["ops"] == Tried(3, 2, FOUND[:1])


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"ops": {}}', '{"ops": 1}', '{"ops": {"faults": 1, "tried": 1}}'])
def test_a_damaged_record_is_told_with_the_way_out(tmp_path, text):
    (tmp_path / "mutants.json").write_text(text)
    with pytest.raises(
        DataError, match=r"mutants\.json can't be read .*: run `python -m tensorbook\.book mutants` to make it anew"
    ):
        load_mutants(tmp_path)


def test_what_was_tried_can_t_be_changed_afterwards():
    for one, name in ((FOUND[0], "line"), (Tried(1, 1, []), "faults")):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, 2)
