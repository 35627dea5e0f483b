"""Chapter 10: who the workers of a training are, as TensorFlow wants to be told."""

import json
import socket
from contextlib import ExitStack


def loopback_cluster(workers: int) -> list[str]:
    """Return a ``TF_CONFIG`` for each of some workers on this computer, at free ports of 127.0.0.1.

    Nobody but programs on the same computer can reach them there.

    Args:
        workers: How many, at least 1.

    Raises:
        ValueError: ``workers`` is below 1.

    Examples:
        >>> first, second = map(json.loads, loopback_cluster(2))
        >>> first["task"], second["task"]
        ({'type': 'worker', 'index': 0}, {'type': 'worker', 'index': 1})
        >>> first["cluster"] == second["cluster"]
        True
    """
    if workers < 1:
        raise ValueError(f"a cluster needs at least one worker, got {workers}")
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(workers)]
        for free in sockets:  # all are held until the last is found: no port comes twice
            free.bind(("127.0.0.1", 0))
        addresses = ["127.0.0.1:{1}".format(*free.getsockname()) for free in sockets]
    cluster = {"worker": addresses}
    return [json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}}) for index in range(workers)]
