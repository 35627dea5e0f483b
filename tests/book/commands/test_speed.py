"""``bench``: a line a row, and what is past its target is marked; nothing is measured here."""

from tensorbook.book import bench
from tensorbook.book.benchmarks import GROWTH, Growth, Measured, SpeedsRecord


def test_bench_has_a_line_a_row_and_marks_what_is_past_its_target(book_command, monkeypatch, tmp_path):
    asked = []
    growth = {name: Growth(list(at), [0.1] * len(at), [0.2] * len(at)) for name, at in GROWTH.items()}
    rows = {"train": Measured([4.0], [10.0]), "import-ops": Measured([3.0], [1.0])}
    record = SpeedsRecord(seed=0, data="sample", data_sha256="0" * 64, versions={}, cores=2, rows=rows, growth=growth)
    monkeypatch.setattr(bench, "measure", lambda data, *rest: asked.append((len(data.test.labels), *rest)) or record)
    status, out, _ = book_command("bench", "--out", tmp_path)
    assert (status, asked) == (0, [(1000, tmp_path, 5, ())])
    lines = out.splitlines()
    assert next(line for line in lines if line.startswith("│ train ")).endswith("│ 0.40 │ ≤ 0.5 │ within │")
    assert [line for line in lines if line.startswith("│ import-ops ")] == [
        "│ import-ops │ import tensorbook.ops: 3.0 s │ import numpy: 1.0 s │ 3.00 │ ≤ 1.3 │ PAST │"
    ]
    assert book_command("bench", "--only", "train", "--only", "load", "--rounds", 1, "--out", tmp_path)[0] == 0
    assert asked[1] == (1000, tmp_path, 1, ["train", "load"])
    assert book_command("bench", "--rounds", 0)[0] == 2
