"""Downloads from a real web server on this machine, which fails in various ways."""

import hashlib
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from tensorbook.data import DataError, checksums, download_mnist, fetch, find_mnist, load_mnist


def left_behind(cached: Path) -> list[str]:
    return sorted(path.name for path in cached.parent.iterdir())


def break_server(server, failure: str) -> None:
    if failure.isdigit():
        server.status = int(failure)
    elif failure == "cut short":
        server.cut = len(server.body) // 2
    elif failure == "reset":
        server.cut = len(server.body) // 2
        server.reset = True
    elif failure == "wrong bytes of the right length":
        server.body = bytes(len(server.body))
    elif failure == "empty":
        server.body = b""


FAILURES = {
    "403": "answered with status 403",
    "404": "answered with status 404",
    "500": "answered with status 500",
    "cut short": "failed or was interrupted",
    "reset": "failed or was interrupted",
    "wrong bytes of the right length": "is not the published one: its SHA-256 is not",
    "empty": "is not the published one: its SHA-256 is not",
}
every_failure = pytest.mark.parametrize(("failure", "reason"), FAILURES.items(), ids=FAILURES)


def test_the_first_load_downloads_and_the_second_reads_what_was_kept(good_server, cached, digits, same):
    assert find_mnist() == ("download", download_mnist.URL, f"to be downloaded: {cached} does not exist")
    assert same(load_mnist(), digits)
    assert same(load_mnist(), digits)
    assert good_server.requests == 1
    assert left_behind(cached) == ["mnist.npz"]
    assert cached.read_bytes() == good_server.body
    assert str(find_mnist()) == f"{cached} (Keras's cache)"


@pytest.mark.usefixtures("good_server")
def test_a_download_shows_its_progress_and_no_temporary_name(capfd):
    load_mnist()
    shown = capfd.readouterr()
    assert "100%" in shown.err
    assert "tmp" not in shown.err
    assert shown.out == ""


def test_a_file_as_large_as_the_published_one_is_downloaded_whole(good_server, cached, digits, same, monkeypatch):
    np.savez(cached, **digits, extra=np.zeros(11_400_000, dtype=np.uint8))
    good_server.body = cached.read_bytes()
    cached.unlink()
    monkeypatch.setattr(download_mnist, "NPZ_SHA256", hashlib.sha256(good_server.body).hexdigest())
    assert same(load_mnist(), digits)
    assert cached.read_bytes() == good_server.body


def test_a_body_as_long_as_may_be_is_read_to_its_end(good_server, digits, same, monkeypatch):
    monkeypatch.setattr(download_mnist, "LIMIT", len(good_server.body))
    assert same(load_mnist(), digits)


def test_fetch_returns_the_path_and_downloads_once(good_server, keras_home):
    path = fetch()
    assert path == keras_home / "datasets" / "mnist.npz"
    assert fetch() == path
    assert good_server.requests == 1


@pytest.mark.usefixtures("good_server")
def test_the_kept_file_has_the_usual_rights(tmp_path):
    (tmp_path / "usual").touch()
    assert stat.S_IMODE(fetch().stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)


@every_failure
def test_a_failed_download_says_why_and_keeps_nothing(good_server, cached, failure, reason):
    break_server(good_server, failure)
    for call in (load_mnist, fetch):
        with pytest.raises(DataError) as error:
            call()
        message = str(error.value)
        assert f"{cached} does not exist, and it could not be downloaded from {download_mnist.URL} (" in message
        assert reason in message
        for way_out in ("set TENSORBOOK_MNIST to", "or set TENSORBOOK_MNIST=sample"):
            assert way_out in message
        assert "data fetch" not in message, "that is what has just failed"
        assert "\n" not in message
        assert left_behind(cached) == []
        assert f" is not {download_mnist.NPZ_SHA256[:12]}…)" in message or "SHA-256" not in reason
    assert good_server.requests == 2 * 3  # each download tries three times


@every_failure
def test_a_damaged_copy_and_a_failed_download_are_both_told(good_server, cached, failure, reason):
    cached.write_bytes(b"damaged")
    break_server(good_server, failure)
    with pytest.raises(DataError) as error:
        load_mnist()
    assert f"{cached} is truncated, damaged or in a different format, and it could not be down" in str(error.value)
    assert reason in str(error.value)
    assert left_behind(cached) == ["mnist.npz"]
    assert cached.read_bytes() == b"damaged"


@every_failure
def test_a_good_copy_is_never_touched(good_server, cached, archive, digits, same, failure, reason):
    cached.write_bytes(archive.read_bytes())
    break_server(good_server, failure)
    assert same(load_mnist(), digits)
    assert fetch() == cached
    assert good_server.requests == 0, reason


def test_a_good_copy_is_told_by_its_arrays_not_by_its_container(good_server, cached, digits):
    np.savez(cached, **digits)
    assert cached.read_bytes() != good_server.body
    assert fetch() == cached
    assert good_server.requests == 0


def test_a_damaged_copy_is_replaced_by_a_verified_one(good_server, cached, digits, same):
    cached.write_bytes(good_server.body[:-100])
    assert "damaged" in str(find_mnist())
    assert same(load_mnist(), digits)
    assert cached.read_bytes() == good_server.body
    assert left_behind(cached) == ["mnist.npz"]


