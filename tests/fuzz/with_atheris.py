"""Fuzz one reader with Atheris, which is guided by the branches that an input reaches.

    pip install atheris
    python tests/fuzz/with_atheris.py npz -runs=100000

The first argument is a name in ``file_readers.TARGETS``; the others are libFuzzer's. It starts from the corpus and the
good files beside it. An input on which the reader fails is written to the working folder, and the exit status is not 0.
"""

import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).parent
# 20 seconds or 512 MB are too much for a file of at most 4 kB.
LIMITS = ["-max_len=4096", "-len_control=0", "-timeout=20", "-rss_limit_mb=512"]


def main(name: str, *options: str) -> None:
    """Fuzz a reader until it fails, or until libFuzzer's options say that it is enough."""
    sys.path.insert(0, str(HERE.parent))
    # Imported here: what is imported inside is instrumented.
    with atheris.instrument_imports(
        include=["PIL", "gzip", "numpy.lib", "safetensors", "tensorbook", "zipfile"], enable_loader_override=False
    ):
        from fuzz import harness
        from fuzz.file_readers import TARGETS
    harness.make_small()
    with tempfile.TemporaryDirectory() as folder:
        found, files = Path(folder, "found"), Path(folder, "files")
        for path in (found, files):
            path.mkdir()
        for number, content in enumerate(TARGETS[name].seeds()):
            (found / f"seed-{number}").write_bytes(content)
        corpus = [str(found), str(HERE / "corpus" / name)]
        atheris.Setup(
            [sys.argv[0], *LIMITS, *options, *corpus], lambda data: harness.attempt(TARGETS[name], data, files)
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
