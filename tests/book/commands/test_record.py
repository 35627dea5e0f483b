"""``record``: what is rejected, passed on and printed; nothing is trained here."""

import pytest

from tensorbook.book.commands import record as commands
from tensorbook.book.results import book_record as records
from tensorbook.book.results.book_record import RESULTS, Record
from tensorbook.training_settings import BATCH_SIZE, EPOCHS


@pytest.fixture
def made(monkeypatch):
    """The arguments, as if the sample in these tests were full MNIST."""
    asked = []

    def make(data, out, *, progress):
        progress(0, 32, {"loss": 0.5, "accuracy": 0.5})
        asked.append(("made", len(data.train.labels), out))
        return Record.load(RESULTS)

    monkeypatch.setattr(records, "make_record", make)
    monkeypatch.setattr(records, "measure_again", lambda _data, out: asked.append(("measured", out)) or Record.load())
    monkeypatch.setattr(commands, "identify", lambda _: "mnist")
    monkeypatch.setattr(commands, "make_repeatable", lambda: None)
    return asked


@pytest.mark.parametrize("option", [(), ("--keep-training",)])
def test_the_book_s_record_is_never_made_from_the_sample(book_command, option):
    before = (RESULTS / "record.json").read_bytes()
    status, out, err = book_command("record", *option)
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith("tensorbook: The book's record needs full MNIST, but these are")
    assert (RESULTS / "record.json").read_bytes() == before


def test_record_trains_as_the_book_says_and_prints_what_came_out(book_command, made, tmp_path):
    record = Record.load(RESULTS)
    status, out, _ = book_command("record", "--out", tmp_path)
    assert (status, made) == (0, [("made", 4000, tmp_path)])
    assert (record.run.epochs, record.run.batch_size) == (EPOCHS, BATCH_SIZE)
    assert "epoch 1 of 5" in out
    assert f"│ test │ {record.test.loss:.4f} │ {record.test.accuracy:.4f} │" in out
    assert out.endswith(f"{record.test.errors} errors; record, weights, figures and card are in {tmp_path}\n")


def test_record_can_keep_the_training(book_command, made, tmp_path):
    assert book_command("record", "--keep-training", "--out", tmp_path)[0] == 0
    assert made == [("measured", tmp_path)]
