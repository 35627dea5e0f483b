"""The record of mutation testing: a row for each module, from mutmut's output."""

import json
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]
write = runpy.run_path(str(Path(__file__).parent / "write_mutation_record.py"))["write"]

RESULTS = """
    tensorbook.ops.x_naive_relu__mutmut_1: killed
    tensorbook.ops.x_naive_relu__mutmut_2: survived
    tensorbook.ops.x_naive_relu__mutmut_3: timeout
    tensorbook.ops.x_naive_relu__mutmut_4: not checked
    tensorbook.data.npz.xǁReaderǁread__mutmut_1: no tests
"""


def test_each_row_of_the_record_is_of_a_module_that_exists():
    """When a module is renamed, its row is renamed, too."""
    rows = json.loads((ROOT / "docs/results/mutation.json").read_text(encoding="utf-8"))
    assert [name for name in rows if not (ROOT / "src/tensorbook" / f"{name}.py").is_file()] == []


def test_each_module_that_was_tried_has_a_new_row_and_the_others_keep_theirs(tmp_path):
    record = tmp_path / "mutation.json"
    before = {"scratch": {"tool": "cosmic-ray 8.7", "tried": 294, "noticed": 289}}
    record.write_text(json.dumps({**before, "gone": before["scratch"], "ops": before["scratch"]}))
    write(RESULTS, record)
    now = json.loads(record.read_text())
    assert list(now) == ["data/npz", "ops", "scratch"]
    assert now["scratch"] == before["scratch"]
    assert (now["ops"]["tried"], now["ops"]["noticed"]) == (3, 2)
    assert (now["data/npz"]["tried"], now["data/npz"]["noticed"]) == (1, 0), "a fault that no test reaches survives"
    assert now["ops"]["tool"].startswith("mutmut 3.")
