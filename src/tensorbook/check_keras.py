"""Check the reader's settings of Keras.

This runs before Keras is imported, because Keras's own messages would be less helpful.
"""

import json
import os
from pathlib import Path
from typing import Any

from tensorbook.errors import UsageError

# Values that Keras accepts in its configuration file, the default first.
KERAS_SETTINGS = {"floatx": ("float32", "float16", "float64"), "image_data_format": ("channels_last", "channels_first")}
CUTS = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")


def check_keras() -> None:
    """Check that Keras can be imported, runs on TensorFlow, and does not cut training short.

    Dtypes and the order of image axes do not matter, since this library's networks set their own.

    Raises:
        UsageError: A setting prevents this; the message names it and says what to do.
    """
    path, config = keras_config()
    for name, values in KERAS_SETTINGS.items():
        if config.get(name, values[0]) not in values:
            raise UsageError(
                f"{path} sets {name} to {config[name]!r}, which Keras does not accept: use one of {', '.join(values)}."
            )
    for name in CUTS:
        if os.environ.get(name):
            raise UsageError(f"{name} is set to {os.environ[name]}, which would cut training short: unset it.")
    backend, where = os.environ.get("KERAS_BACKEND"), "the variable KERAS_BACKEND"
    if not backend:
        backend, where = config.get("backend", "tensorflow"), str(path)
    if backend != "tensorflow":
        raise UsageError(
            f"tensorbook needs Keras to run on TensorFlow, but {where} sets the backend to {str(backend)!r}: "
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
