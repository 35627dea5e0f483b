"""Write the results of a mutmut run to the record that Contributing shows, one row per module.

mutmut run
python tests/write_mutation_record.py
"""

import json
import subprocess
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "docs" / "results" / "mutation.json"
NOTICED = {"killed", "timeout", "suspicious", "segfault", "caught by type check"}  # a test failed, or took too long
UNTRIED = {"not checked", "skipped", "check was interrupted by user"}


def rows(results: str) -> dict[str, dict[str, str | int]]:
    """Count, for each module, the faults that were tried and those that tests noticed.

    Args:
        results: What ``mutmut results --all true`` prints, a fault a line: ``package.module.x_name__mutmut_1: killed``.
    """
    counts: dict[str, list[bool]] = defaultdict(list)
    for line in results.splitlines():
        name, found, status = line.strip().partition(": ")
        if found and status not in UNTRIED:
            module = name.rpartition(".")[0].partition(".")[2].replace(".", "/")
            counts[module].append(status in NOTICED)
    tool = f"mutmut {version('mutmut').rpartition('.')[0]}"
    return {name: {"tool": tool, "tried": len(each), "noticed": sum(each)} for name, each in counts.items()}


def write(results: str, record: Path = RECORD, package: Path = ROOT / "src" / "tensorbook") -> None:
    """Replace the rows of the modules that were tried, and drop those of modules that are gone."""
    merged = {**json.loads(record.read_text(encoding="utf-8")), **rows(results)}
    kept = {name: row for name, row in sorted(merged.items()) if (package / f"{name}.py").is_file()}
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(row)}" for name, row in kept.items())
    record.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    command = ["mutmut", "results", "--all", "true"]
    write(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
