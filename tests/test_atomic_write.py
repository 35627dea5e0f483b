"""Results are the earlier ones or the new ones, whole, wherever a run is killed and however many there are at once."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tensorbook.atomic_write import READY, settle, staged

NAMES = ("weights.safetensors", "figures/history.svg", "figures/units.svg", "run.json")


def write(folder: Path, content: str) -> None:
    for name in NAMES:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(content)


def contents(folder: Path) -> list[str]:
    return [(folder / name).read_text() for name in NAMES]


@pytest.fixture
def out(tmp_path):
    write(tmp_path / "results", "earlier")
    (tmp_path / "results" / "seeds.json").write_text("of another command")
    return tmp_path / "results"


def test_new_results_take_the_place_of_the_earlier_ones_and_leave_other_files_alone(out):
    with staged(out) as stage:
        write(stage, "new")
        assert contents(out) == ["earlier"] * 4
    assert contents(out) == ["new"] * 4
    assert (out / "seeds.json").read_text() == "of another command"
    assert sorted(path.name for path in out.iterdir()) == [
        "figures", "run.json", "seeds.json", "weights.safetensors",
    ]  # fmt: skip


def test_a_run_that_fails_leaves_the_earlier_results_and_nothing_else(out):
    before = sorted(out.rglob("*"))

    def run():
        with staged(out) as stage:
            write(stage, "new")
            raise RuntimeError("too bad")

    with pytest.raises(RuntimeError, match="too bad"):
        run()
    assert contents(out) == ["earlier"] * 4
    assert sorted(out.rglob("*")) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from tensorbook import atomic_write as whole
sys.path.insert(0, {here!r})
from test_atomic_write import write

def tracer(last):
    lines = 0
    def trace(frame, event, _):
        nonlocal lines
        if frame.f_code.co_filename != whole.__file__:
            return None
        lines += event == "line"
        if lines > last:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace

last = 0
while True:
    out = Path({base!r}, str(last))
    write(out, "earlier")
    child = os.fork()
    if not child:
        sys.settrace(tracer(last))
        with whole.staged(out) as stage:
            write(stage, "new")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
    last += {step}
"""


def test_whatever_line_a_run_is_killed_at_the_next_reader_sees_earlier_or_new_results_whole(processes, every, tmp_path):
    code = KILLED.format(here=str(Path(__file__).parent), base=str(tmp_path), step=every(3))
    processes.run([sys.executable, "-c", code], check=True)
    killed = sorted((path for path in tmp_path.iterdir()), key=lambda path: int(path.name))
    between = [folder for folder in killed if (folder / READY).is_dir()]
    assert len(between) > 10 / every(3), "some were killed between the moves"
    assert any(set(contents(folder)) == {"earlier", "new"} for folder in between)
    for folder in killed:
        settle(folder)
    seen = [contents(folder) for folder in killed]
    first_new = seen.index(["new"] * 4)
    assert seen == [["earlier"] * 4] * first_new + [["new"] * 4] * (len(seen) - first_new)
    assert 5 / every(3) < first_new < len(seen) - 10 / every(3)


def test_who_writes_next_first_finishes_what_a_killed_one_left(out):
    write(out / READY, "ready")
    (out / READY / "only-here.svg").write_text("ready")
    with staged(out) as stage:
        write(stage, "new")
    assert contents(out) == ["new"] * 4
    assert (out / "only-here.svg").read_text() == "ready"
    assert not (out / READY).exists()


CROWD = """
import sys
from pathlib import Path
from tensorbook.atomic_write import settle, staged
sys.path.insert(0, {here!r})
from test_atomic_write import write
for turn in range(30):
    with staged(Path({out!r})) as stage:
        write(stage, f"{{sys.argv[1]}} {{turn}}")
    settle(Path({out!r}))
"""


def test_of_several_runs_at_once_the_results_are_those_of_one(processes, out):
    code = CROWD.format(here=str(Path(__file__).parent), out=str(out))
    crowd = [processes.start([sys.executable, "-c", code, str(number)]) for number in range(6)]
    assert [process.wait(timeout=120) for process in crowd] == [0] * 6
    assert len(set(contents(out))) == 1
    assert contents(out)[0].endswith(" 29")
    assert not list(out.glob(".*"))


ROOT = Path(__file__).parents[1]
# A process that was started in the background may have been told to ignore Ctrl-C.
TRAIN = """
import select
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from tensorbook.cli import main
main()
"""
# At the third file that is moved into its place, the process ends as no `finally` notices.
KILLED_WHILE_MOVING = (
    """
import os, signal, sys
moved = 0
def hook(event, arguments):
    global moved
    if event == "os.rename" and f"{os.sep}.ready{os.sep}" in str(arguments[0]):
        moved += 1
        if moved == 3:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""
    + TRAIN
)


@pytest.fixture
def tensorbook(processes):
    environment = {**os.environ, "TENSORBOOK_MNIST": "sample", "NO_COLOR": "1", "COLUMNS": "100"}

    def start(code, *arguments):
        return processes.start(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

    return start


def test_a_training_that_is_killed_between_the_moves_is_finished_by_who_reads_it(tensorbook, tmp_path):
    from tensorbook.runs import RunRecord, sha256_of

    out = tmp_path / "results"
    write(out, "earlier")
    process = tensorbook(KILLED_WHILE_MOVING, "train", "--epochs", 1, "--out", out)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    assert (out / "run.json").read_text() == "earlier"
    assert (out / READY / "run.json").is_file()
    record = RunRecord.read(out)
    assert record.run.epochs == 1
    assert {name: sha256_of((out / name).read_bytes()) for name in record.files} == record.files
    assert not (out / READY).exists()


@pytest.mark.parametrize("killer", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_training_that_is_stopped_half_way_leaves_the_earlier_results(tensorbook, wait_until, out, killer):
    process = tensorbook(TRAIN, "train", "--epochs", 5000, "--out", out)

    def has_begun():
        assert process.poll() is None, process.communicate(timeout=60)
        # The sample has been named, so the folder is no longer the one that tried whether there is room.
        return select.select([process.stderr], [], [], 0)[0] and list(out.glob(".new-*"))

    wait_until(has_begun)
    process.send_signal(killer)
    stderr = process.communicate(timeout=60)[1]
    assert contents(out) == ["earlier"] * 4
    if killer == signal.SIGINT:
        assert process.returncode == 130
        assert stderr.splitlines()[1:] == ["tensorbook: interrupted"], "the first line names the sample"
        assert not list(out.glob(".*"))
    else:
        assert process.returncode == -killer
