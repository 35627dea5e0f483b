"""``check`` and ``seeds``: their arguments and output; the work itself is replaced by a stand-in."""

from tensorbook.book.checks import reproducibility as drift
from tensorbook.book.checks.reproducibility import Row
from tensorbook.book.results import seed_variance as seeds
from tensorbook.book.results.book_record import RESULTS
from tensorbook.book.results.seed_variance import Seeds


def test_check_has_a_line_a_figure_and_all_hold(book_command, monkeypatch, one_order):
    asked = []

    def check(data, results, progress, *, quick):
        asked.append((len(data.train.labels), results, quick))
        progress(4, 32, {"loss": 0.25, "accuracy": 0.5})
        return [Row("test accuracy", 0.97921, 0.9788, 0.00123), Row("data, SHA-256", "ab" * 32, "ab" * 32, 0)]

    monkeypatch.setattr(drift, "check", check)
    status, out, err = book_command("check")
    assert (status, asked, one_order) == (0, [(4000, RESULTS, False)], [True])
    assert "epoch 5 of 5" in out
    assert " 32/32 loss 0.2500, accuracy 0.5000" in out, "the sample has 32 batches of 128 images"
    assert "│ test accuracy │ 0.97921 │ 0.9788 │ ± 0.0012 │ holds │" in out
    assert "│ data, SHA-256 │ abababababababab │ abababababababab │ ± 0 │ holds │" in out
    assert [line for line in err.splitlines() if "sample" not in line] == []


def test_check_names_what_has_drifted(book_command, monkeypatch):
    rows = [Row("loss", 0.5, 0.75, 0.25), Row("errors", 12, 13, 0), Row("name", "a", "b", 0)]
    monkeypatch.setattr(drift, "check", lambda *_, quick: rows if quick else [])
    status, out, err = book_command("check", "--quick")
    assert status == 1
    assert "│ loss │ 0.5 │ 0.75 │ ± 0.25 │ holds │" in out
    assert "│ errors │ 12 │ 13 │ ± 0 │ DRIFTED │" in out
    assert err.endswith("tensorbook: these differ from the record: errors, name\n")


def test_seeds_says_how_far_they_differ(book_command, monkeypatch, one_order, tmp_path):
    asked = []

    def measure(data, out, count, done):
        asked.append((len(data.test.labels), out, count))
        done(count)
        return Seeds([{"test accuracy": value} for value in (0.5, 0.7, 0.6)], "0" * 64)

    monkeypatch.setattr(seeds, "measure_seeds", measure)
    status, out, _ = book_command("seeds", "--out", tmp_path)
    assert (status, asked, one_order) == (0, [(1000, tmp_path, 10)], [True])
    assert "100%" in out
    assert out.endswith("test accuracy: mean 0.6000, standard deviation 0.1000, from 0.5000 to 0.7000\n")
    assert book_command("seeds", "--count", 2, "--out", tmp_path)[0] == 0
    assert asked[1][2] == 2
    status, _, err = book_command("seeds", "--count", 1)
    assert (status, len(asked)) == (2, 2)
    assert "--count" in err
