"""A process that is killed at any line of a download leaves nothing that a later process trusts."""

import signal
import subprocess
import sys

import pytest

from kill_at_line import TRACER
from tensorbook.data import checksums, download_mnist, fetch, load_mnist

# One process imports everything once; each of its children is killed one line later than the one before.
CODE = """
import pooch, requests
from pooch import core, downloaders
from tensorbook.data import cache, download_mnist, fetch, checksums, npz
checksums.MNIST = tuple(checksums.Published(*array) for array in {published!r})
download_mnist.URL, download_mnist.NPZ_SHA256 = {url!r}, {sha256!r}
files = {{module.__file__ for module in (cache, core, download_mnist, downloaders, npz)}}

last = 0
while True:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.settrace(tracer(last))
        fetch()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(last, status, os.path.isfile({cached!r}), flush=True)
    if status == 0:
        break
    sys.stdin.readline()
    last += {step}
"""


@pytest.mark.parametrize(("before", "step"), [(b"damaged", 9), (None, 9)], ids=["a damaged copy", "no copy"])
def test_whatever_line_a_fetch_is_killed_at_the_copy_is_the_earlier_one_or_a_good_one(
    processes, every, good_server, cached, digits, same, before, step
):
    step = every(step)
    published = [tuple(array) for array in checksums.MNIST]
    code = TRACER + CODE.format(
        published=published, url=download_mnist.URL, sha256=download_mnist.NPZ_SHA256, cached=str(cached), step=step
    )
    if before:
        cached.write_bytes(before)
    statuses, copies = [], []
    killed = processes.start(
        [sys.executable, "-W", "error", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    for line in killed.stdout:
        statuses.append(int(line.split()[1]))
        copies.append(cached.read_bytes() if cached.is_file() else None)
        if statuses[-1] == 0:
            break
        cached.unlink(missing_ok=True)
        if before:
            cached.write_bytes(before)
        killed.stdin.write("\n")
        killed.stdin.flush()
    assert statuses[-1] == 0
    assert set(statuses[:-1]) == {int(signal.SIGKILL)}
    assert len(statuses) > 200 / step
    assert set(copies) == {before, good_server.body}
    assert copies.index(good_server.body) > len(copies) // 2
    assert len(list(cached.parent.glob(".mnist-*"))) > 100 / step, "the killed ones were at work"
    cached.write_bytes(b"damaged")  # the leftovers don't get in the way
    assert fetch() == cached
    assert same(load_mnist(), digits)


def test_a_fetch_that_is_killed_half_way_through_the_body_leaves_no_copy(
    processes, wait_until, good_server, cached, digits, same
):
    """The kill comes from outside while the server holds back the rest of the file."""
    good_server.cut = len(good_server.body) // 2
    good_server.stall = True
    published = [tuple(array) for array in checksums.MNIST]
    code = TRACER + CODE.format(
        published=published, url=download_mnist.URL, sha256=download_mnist.NPZ_SHA256, cached=str(cached), step=1
    ).replace("last = 0", "last = 10**9")
    process = processes.start([sys.executable, "-c", code], stdin=subprocess.PIPE)

    def has_begun():
        assert process.poll() is None
        try:
            return any(path.stat().st_size for path in cached.parent.glob(".mnist-*/*"))
        except FileNotFoundError:  # it existed a moment ago: a test of whether the folder can be written to
            return False

    wait_until(has_begun)
    processes.end(process)
    assert not cached.exists()
    good_server.stall, good_server.cut = False, None
    assert same(load_mnist(), digits)
