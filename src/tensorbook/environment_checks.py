"""Check the reader's settings of other programs that affect this library: Keras's configuration, ``TF_CONFIG``.

The checks run before TensorFlow and Keras are imported, whose own messages would be less helpful.
"""

import json
import os
from pathlib import Path
from typing import Any

from tensorbook.errors import UsageError

TASKS = ("chief", "worker", "ps", "evaluator")
# Values that Keras accepts in its configuration file, the default first.
KERAS_SETTINGS = {"floatx": ("float32", "float16", "float64"), "image_data_format": ("channels_last", "channels_first")}
CUTS = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")


def check_keras() -> None:
    """Check that Keras can be imported, runs on TensorFlow, and does not cut trainings short.

    Dtypes and the order of image axes do not matter: the networks of this library set their own.

    Raises:
        UsageError: A setting prevents this; the message names it, and says what to do.
    """
    path, config = keras_config()
    for name, values in KERAS_SETTINGS.items():
        if config.get(name, values[0]) not in values:
            raise UsageError(
                f"{path} sets {name} to {config[name]!r}, which Keras can't read: it takes {', '.join(values)}."
            )
    for name in CUTS:
        if os.environ.get(name):
            raise UsageError(f"{name} is set to {os.environ[name]}, and would cut each training short: unset it.")
    backend, where = os.environ.get("KERAS_BACKEND"), "the variable KERAS_BACKEND"
    if not backend:
        backend, where = config.get("backend", "tensorflow"), str(path)
    if backend != "tensorflow":
        raise UsageError(
            f"tensorbook trains with Keras on TensorFlow, and {where} sets the backend {str(backend)!r}: "
            "set KERAS_BACKEND=tensorflow."
        )


def keras_config() -> tuple[Path, dict[str, Any]]:
    """Return the path and content of Keras's configuration file; like Keras, treat an unreadable file as empty."""
    path = Path(os.path.expanduser(os.environ.get("KERAS_HOME") or "~/.keras"), "keras.json")  # noqa: PTH111  # never raises
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        config = None
    return path, config if isinstance(config, dict) else {}


def in_cluster() -> bool:
    """Return whether ``TF_CONFIG`` makes this process part of a cluster; without a cluster in it, it does not.

    Raises:
        UsageError: The variable describes a cluster in a form that TensorFlow can't read.
    """
    text = os.environ.get("TF_CONFIG", "").strip()
    if not text:
        return False
    try:
        config = json.loads(text)
    except ValueError:
        raise _wrong("is not JSON", text) from None
    if not isinstance(config, dict):
        raise _wrong("is not a JSON object", text)
    cluster, task = config.get("cluster"), config.get("task")
    if not cluster:
        return False
    if not isinstance(cluster, dict) or not all(
        job in TASKS and isinstance(addresses, list) and all(isinstance(one, str) for one in addresses)
        for job, addresses in cluster.items()
    ):
        raise _wrong(f"needs lists of addresses, host:port, for the jobs in its cluster ({', '.join(TASKS)})", text)
    if not isinstance(task, dict) or task.get("type") not in cluster:
        raise _wrong("names a cluster, but in its task no type out of it", text)
    index, workers = task.get("index"), len(cluster[task["type"]])
    if type(index) is not int or not 0 <= index < workers:
        raise _wrong(f"needs an index from 0 to {workers - 1} in its task", text)
    return True


def _wrong(what: str, text: str) -> UsageError:
    return UsageError(f"TF_CONFIG {what}, and is {text:.200}: correct it as in chapter 10, or unset it.")
