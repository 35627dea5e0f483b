"""A process that runs pytest again and again, each time on what the project is by then."""

import time

import pytest

from tensorbook.book.warm import Warm

SLEEPS = "import subprocess, sys\n\n\ndef test_sleeps():\n    subprocess.run([sys.executable, '-c', {!r}])\n"


@pytest.fixture(scope="module")
def warm():
    with Warm(["pytest"]) as process:
        yield process


@pytest.fixture
def project(tmp_path):
    """A project whose library is called like this one, and whose test asks it."""
    (tmp_path / "src/tensorbook").mkdir(parents=True)
    (tmp_path / "test_two.py").write_text("import tensorbook\n\n\ndef test_two():\n    assert tensorbook.two == 2\n")
    return tmp_path


def write(project, source):
    (project / "src/tensorbook/__init__.py").write_text(source)


def test_each_run_sees_what_the_project_is_by_then(warm, project):
    """Also where the file has its size and the second of its date as before, as bytecode is known by these."""
    found = []
    for value in (2, 3, 2, 4):
        write(project, f"two = {value}\n")
        found.append(warm.run(project, ["-q", "."], 60))
    assert found == [0, 1, 0, 1]


def test_what_a_run_did_to_its_process_is_gone_in_the_next(warm, project):
    write(project, "import os\n\ntwo = 2 if 'TWO' not in os.environ else 3\nos.environ['TWO'] = 'set'\n")
    assert [warm.run(project, ["-q", "."], 60) for _ in range(2)] == [0, 0]


def test_when_the_time_is_up_the_run_is_ended_with_all_that_it_started(warm, project, tmp_path):
    late = tmp_path / "late"
    (project / "test_two.py").write_text(SLEEPS.format(f"import time; time.sleep(3); open({str(late)!r}, 'w')"))
    assert warm.run(project, ["-q", "."], 1) is None
    time.sleep(3)
    assert not late.exists()


def test_a_process_that_dies_at_once_is_a_failure(warm, project):
    (project / "test_two.py").write_text("import os\n\n\ndef test_dies():\n    os._exit(7)\n")
    assert warm.run(project, ["-q", "."], 60) == 7
