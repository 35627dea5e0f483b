"""Download MNIST from the same address as Keras: save it to a temporary file, verify it, then move it."""

import functools
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tensorbook.atomic_write import remove_abandoned
from tensorbook.data.checksums import NPZ_SHA256
from tensorbook.data.dataset import Mnist
from tensorbook.data.download_errors import explain, explain_bundle
from tensorbook.data.npz import read_npz
from tensorbook.errors import DataError

if TYPE_CHECKING:
    import requests

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
RETRIES = 2  # pooch waits 1 s and 2 s: enough for a hiccup, and no long wait for who is offline
TIMEOUT = 30  # seconds without a byte
PATIENCE = 1_800  # seconds in total, for a host that sends a byte now and then; even a dial-up modem needs less
LIMIT = 2**24  # bytes; the file has 11,490,434
PREFIX = ".mnist-"


def download(target: Path) -> Mnist:
    """Download MNIST, verify it, and only then move it to its destination.

    No matter how many processes do this at once, or when one is killed, ``target`` is either unchanged or a good file.

    Raises:
        DataError: The download failed, or the file is not the published one.
        OSError: ``target`` can't be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(target.parent, PREFIX)
    # On the same disk as the target, or the last step would be no single step.
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=target.parent) as folder:
        private = _retrieve(Path(folder))
        data = read_npz(private)
        # Temporary files are for their owner's eyes only; a copy has the usual rights.
        shared = shutil.copyfile(private, Path(folder, "shared.npz"))
        os.replace(shared, target)  # noqa: PTH105  # named for what matters here: it replaces in one step
    return data


class _TooSlowError(Exception):
    """The download took longer than it may."""


class _NoCertificatesError(Exception):
    """The certificate file is missing."""


def _retrieve(folder: Path) -> Path:
    # Here, not above: they take longer to import than NumPy.
    import pooch
    import requests

    host = urlsplit(URL).netloc
    fetcher = pooch.create(
        path=folder,
        base_url="",
        registry={"mnist.npz": NPZ_SHA256},
        urls={"mnist.npz": URL},
        retry_if_failed=RETRIES,
    )
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # its notes name the temporary folder, which tells a reader nothing
    try:
        return Path(fetcher.fetch("mnist.npz", downloader=functools.partial(_save, time.monotonic() + PATIENCE)))
    except _TooSlowError:
        reason = f"{host} had not sent the whole file after {PATIENCE:,} seconds"
    except _NoCertificatesError as error:
        reason = explain_bundle(str(error))
    except requests.RequestException as error:
        reason = explain(error, URL, TIMEOUT)
    except ValueError:
        reason = f"the file that {host} sent is not the published one: its SHA-256 is not {NPZ_SHA256[:12]}…"
    finally:
        logger.setLevel(level)
    raise DataError(f"it could not be downloaded from {URL} ({reason})")


def _save(deadline: float, url: str, file: str, _: object) -> None:
    """Save a download as pooch's own downloader does, but stop at the deadline and at the size limit."""
    import requests
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress

    try:
        answer = requests.get(url, timeout=TIMEOUT, stream=True)
    except requests.RequestException:
        raise
    except OSError as error:  # requests says so of the file of certificates alone; ours would say it of a full disk
        raise _NoCertificatesError(error.strerror or "there is no such file") from None
    with (
        answer as response,
        Progress(*Progress.get_default_columns(), DownloadColumn(), console=Console(stderr=True)) as bars,
        open(file, "wb") as content,  # noqa: PTH123  # a name from pooch
    ):
        response.raise_for_status()
        bar = bars.add_task("mnist.npz", total=int(response.headers.get("content-length", 0)) or None)
        for part in _parts(response):
            content.write(part)
            bars.update(bar, advance=len(part))
            if time.monotonic() > deadline:
                raise _TooSlowError
            if content.tell() > LIMIT:
                raise ValueError("that is more than the file has")


def _parts(response: "requests.Response") -> Iterator[bytes]:
    """Yield a response's bytes as they arrive; `iter_content` would wait for a whole chunk, no matter how long."""
    import requests

    # Before version 2.2, urllib3 can only wait for a whole part: then it is a small one.
    read, size = (response.raw.read1, 65_536) if hasattr(response.raw, "read1") else (response.raw.read, 1024)
    try:
        while part := read(size, decode_content=True):
            yield part
    except requests.exceptions.BaseHTTPError as error:  # type: ignore[attr-defined]  # urllib3's, by requests's name
        raise requests.ConnectionError(error) from None
