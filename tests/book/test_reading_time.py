"""What counts as reading, and what does not."""

import pytest

from tensorbook.book.reading import reading_minutes

WORDS = "word " * 200


def test_two_hundred_words_are_a_minute():
    assert reading_minutes(WORDS * 4) == 4


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
