"""How tables and numbers are written on the pages."""

from tensorbook.book.results.formatting import percent, table, times


def test_tables_and_numbers_are_written_for_people():
    assert table(["a", "b"], [(1, 2)]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert percent(0.97964) == "98.0%"
    assert [times(ratio) for ratio in (3.14, 9.9, 10, 31.4, 31400)] == ["3.1", "9.9", "10", "31", "31,000"]
