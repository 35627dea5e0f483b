"""What counts as reading time, and what does not."""

import pytest

from tensorbook.book.site.reading_time import reading_minutes

WORDS = "word " * 200


@pytest.mark.parametrize("minutes", [1, 4, 150])
def test_two_hundred_words_are_a_minute(minutes):
    assert reading_minutes(WORDS * minutes) == minutes


@pytest.mark.parametrize("page", ["", "word", "word " * 299])
def test_it_is_never_less_than_a_minute_and_rounded_to_whole_ones(page):
    assert reading_minutes(page) == 1


def code(lines):
    return "```pycon\n" + ">>> print(1)  # one\n1 is not counted, nor is this\n" * lines + "```\n"


@pytest.mark.parametrize(("lines", "minutes"), [(25, 1), (75, 3), (76, 3), (100, 4), (250, 10)])
def test_a_line_of_code_is_eight_words_and_what_it_prints_is_none(lines, minutes):
    assert reading_minutes(code(lines)) == minutes
    assert reading_minutes(f"{code(lines)}\n{WORDS}") == minutes + 1


@pytest.mark.parametrize(("figures", "diagrams", "minutes"), [(0, 0, 1), (1, 1, 1), (2, 3, 2), (12, 0, 3), (0, 30, 6)])
def test_a_picture_is_ten_seconds(figures, diagrams, minutes):
    """This is added to 160 words, which take 48 seconds."""
    pictures = '{{ figure("one", "what it shows") }}\n\n' * figures + '{{ diagram("two") }}\n\n' * diagrams
    assert reading_minutes("word " * 160 + "\n\n{{ table() }}\n\n" + pictures) == minutes


def test_what_is_no_prose_does_not_count():
    assert reading_minutes(f"---\ntitle: {WORDS}\n---\n{WORDS}<!-- {WORDS}\n{WORDS} -->{{{{ {WORDS} }}}}{WORDS}") == 2


@pytest.mark.parametrize(
    "folded",
    [
        f'??? tip "Hint"\n\n    {WORDS}\n\n    {WORDS}\n',
        f'??? success "Solution"\n\n    {WORDS}\n\n    ```pycon\n{"    >>> 1 + 1" * 50}\n    2\n    ```\n',
        f'1. a list\n\n    ??? note "In it"\n\n        {WORDS}\n',
    ],
)
def test_what_is_folded_away_does_not_count(folded):
    assert reading_minutes(f"{WORDS * 3}\n\n{folded}\n{WORDS}") == 4


@pytest.mark.parametrize("shown", ["!!! note", "???+ note"])
def test_what_is_shown_in_a_box_counts(shown):
    assert reading_minutes(f'{WORDS}\n\n{shown} "A box"\n\n    {WORDS}\n\n{WORDS}') == 3


def test_what_follows_a_folded_block_counts():
    assert reading_minutes(f'??? tip "Hint"\n\n    {WORDS}\n\n??? tip "Hint"\n\n    {WORDS}\n\n{WORDS * 2}') == 2
