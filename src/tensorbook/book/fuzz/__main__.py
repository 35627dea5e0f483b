"""One target, fuzzed in a process of its own: ``python -m tensorbook.book.fuzz TARGET RUNS SEED FOLDER``.

Atheris does it, guided by which branches an input reaches; where it is not installed, Hypothesis, which guesses.
"""

import sys
from collections.abc import Callable
from pathlib import Path

# No branch of these that an input is the first to reach goes unnoticed.
INSTRUMENTED = ["PIL", "gzip", "numpy.lib", "safetensors", "tensorbook", "zipfile"]
LONGEST = 4096  # bytes of an input
SECONDS = 20  # an input that takes longer is a failure
MEGABYTES = 512  # and so is one at which the process, with all that is kept for fuzzing, needs more
BATCH = 10_000  # Hypothesis remembers what it has tried: it is asked again and again


def main(name: str, runs: int, seed: int, folder: Path) -> None:
    """Fuzz a target; the exit status is 0 only if every run went well, else the input is in the folder."""
    try:
        import atheris
    except ImportError:
        _guess(name, runs, seed, folder)
        return
    with atheris.instrument_imports(include=INSTRUMENTED, enable_loader_override=False):
        attempt, seeds = _load(name, folder)
    corpus = folder / name
    corpus.mkdir(exist_ok=True)
    for number, content in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(content)
    options = {
        "runs": runs, "seed": seed + 1, "max_len": LONGEST, "len_control": 0, "timeout": SECONDS,
        "rss_limit_mb": MEGABYTES,
        "artifact_prefix": f"{folder}/failed-{name}-", "print_final_stats": 1, "verbosity": 1,
    }  # fmt: skip
    atheris.Setup(["fuzz", *(f"-{key}={value}" for key, value in options.items()), str(corpus)], attempt)
    atheris.Fuzz()


def _load(name: str, folder: Path) -> tuple[Callable[[bytes], None], list[bytes]]:
    """Return what tries an input, and the seeds; imported here, so that it is instrumented."""
    from tensorbook.book.fuzz import small
    from tensorbook.book.fuzz.targets import TARGETS

    small.make_small()
    place = folder / f"{name}-files"
    place.mkdir(exist_ok=True)
    return (lambda data: small.attempt(TARGETS[name], data, place)), TARGETS[name].seeds()


def _guess(name: str, runs: int, seed: int, folder: Path) -> None:
    import hypothesis
    from hypothesis import strategies

    attempt, seeds = _load(name, folder)
    edit = strategies.tuples(strategies.integers(0, LONGEST), strategies.binary(max_size=4), strategies.integers(0, 8))
    edited = strategies.builds(_edit, strategies.sampled_from(seeds), strategies.lists(edit, max_size=8))

    def run(data: bytes) -> None:
        try:
            attempt(data)
        except BaseException:
            (folder / f"failed-{name}-crash").write_bytes(data)
            raise

    for batch in range(0, runs, BATCH):
        settings = hypothesis.settings(
            max_examples=min(BATCH, runs - batch),
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        test = hypothesis.given(edited | strategies.binary(max_size=LONGEST))(run)
        hypothesis.seed(seed + batch)(settings(test))()
    print(f"Done {runs} runs", file=sys.stderr)


def _edit(data: bytes, edits: list[tuple[int, bytes, int]]) -> bytes:
    """Put other bytes in some places of an input."""
    for place, content, length in edits:
        start = place % (len(data) + 1)
        data = data[:start] + content + data[start + length :]
    return data


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
