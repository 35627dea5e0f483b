"""Each file is either the old or the new version, complete, no matter where a run is killed or how many runs there
are."""

import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kill_at_line import TRACER
from tensorbook.atomic_write import ROOM, staging_folder
from tensorbook.book.results.book_record import RESULTS, Record

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
    with staging_folder(out) as stage:
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
        with staging_folder(out) as stage:
            write(stage, "new")
            raise RuntimeError("too bad")

    with pytest.raises(RuntimeError, match="too bad"):
        run()
    assert contents(out) == ["earlier"] * 4
    assert sorted(out.rglob("*")) == before


KILLED = """
from pathlib import Path
from tensorbook import atomic_write as whole
sys.path.insert(0, {here!r})
from test_atomic_write import write

files = {{whole.__file__}}
last = 0
while True:
    out = Path({base!r}, str(last))
    write(out, "earlier")
    child = os.fork()
    if not child:
        sys.settrace(tracer(last))
        with whole.staging_folder(out) as stage:
            write(stage, "new")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
    last += {step}
"""


def test_whatever_line_a_run_is_killed_at_each_file_is_whole_and_the_record_is_last(processes, every, tmp_path):
    code = TRACER + KILLED.format(here=str(Path(__file__).parent), base=str(tmp_path), step=every(3))
    processes.run([sys.executable, "-c", code], check=True)
    killed = sorted(tmp_path.iterdir(), key=lambda path: int(path.name))
    seen = [contents(folder) for folder in killed]
    assert {content for one in seen for content in one} == {"earlier", "new"}
    assert any(len(set(one)) == 2 for one in seen), "some were killed between the moves"
    for *files, record in seen:
        assert record == "earlier" or set(files) == {"new"}
    assert seen[0] == ["earlier"] * 4
    assert seen[-1] == ["new"] * 4


CROWD = """
import sys
from pathlib import Path
from tensorbook.atomic_write import staging_folder
sys.path.insert(0, {here!r})
from test_atomic_write import write
for turn in range(30):
    with staging_folder(Path({out!r})) as stage:
        write(stage, f"{{sys.argv[1]}} {{turn}}")
"""


def test_of_several_runs_at_once_each_file_is_whole_and_nothing_else_is_left(processes, out):
    code = CROWD.format(here=str(Path(__file__).parent), out=str(out))
    crowd = [processes.start([sys.executable, "-c", code, str(number)]) for number in range(6)]
    assert [process.wait(timeout=120) for process in crowd] == [0] * 6
    assert all(re.fullmatch(r"[0-5] 29", content) for content in contents(out))
    assert not list(out.glob(".*"))


ROOT = Path(__file__).parents[1]
# A process started in the background may ignore Ctrl-C.
TRAIN = """
import select
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from tensorbook.cli.run_command import main
main()
"""


@pytest.fixture
def tensorbook(processes):
    environment = {**os.environ, "TENSORBOOK_MNIST": "sample", "NO_COLOR": "1", "COLUMNS": "100"}

    def start(code, *arguments):
        return processes.start(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

    return start


@pytest.mark.parametrize(
    "killer",
    # Each of them interrupts a training run of its own. During the day, it is Ctrl-C.
    [signal.SIGINT, *(pytest.param(one, marks=pytest.mark.nightly) for one in (signal.SIGTERM, signal.SIGKILL))],
    ids=lambda number: number.name,
)
def test_a_training_that_is_stopped_half_way_leaves_the_earlier_results(tensorbook, wait_until, out, killer):
    process = tensorbook(TRAIN, "train", "--epochs", 5000, "--out", out)

    def has_begun():
        assert process.poll() is None, process.communicate(timeout=60)
        # The sample has been mentioned, so this is no longer the folder that tested the free space.
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


def test_more_room_is_asked_for_than_the_results_of_the_book_s_run_take():
    files = Record.load(RESULTS).files
    assert len(files) > 10
    assert sum((RESULTS / name).stat().st_size for name in files) < ROOM
