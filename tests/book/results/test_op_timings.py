"""How chapter 5's operations are timed: what is called, how often, and which figure is kept."""

import itertools

import numpy as np
import pytest

from tensorbook import ops
from tensorbook.book.results import op_timings
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.op_timings import REPEATS, ROUNDS, OpTimings, measure_op_timings


@pytest.fixture
def timed(monkeypatch):
    """The calls that were timed, in order, with made-up seconds: those of the first round are the largest."""
    calls = []
    rounds = [[99.0] * 3, [5.0, 0.9, 50.0], [1.0, 0.1, 10.0], [2.0, 0.2, 20.0], [4.0, 0.5, 5.0], [3.0, 0.7, 30.0]]
    seconds = itertools.chain(*rounds, itertools.repeat(3.0))

    def clock(function, arguments, repeats):
        calls.append((function, arguments, repeats))
        return next(seconds)

    monkeypatch.setattr(op_timings, "_seconds", clock)
    return calls


def test_each_operation_is_timed_three_ways_in_turn(timed, tmp_path):
    measured = measure_op_timings(tmp_path).timings
    assert len(timed) == len(measured) * (ROUNDS + 1) * 3
    for place, timing in enumerate(measured):
        for round_ in range(ROUNDS + 1):
            start = (place * (ROUNDS + 1) + round_) * 3
            (loop, arrays, once), (_, same, often), (_, tensors, as_often) = timed[start : start + 3]
            assert loop is getattr(ops, timing.operation)
            assert arrays is same
            assert (once, often, as_often) == (1, REPEATS, REPEATS)
            assert [tuple(tensor.shape) for tensor in tensors] == [array.shape for array in arrays]


def test_the_three_ways_give_the_same(timed, tmp_path):
    operations = len(measure_op_timings(tmp_path).timings)
    for place in range(operations):
        loop, in_numpy, in_keras = (
            np.asarray(function(*arguments)) for function, arguments, _ in timed[place * 3 * (ROUNDS + 1) :][:3]
        )
        np.testing.assert_allclose(in_numpy, loop, rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(in_keras, loop, rtol=1e-3, atol=1e-4)


@pytest.mark.usefixtures("timed")
def test_the_first_round_warms_up_and_the_median_of_the_others_is_kept(tmp_path):
    first = measure_op_timings(tmp_path).timings[0]
    assert (first.loop, first.numpy, first.keras) == (3.0, 0.5, 20.0)


@pytest.mark.usefixtures("timed")
def test_the_chapter_s_operations_are_all_timed_with_the_shapes_of_its_network(tmp_path):
    shapes = {timing.operation: timing.shapes for timing in measure_op_timings(tmp_path).timings}
    assert shapes == {
        "naive_relu": "(128, 512)",
        "naive_add": "(128, 512) and (128, 512)",
        "naive_add_matrix_and_vector": "(128, 512) and (512,)",
        "naive_vector_dot": "(512,) and (512,)",
        "naive_matrix_vector_dot": "(128, 512) and (512,)",
        "naive_matrix_dot": "(100, 100) and (100, 100)",
    }


@pytest.mark.usefixtures("timed")
def test_the_record_is_read_back_and_found_by_operation(tmp_path):
    record = measure_op_timings(tmp_path)
    assert OpTimings.load(tmp_path) == record
    assert record.of("naive_add") is record.timings[1]
    assert record.of("naive_relu").ratio == 3.0 / 0.5


def test_the_book_s_timings_show_loops_that_are_slower_than_numpy():
    """Chapter 5 says this about each of its operations."""
    assert all(timing.ratio > 10 for timing in OpTimings.load(RESULTS).timings)


def test_seconds_are_those_of_one_call_out_of_many(monkeypatch):
    ticks, calls = iter([10.0, 16.0]), []
    monkeypatch.setattr(op_timings.time, "perf_counter", lambda: next(ticks))
    assert op_timings._seconds(lambda *arguments: calls.append(arguments), (1, 2), 4) == 1.5
    assert calls == [(1, 2)] * 4
