"""Shared by the data tests: no variable, an empty home for Keras, and a server that fails in various ways."""

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tensorbook.data import Mnist, checksums, load_sample


@pytest.fixture(scope="session")
def mnist_file(users_mnist: Path | None) -> Path:
    """The real mnist.npz; without it, tests that need all 70,000 digits are skipped."""
    if users_mnist is None:
        pytest.skip("needs all of MNIST: set TENSORBOOK_MNIST to an mnist.npz file, or run `tensorbook data fetch`")
    return users_mnist


@pytest.fixture(autouse=True)
def keras_home(_the_users_own_files_are_left_alone: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for Keras, and no variable."""
    monkeypatch.delenv("TENSORBOOK_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


@pytest.fixture
def nobody() -> Iterator[None]:
    """Run the rest of the test without root's rights, since permissions don't stop root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65_534)
    yield
    if root:
        os.seteuid(0)


@pytest.fixture
def cached(keras_home: Path) -> Path:
    """The path of Keras's copy; the folder exists, but the copy does not."""
    (keras_home / "datasets").mkdir(parents=True)
    return keras_home / "datasets" / "mnist.npz"


@pytest.fixture(scope="session")
def seventy() -> tuple[np.ndarray, ...]:
    train, test = load_sample()
    return train.images[:60], train.labels[:60], test.images[:10], test.labels[:10]


@pytest.fixture
def digits(seventy: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """Seventy genuine digits that count as MNIST in this test, so that its files are small."""
    keys = ("x_train", "y_train", "x_test", "y_test")
    arrays = {key: array.copy() for key, array in zip(keys, seventy, strict=True)}
    published = tuple(
        array._replace(shape=arrays[array.key].shape, sha256=checksums._sha256(arrays[array.key]))
        for array in checksums.MNIST
    )
    monkeypatch.setattr(checksums, "MNIST", published)
    return arrays


@pytest.fixture
def archive(digits: dict[str, np.ndarray], tmp_path: Path) -> Path:
    """An .npz file with the seventy digits."""
    np.savez_compressed(tmp_path / "digits.npz", **digits)
    return tmp_path / "digits.npz"


def idx_bytes(array: np.ndarray) -> bytes:
    """Write an array as IDX."""
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(name="idx_bytes")
def _idx_bytes() -> Callable[[np.ndarray], bytes]:
    return idx_bytes


@pytest.fixture
def same() -> Callable[[Mnist, dict[str, np.ndarray]], bool]:
    """Compare loaded digits with four arrays."""

    def compare(data: Mnist, arrays: dict[str, np.ndarray]) -> bool:
        loaded = (*data.train, *data.test)
        return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in zip(loaded, arrays.values(), strict=True))

    return compare


class Server(ThreadingHTTPServer):
    """A web server that serves, fails and disconnects as instructed."""

    daemon_threads = True
    request_queue_size = 64
    body = b""
    status = 200
    cut: int | None = None  # send only this many bytes of the body
    reset = False  # and then break the connection instead of closing it
    stall = False  # or send nothing until the test ends
    drip: float | None = None  # send a byte at a time, this many seconds apart
    length: int | None = None  # claim this length
    location = ""  # redirect requests for mnist.npz to this address
    requests = 0

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.over = threading.Event()

    def shutdown_request(self, request: Any) -> None:
        if self.reset:
            # Closing with a linger of 0 seconds sends a reset.
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_request(request)
        else:
            super().shutdown_request(request)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests += 1
        if self.server.location and self.path == "/mnist.npz":
            self.send_response(302)
            self.send_header("Location", self.server.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(self.server.status)
        length = len(self.server.body) if self.server.length is None else self.server.length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        body = self.server.body[: self.server.cut]
        with contextlib.suppress(ConnectionError):  # the client hangs up
            if self.server.drip is None:
                self.wfile.write(body)
            else:
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.server.over.wait(timeout=self.server.drip)
            if self.server.stall:
                self.server.over.wait(timeout=600)  # the test ends long before that

    def do_CONNECT(self) -> None:
        """Handle a request to a proxy; the first ones fail, as many as the test needs."""
        self.server.requests += 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server that MNIST is downloaded from in this test; pooch does not wait between attempts."""
    from tensorbook.data import download_mnist

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(download_mnist, "URL", f"http://127.0.0.1:{server.server_port}/mnist.npz")
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.over.set()
    server.shutdown()
    thread.join(timeout=60)
    server.server_close()


@pytest.fixture
def good_server(server: Server, archive: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The same server, with an archive that counts as the published one in this test."""
    import hashlib

    from tensorbook.data import download_mnist

    server.body = archive.read_bytes()
    monkeypatch.setattr(download_mnist, "NPZ_SHA256", hashlib.sha256(server.body).hexdigest())
    return server