def test_a_hiccup_is_tried_again(good_server, digits, same, monkeypatch):
    good_server.status = 500
    monkeypatch.setattr("pooch.core.time.sleep", lambda _: setattr(good_server, "status", 200))
    assert same(load_mnist(), digits)
    assert good_server.requests == 2


@pytest.mark.usefixtures("good_server")
def test_a_file_with_the_published_checksum_must_still_hold_the_digits(cached, monkeypatch):
    monkeypatch.setattr(checksums, "MNIST", tuple(array._replace(sha256="0" * 64) for array in checksums.MNIST))
    with pytest.raises(DataError, match="does not contain the published digits"):
        load_mnist()
    assert left_behind(cached) == []


@pytest.mark.usefixtures("cached")
def test_where_nobody_answers_the_message_says_so(server):
    port = server.server_port
    server.server_close()
    with pytest.raises(DataError, match=f"the connection to 127.0.0.1:{port} failed or was interrupted"):
        load_mnist()


@pytest.mark.usefixtures("cached")
def test_a_server_that_keeps_silent_is_given_up(server, monkeypatch):
    monkeypatch.setattr(download_mnist, "TIMEOUT", 0.05)
    monkeypatch.setattr(server, "process_request", lambda request, _: server.kept.append(request), raising=False)
    server.kept = []
    with pytest.raises(DataError, match=r"did not answer within 0.05 seconds"):
        load_mnist()
    for request in server.kept:
        request.close()


def unwritable(tmp_path: Path) -> Path:
    """A folder that not even root can write to, because its parent is a file."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "keras"


@pytest.mark.usefixtures("good_server")
def test_where_the_cache_cant_be_written_the_digits_come_with_a_warning(digits, same, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(unwritable(tmp_path)))
    with pytest.warns(UserWarning, match="MNIST was downloaded but could not be saved") as caught:
        data = load_mnist()
    assert same(data, digits)
    assert "keras/datasets/mnist.npz can't be written: Not a directory" in str(caught[0].message)
    assert "set KERAS_HOME to a different folder" in str(caught[0].message)
    assert caught[0].filename == __file__


@pytest.mark.usefixtures("good_server")
def test_where_there_is_no_home_the_digits_come_with_a_warning(digits, same, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", "~nobody-of-this-name/keras")
    with pytest.warns(UserWarning, match="could not be saved .there is no home folder"):
        data = load_mnist()
    assert same(data, digits)


@pytest.mark.usefixtures("good_server")
def test_where_a_folder_is_in_the_way_the_digits_come_with_a_warning(cached, digits, same):
    cached.mkdir()
    with pytest.warns(UserWarning, match="could not be saved"):
        data = load_mnist()
    assert same(data, digits)
    assert left_behind(cached) == ["mnist.npz"]


def test_where_the_cache_may_only_be_read_the_digits_come_with_a_warning(good_server, cached, digits, same, request):
    cached.parent.chmod(0o500)
    request.getfixturevalue("nobody")
    with pytest.warns(UserWarning, match="can't be (read|written).*Permission denied"):
        data = load_mnist()
    assert same(data, digits)
    assert good_server.requests == 1


@pytest.mark.parametrize("home", ["", "~nobody-of-this-name/keras"], ids=["unwritable", "no home"])
@pytest.mark.usefixtures("good_server")
def test_fetch_refuses_where_it_cant_keep_the_file(tmp_path, monkeypatch, home):
    monkeypatch.setenv("KERAS_HOME", home or str(unwritable(tmp_path)))
    with pytest.raises(DataError, match="set KERAS_HOME to a"):
        fetch()


@pytest.mark.usefixtures("good_server")
def test_keras_home_defaults_to_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert fetch() == tmp_path / "home" / ".keras" / "datasets" / "mnist.npz"


@pytest.mark.usefixtures("good_server")
def test_an_interrupted_download_leaves_nothing(cached, monkeypatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pooch.core.hash_matches", interrupt)
    with pytest.raises(KeyboardInterrupt):
        load_mnist()
    assert left_behind(cached) == []


@pytest.mark.usefixtures("good_server")
def test_poochs_own_logger_is_left_as_it_was():
    import pooch

    level = pooch.get_logger().level
    load_mnist()
    assert pooch.get_logger().level == level


def test_many_processes_at_once_leave_one_good_file(processes, good_server, cached, digits, same, every):
    many = 24 // every(3)
    code = f"""
from tensorbook.data import download_mnist, fetch, checksums
published = {[tuple(array) for array in checksums.MNIST]!r}
checksums.MNIST = tuple(checksums.Published(*array) for array in published)
download_mnist.URL, download_mnist.NPZ_SHA256 = {download_mnist.URL!r}, {download_mnist.NPZ_SHA256!r}
print(fetch())
"""
    crowd = [
        processes.start([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(many)
    ]
    answers = [(*process.communicate(timeout=60), process.returncode) for process in crowd]
    assert [(out, status) for out, _, status in answers] == [(f"{cached}\n", 0)] * many, answers
    assert left_behind(cached) == ["mnist.npz"]
    with warnings.catch_warnings():
        good_server.status = 500
        assert same(load_mnist(), digits)
    assert cached.stat().st_size == len(good_server.body)
