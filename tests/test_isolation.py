"""No test waits forever, leaves a process behind, sees the user's own files, or reaches another computer."""

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# Not tests: scripts to run manually, and benchmarks that take minutes.
SCRIPTS = {Path("write_mutation_record.py"), Path("benchmarks/measuring.py")}
STARTING = {f"subprocess.{name}" for name in ("Popen", "run", "call", "check_call", "check_output")}
# Ignores polite requests to end, and has a child that keeps its pipe open.
STUBBORN = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
pathlib.Path(sys.argv[1], "child" if not child else "parent").write_text(str(os.getpid()))
time.sleep(600)
"""


def is_running(pid: str) -> bool:
    """Return whether a process is running; a process that has ended but that its parent has not waited for is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def stubborn(processes, tmp_path, wait_until):
    """A process and its child, which have reported their process IDs."""
    process = processes.start([sys.executable, "-c", STUBBORN, tmp_path], stdout=subprocess.PIPE)
    wait_until(lambda: len([path for path in tmp_path.iterdir() if path.read_text()]) == 2)
    return process, [path.read_text() for path in tmp_path.iterdir()]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux's /proc for processes")
def test_a_process_is_ended_with_what_it_started(stubborn, processes, wait_until):
    process, pids = stubborn
    assert all(map(is_running, pids))
    processes.end_all()
    assert process.returncode == -9
    wait_until(lambda: not any(map(is_running, pids)))


def test_a_run_that_takes_too_long_is_ended_though_its_pipe_is_open(processes, tmp_path, wait_until):
    with pytest.raises(subprocess.TimeoutExpired):
        processes.run([sys.executable, "-c", STUBBORN, tmp_path], timeout=0.5)
    wait_until(lambda: not any(is_running(path.read_text()) for path in tmp_path.iterdir()))


def test_when_pytest_is_asked_to_end_its_children_are_ended_too(processes, tmp_path, wait_until):
    """This runs in a separate pytest with the same fixtures."""
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text(encoding="utf-8"))
    (tmp_path / "children").mkdir()
    call = f"processes.run([{sys.executable!r}, '-c', {STUBBORN!r}, {str(tmp_path / 'children')!r}])"
    (tmp_path / "test_waits.py").write_text(f"def test_waits(processes):\n    {call}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path]
    pytest_of_its_own = processes.start(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_until(lambda: len([path for path in (tmp_path / "children").iterdir() if path.read_text()]) == 2)
    pids = [path.read_text() for path in (tmp_path / "children").iterdir()]
    assert all(map(is_running, pids))
    pytest_of_its_own.terminate()
    assert b"KeyboardInterrupt" in pytest_of_its_own.communicate(timeout=60)[0]
    wait_until(lambda: not any(map(is_running, pids)))


def test_a_check_that_fails_says_what_the_process_said(processes):
    with pytest.raises(AssertionError, match="exit status 3: too bad"):
        processes.run([sys.executable, "-c", "import sys; print('too bad', file=sys.stderr); sys.exit(3)"], check=True)


def test_a_wait_has_a_limit(wait_until, monkeypatch):
    monkeypatch.setitem(wait_until.__globals__, "LIMIT", 0)
    with pytest.raises(AssertionError, match="gave up after 0 seconds"):
        wait_until(lambda: False)


def test_every_test_has_a_limit(pytestconfig):
    assert 0 < float(pytestconfig.getini("timeout")) <= 300


def calls(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), [keyword.arg for keyword in node.keywords], node


def test_only_the_fixture_starts_processes_and_every_wait_has_a_limit():
    found = []
    for path in sorted(TESTS.rglob("*.py")):
        for name, keywords, node in calls(path):
            place = f"{path.relative_to(TESTS)}:{node.lineno}"
            if path.relative_to(TESTS) in SCRIPTS:
                continue
            if name in STARTING and path != TESTS / "conftest.py":
                found.append(f"{place}: use the fixture `processes` instead of {name}")
            if name.endswith((".communicate", ".wait", "thread.join")) and not (node.args or "timeout" in keywords):
                found.append(f"{place}: {name} has no limit")
    assert not found


def test_a_download_in_a_test_does_not_reach_the_user_s_cache(tmp_path_factory):
    from tensorbook.data import cache

    assert cache.find_copy().path == tmp_path_factory.getbasetemp() / "keras/datasets/mnist.npz"


def test_a_connection_to_another_computer_is_an_error():
    with socket.socket() as other, pytest.raises(RuntimeError, match=r"would have connected to 192\.0\.2\.1"):
        other.connect(("192.0.2.1", 80))
