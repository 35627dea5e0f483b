"""Disks that are full, read-only or missing."""

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tensorbook.atomic_write import remove_abandoned
from tensorbook.data import DataError, checksums, download_mnist, fetch, find_mnist, load_mnist

FETCH = """
import sys
from tensorbook.atomic_write import remove_abandoned
from tensorbook.data import DataError, download_mnist, fetch, checksums, load_mnist
checksums.MNIST = tuple(checksums.Published(*array) for array in {published!r})
download_mnist.URL, download_mnist.NPZ_SHA256 = {url!r}, {sha256!r}
try:
    {call}
except DataError as error:
    sys.exit(str(error))
"""


def fetching(call: str) -> list[str]:
    """Return the command that makes a separate process download from this test's server."""
    published = [tuple(array) for array in checksums.MNIST]
    code = FETCH.format(published=published, url=download_mnist.URL, sha256=download_mnist.NPZ_SHA256, call=call)
    return [sys.executable, "-c", code]


WITHOUT_ROOM = ["bash", "-c", 'ulimit -f 4; exec "$@"', "bash"]  # no file grows past 4 KiB
SMALL_DISK = ["unshare", "--map-root-user", "--mount", "sh", "-c", 'mount -t tmpfs -o size=8k none "$0" && exec "$@"']


def may_mount(processes, folder: Path) -> bool:
    """Return whether this process may make a small disk; a container or a hardened system may forbid it."""
    try:
        return processes.run([*SMALL_DISK, str(folder), "true"]).returncode == 0
    except OSError:
        return False


@pytest.mark.parametrize("there", [None, b"damaged"], ids=["no copy", "a damaged copy"])
@pytest.mark.parametrize("call", ["load_mnist()", "fetch()"])
@pytest.mark.usefixtures("good_server")
def test_without_room_anywhere_the_error_says_so_and_nothing_changes(processes, cached, there, call):
    if there:
        cached.write_bytes(there)
    done = processes.run([*WITHOUT_ROOM, *fetching(call)])
    assert done.returncode == 1
    assert f"{cached} can't be written" in done.stderr
    assert "File too large" in done.stderr
    assert "TENSORBOOK_MNIST=sample" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.read_bytes() for path in cached.parent.iterdir()] == [there] * bool(there)


@pytest.mark.usefixtures("good_server")
def test_where_the_cache_s_disk_is_full_the_digits_come_with_a_warning(processes, cached):
    """This uses a real disk of 8 KiB if possible, and otherwise a limit on file sizes."""
    call = "print(len(load_mnist().train.labels))"
    if may_mount(processes, cached.parent):
        done = processes.run([*SMALL_DISK, str(cached.parent), *fetching(call)])
        assert done.stdout == "60\n", done.stderr
        assert f"could not be saved ({cached} can't be written: No space left on device)" in done.stderr
    else:
        done = processes.run([*WITHOUT_ROOM, *fetching(call)])
        assert "can't be written" in done.stderr
    assert list(cached.parent.iterdir()) == []


@pytest.mark.usefixtures("good_server")
def test_a_pipe_in_the_cache_is_not_waited_for(cached, digits, same):
    os.mkfifo(cached)
    assert "mnist.npz is not a file" in str(find_mnist())
    assert same(load_mnist(), digits)
    assert cached.is_file()


@pytest.mark.usefixtures("good_server")
def test_an_empty_file_in_the_cache_is_replaced(cached, digits, same):
    cached.touch()
    assert same(load_mnist(), digits)
    assert cached.stat().st_size


@pytest.fixture
def homeless(tmp_path, monkeypatch, request):
    """A home folder that does not exist and can't be created."""
    (tmp_path / "homes").mkdir(mode=0o555)
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "homes" / "gone"))
    request.getfixturevalue("nobody")


@pytest.mark.usefixtures("good_server", "homeless")
def test_where_the_home_does_not_exist_the_digits_come_with_a_warning(digits, same):
    with pytest.warns(UserWarning, match="could not be saved .*can't be (read|written).*Permission denied"):
        data = load_mnist()
    assert same(data, digits)
    with pytest.raises(DataError, match=r"Permission denied.*set KERAS_HOME to a"):
        fetch()


def test_what_killed_downloads_left_is_swept_when_it_is_a_day_old(good_server, cached):
    old, young, other = (cached.parent / name for name in (".mnist-old", ".mnist-young", "mnist-old"))
    for folder in (old, young, other):
        folder.mkdir()
        (folder / "part").write_bytes(good_server.body)
    day = 24 * 60 * 60
    for folder, seconds in ((old, day + 60), (young, day - 60), (other, day + 60)):
        os.utime(folder, (time.time() - seconds,) * 2)
    fetch()
    assert not old.exists()
    assert young.exists()
    assert other.exists()


@pytest.mark.usefixtures("nobody")
def test_an_old_folder_that_can_t_be_removed_keeps_no_other_from_being_swept():
    with tempfile.TemporaryDirectory() as home:  # not pytest's folders, which belong to root
        locked, free = ([Path(home, f".mnist-{kind}-{number}") for number in range(5)] for kind in ("locked", "free"))
        for folder in (*locked, *free):
            folder.mkdir()
            (folder / "part").touch()
            folder.chmod(0o555 if folder in locked else 0o755)
            os.utime(folder, (0, 0))
        remove_abandoned(Path(home), ".mnist-")
        assert sorted(Path(home).iterdir()) == sorted(locked)
        for folder in locked:
            folder.chmod(0o755)
