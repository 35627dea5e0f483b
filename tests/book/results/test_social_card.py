"""The preview picture for shared pages agrees with the record and with the approved picture."""

import io

import numpy as np
from PIL import Image

from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.book.results.social_card import CARD_FILE, draw_card


def pixels(png):
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"), dtype=int)


def test_the_card_is_the_one_of_the_record(full_mnist):
    """Versions of Matplotlib draw the edges of letters slightly differently, but every letter in the same place."""
    drawn, kept = (
        pixels(png) for png in (draw_card(Record.load(RESULTS), full_mnist.test), (RESULTS / CARD_FILE).read_bytes())
    )
    assert drawn.shape == (630, 1200, 3)
    assert np.mean(np.abs(drawn - kept).max(axis=2) > 64) < 0.0002


def test_the_same_run_gives_the_same_bytes_and_they_do_not_say_by_what(full_mnist):
    card = draw_card(Record.load(RESULTS), full_mnist.test)
    assert card == draw_card(Record.load(RESULTS), full_mnist.test)
    assert b"Software" not in card


def test_nothing_runs_into_the_margins_where_it_would_be_cut_off(full_mnist):
    card = pixels(draw_card(Record.load(RESULTS), full_mnist.test))
    background = card[0, 0]
    for margin in (card[:, :72], card[:, -72:], card[:72], card[-72:]):
        assert (margin == background).all()
