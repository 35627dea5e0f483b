"""``mutants``: what is asked for and what is printed; a stand-in tries the faults."""

import json

from tensorbook.book import mutants


def test_mutants_shows_how_far_it_is_and_what_was_found(book_command, monkeypatch, tmp_path):
    asked = []

    def try_mutants(modules, out, *, at_most, workers, progress):
        asked.append((list(modules), out, at_most, workers))
        for module in list(modules)[:1]:
            progress(module, 1, 7)
            progress(module, 4, 7)
        one = {"line": 1, "before": "a", "after": "b"}
        (out / mutants.MUTANTS_FILE).write_text(
            json.dumps(
                {
                    "models": {"faults": 30, "tried": 8, "unnoticed": [one]},
                    "ops": {"faults": 10, "tried": 2, "unnoticed": []},
                }
            )
        )

    monkeypatch.setattr(mutants, "try_mutants", try_mutants)
    status, out, _ = book_command("mutants", "ops", "models", "--out", tmp_path)
    assert status == 0
    assert "4/7" in out
    assert out.count("│ ops │ 10 │ 2 │ 2 (100%) │\n│ models │ 30 │ 8 │ 7 (88%) │\n") == 1
    assert "│ all │ 40 │ 10 │ 90.6% ± 20.6 of all faults │" in out
    assert book_command("mutants", "ops", "--at-most", 1, "--workers", 1, "--out", tmp_path)[0] == 0
    assert book_command("mutants", "--out", tmp_path)[0] == 0
    assert asked == [
        (["ops", "models"], tmp_path, None, 2),
        (["ops"], tmp_path, 1, 1),
        ([*mutants.TESTS], tmp_path, None, 2),
    ]
    for option in ("--at-most", "--workers"):
        assert book_command("mutants", option, 0)[0] == 2
    assert len(asked) == 3
