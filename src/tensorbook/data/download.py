"""Fetch MNIST from where Keras fetches it: to a temporary file, verified, then moved."""

import functools
import logging
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tensorbook.data.errors import DataError
from tensorbook.data.identity import Mnist
from tensorbook.data.leftovers import sweep
from tensorbook.data.npz import read_npz

if TYPE_CHECKING:
    import requests

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
RETRIES = 2  # pooch waits 1 s and 2 s: enough for a hiccup, and no long wait for who is offline
TIMEOUT = 30  # seconds without a byte
PATIENCE = 1_800  # seconds in all, for who sends a byte now and then: a slow telephone line would do it in these
LIMIT = 2**24  # bytes; the file has 11,490,434
PREFIX = ".mnist-"


def download(target: Path) -> Mnist:
    """Download MNIST, verify it, and only then put it in its place.

    However many processes do this at once, and wherever one is killed: ``target`` is what it was, or a good
    file.

    Raises:
        DataError: The download failed, or brought something else.
        OSError: ``target`` can't be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent, PREFIX)
    # On the same disk as the target, or the last step would be no single step.
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=target.parent) as folder:
        private = _retrieve(Path(folder))
        data = read_npz(private)
        # Temporary files are for their owner's eyes only; a copy has the usual rights.
        shared = shutil.copyfile(private, Path(folder, "shared.npz"))
        os.replace(shared, target)  # noqa: PTH105  # named for what matters here: it replaces in one step
    return data


class _TooSlowError(Exception):
    """All of the time that a download may take has passed."""


def _retrieve(folder: Path) -> Path:
    # Here, not above: they take longer to import than NumPy.
    import pooch
    import requests

    host = urlsplit(URL).netloc
    fetcher = pooch.create(
        path=folder,
        base_url="",
        registry={"mnist.npz": SHA256},
        urls={"mnist.npz": URL},
        retry_if_failed=RETRIES,
    )
    hooks = {"response": functools.partial(_promptly, time.monotonic() + PATIENCE)}
    downloader = pooch.HTTPDownloader(progressbar=True, chunk_size=65_536, timeout=TIMEOUT, hooks=hooks)
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # its notes name the temporary folder, which tells a reader nothing
    try:
        return Path(fetcher.fetch("mnist.npz", downloader=downloader))
    except requests.HTTPError as error:
        status = "an error" if error.response is None else f"status {error.response.status_code}"
        reason = f"{host} answered with {status}"
    except _TooSlowError:
        reason = f"{host} had not sent it all after {PATIENCE:,} seconds"
    except requests.Timeout:
        reason = f"{host} did not answer within {TIMEOUT} seconds"
    except requests.RequestException:
        reason = f"the connection to {host} failed or broke off"
    except ValueError:
        reason = f"what {host} sent is not the published file: its SHA-256 is not {SHA256[:12]}…"
    finally:
        logger.setLevel(level)
    raise DataError(f"it could not be downloaded from {URL} ({reason})")


def _promptly(deadline: float, response: "requests.Response", **_: Any) -> None:
    """Hand a response's bytes on as they come, none after the deadline and none past the limit.

    Requests waits until a chunk is full; a server that drips would never let it look at the clock.
    """

    def stream(raw: Any, size: int, decode_content: bool) -> Iterator[bytes]:
        left = LIMIT
        while chunk := raw.read1(size, decode_content=decode_content):
            left -= len(chunk)
            if time.monotonic() > deadline:
                raise _TooSlowError
            if left < 0:
                raise ValueError("that is more than the file has")
            yield chunk

    # Were it to hold itself, it would stay open until the garbage is collected.
    response.raw.stream = functools.partial(stream, weakref.proxy(response.raw))
