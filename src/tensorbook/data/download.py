"""Fetch MNIST from where Keras fetches it: to a temporary file, verified, then moved."""

import logging
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tensorbook.data.errors import DataError
from tensorbook.data.identity import Mnist
from tensorbook.data.npz import read_npz

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
RETRIES = 2  # pooch waits 1 s and 2 s: enough for a hiccup, and no long wait for who is offline
TIMEOUT = 30  # seconds without a byte


def download(target: Path) -> Mnist:
    """Download MNIST, verify it, and only then put it in its place.

    However many processes do this at once, and wherever one is killed: ``target`` is what it was, or a good
    file.

    Raises:
        DataError: The download failed, or brought something else.
        OSError: ``target`` can't be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # On the same disk as the target, or the last step would be no single step.
    with tempfile.TemporaryDirectory(prefix=".mnist-", dir=target.parent) as folder:
        private = _retrieve(Path(folder))
        data = read_npz(private)
        # Temporary files are for their owner's eyes only; a copy has the usual rights.
        shared = shutil.copyfile(private, Path(folder, "shared.npz"))
        os.replace(shared, target)  # noqa: PTH105  # named for what matters here: it replaces in one step
    return data


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
    downloader = pooch.HTTPDownloader(progressbar=True, chunk_size=2**16, timeout=TIMEOUT)
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # its notes name the temporary folder, which tells a reader nothing
    try:
        return Path(fetcher.fetch("mnist.npz", downloader=downloader))
    except requests.HTTPError as error:
        status = "an error" if error.response is None else f"status {error.response.status_code}"
        reason = f"{host} answered with {status}"
    except requests.Timeout:
        reason = f"{host} did not answer within {TIMEOUT} seconds"
    except requests.RequestException:
        reason = f"the connection to {host} failed or broke off"
    except ValueError:
        reason = f"what {host} sent is not the published file: its SHA-256 is not {SHA256[:12]}…"
    finally:
        logger.setLevel(level)
    raise DataError(f"it could not be downloaded from {URL} ({reason})")
