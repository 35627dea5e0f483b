"""The progress bars of a training run: how many there are, and what they say."""

import io

import pytest
from rich.console import Console

from tensorbook.cli.progress_bars import progress_bars


@pytest.fixture
def screen(monkeypatch):
    """The output that is sent to a terminal 120 characters wide."""
    text = io.StringIO()
    monkeypatch.setattr("tensorbook.cli.progress_bars.console", Console(file=text, width=120))
    return text


def test_each_epoch_has_a_bar_of_its_batches_and_says_how_well_it_goes(screen):
    with progress_bars(3, 100, 32) as progress:
        progress(1, 1, {"loss": 9.0, "accuracy": 0.1})
        progress(1, 4, {"loss": 0.123456, "accuracy": 0.5})
        progress(2, 3, {"loss": 1.0, "accuracy": 0.75})
    second, third = screen.getvalue().splitlines()
    assert second.startswith("epoch 2 of 3 ")
    assert " 4/4 loss 0.1235, accuracy 0.5000 " in second
    assert third.startswith("epoch 3 of 3 ")
    assert " 3/4 loss 1.0000, accuracy 0.7500 " in third


@pytest.mark.parametrize(("images", "steps"), [(64, 2), (65, 3), (1, 1)])
def test_a_last_batch_that_is_not_full_is_one(screen, images, steps):
    with progress_bars(1, images, 32) as progress:
        progress(0, steps, {"loss": 1.0, "accuracy": 0.0})
    assert f" {steps}/{steps} " in screen.getvalue()


def test_of_many_epochs_the_last_twenty_are_seen(screen):
    with progress_bars(50, 32, 32) as progress:
        for epoch in range(25):
            progress(epoch, 1, {"loss": 1.0, "accuracy": 0.0})
    lines = screen.getvalue().splitlines()
    assert [line.partition(" of ")[0] for line in lines] == [f"epoch {number}" for number in range(6, 26)]
