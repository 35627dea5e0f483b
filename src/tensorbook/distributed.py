"""Chapter 10: train on several devices or machines with TensorFlow's strategies.

Keras 3.15's ``fit`` can't run under ``MultiWorkerMirroredStrategy``, so the four steps are written out here. TensorFlow
is imported only for training: the process that starts the workers does not need it.
"""

import json
import os
import shutil
import socket
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tensorbook.check_keras import check_keras
from tensorbook.errors import ClusterError, UsageError
from tensorbook.training_settings import BATCH_SIZE, EPOCHS, SEED, check_training

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# Called after each batch with the epoch (from 0), the batches done in it, and loss and accuracy so far.
Progress = Callable[[int, int, dict[str, float]], None]
TASKS = ("chief", "worker", "ps", "evaluator")  # the jobs that TensorFlow knows


def loopback_cluster(workers: int) -> list[str]:
    """Return a ``TF_CONFIG`` for each worker of a cluster on this computer, using free ports of 127.0.0.1.

    Only programs on the same computer can reach them.

    Args:
        workers: Number of workers, at least 1.

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
        for free in sockets:  # keep all open until the last is bound, so that ports differ
            free.bind(("127.0.0.1", 0))
        addresses = ["127.0.0.1:{1}".format(*free.getsockname()) for free in sockets]
    cluster = {"worker": addresses}
    return [json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}}) for index in range(workers)]


def in_cluster() -> bool:
    """Return whether ``TF_CONFIG`` makes this process part of a cluster, which it does only if it lists one.

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
        raise _wrong(f"needs a list of host:port addresses for each job in its cluster ({', '.join(TASKS)})", text)
    if not isinstance(task, dict) or task.get("type") not in cluster:
        raise _wrong("has a cluster, but the type in its task is not a job in that cluster", text)
    index, workers = task.get("index"), len(cluster[task["type"]])
    if type(index) is not int or not 0 <= index < workers:
        raise _wrong(f"needs an index from 0 to {workers - 1} in its task", text)
    return True


def _wrong(what: str, text: str) -> UsageError:
    return UsageError(f"TF_CONFIG {what}. It is set to {text:.200}: correct it as shown in chapter 10, or unset it.")


def choose_strategy() -> "tf.distribute.Strategy":
    """Return the right strategy for this process.

    If ``TF_CONFIG`` lists a cluster, it is ``MultiWorkerMirroredStrategy``: this process becomes one of the workers,
    and the call waits for all of them. Otherwise, it is ``MirroredStrategy`` on the devices of this machine. Call this
    before any other TensorFlow function.

    Returns:
        The strategy; ``num_replicas_in_sync`` is the number of devices that share each batch.

    Raises:
        ValueError: ``TF_CONFIG`` describes a cluster in a form that TensorFlow can't read.
    """
    import tensorflow as tf

    if in_cluster():
        return tf.distribute.MultiWorkerMirroredStrategy()
    devices = [device.name for device in tf.config.list_logical_devices("GPU")]
    return tf.distribute.MirroredStrategy(devices or [d.name for d in tf.config.list_logical_devices("CPU")])


def is_chief(strategy: "tf.distribute.Strategy") -> bool:
    """Return whether this process writes the results: it is the first or only worker."""
    resolver = strategy.cluster_resolver
    return resolver is None or not resolver.task_type or resolver.task_id == 0


def fit(
    strategy: "tf.distribute.Strategy",
    build: "Callable[[], keras.Model]",
    images: np.ndarray,
    targets: np.ndarray,
    *,
    epochs: int = EPOCHS,
    batch_size: int = BATCH_SIZE,
    seed: int = SEED,
    backup: Path | None = None,
    progress: Progress | None = None,
) -> "tuple[keras.Model, dict[str, list[float]]]":
    """Train a network on all replicas of a strategy; each replica takes its share of every batch.

    For any number of replicas, the steps equal those of a single replica with whole batches, up to rounding.

    Args:
        strategy: The result of ``choose_strategy``; every worker calls ``fit`` with the same arguments.
        build: Returns the compiled network.
        images: float32 array of shape ``(n, …)``, n at least 1, the same on each worker.
        targets: float32 one-hot array of shape ``(n, classes)``.
        epochs: Number of passes over the images, at least 1.
        batch_size: Images per batch over all replicas, at least 1.
        seed: Seed for the weights and the order of the images.
        backup: A folder that all workers can read. The first worker saves a checkpoint there after each epoch, and an
            interrupted training run resumes from it. The folder is removed at the end.
        progress: Called after each batch.

    Returns:
        The trained network, independent of the strategy, and the loss and accuracy of each epoch.

    Raises:
        ConnectionError: Another worker was lost.
        ValueError: The numbers of images and targets differ, or a setting is below 1.
    """
    check_training(images, targets, epochs=epochs, batch_size=batch_size)
    check_keras()
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    with strategy.scope():
        network = build()
        network.optimizer.build(network.trainable_variables)
    step = _make_step(strategy, network)
    done, figures = tf.Variable(0), tf.Variable(tf.zeros((epochs, 2)))
    checkpoint = tf.train.Checkpoint(network=network, optimizer=network.optimizer, done=done, figures=figures)
    saved = backup and tf.train.latest_checkpoint(backup)
    if saved:
        checkpoint.restore(saved).assert_existing_objects_matched()
    try:
        for epoch in range(int(done), epochs):
            order = np.random.default_rng([seed, epoch]).permutation(len(images))
            sums = np.zeros(2)
            for number, start in enumerate(range(0, len(images), batch_size), start=1):
                chosen = order[start : start + batch_size]
                shares = (_share(strategy, array, chosen) for array in (images, targets))
                sums += [float(value) for value in step(*shares, tf.constant(float(len(chosen))))]
                if progress:
                    seen = min(number * batch_size, len(images))
                    progress(epoch, number, {"loss": sums[0] / seen, "accuracy": sums[1] / seen})
            figures[epoch].assign(sums / len(images))
            done.assign(epoch + 1)
            if backup and is_chief(strategy):
                keeper = tf.train.CheckpointManager(checkpoint, backup, max_to_keep=1, checkpoint_name="epoch")
                keeper.save(checkpoint_number=epoch + 1)
    except (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError) as error:
        raise ClusterError(_lost(int(done), backup, error)) from None
    if backup and is_chief(strategy):
        shutil.rmtree(backup)
    free = build()
    free.set_weights(network.get_weights())
    loss, accuracy = figures.numpy().T.tolist()
    return free, {"loss": loss, "accuracy": accuracy}


def _share(strategy: "tf.distribute.Strategy", array: np.ndarray, chosen: np.ndarray) -> Any:
    """Give each of n replicas every n-th of the chosen rows."""
    import tensorflow as tf

    def take(replica: Any) -> "tf.Tensor":
        mine = chosen[replica.replica_id_in_sync_group :: replica.num_replicas_in_sync]
        return tf.constant(array[mine])

    return strategy.experimental_distribute_values_from_function(take)


def _make_step(strategy: "tf.distribute.Strategy", network: "keras.Model") -> Callable[..., Any]:
    """Return a function that trains on one batch and returns its total loss and number of correct predictions."""
    import keras
    import tensorflow as tf

    def learn(images: tf.Tensor, targets: tf.Tensor, batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            predictions = network(images, training=True)
            losses = keras.losses.categorical_crossentropy(targets, predictions)
            loss = tf.reduce_sum(losses) / batch  # divide by the whole batch, since the replicas' gradients are summed
        gradients = tape.gradient(loss, network.trainable_variables)
        network.optimizer.apply(gradients, network.trainable_variables)
        hits = tf.equal(tf.argmax(predictions, axis=1), tf.argmax(targets, axis=1))
        return tf.reduce_sum(losses), tf.reduce_sum(tf.cast(hits, tf.float32))

    def step(images: Any, targets: Any, batch: tf.Tensor) -> Any:
        sums = strategy.run(learn, args=(images, targets, batch))
        return [strategy.reduce(tf.distribute.ReduceOp.SUM, value, axis=None) for value in sums]

    # No autograph, and a partial: see `tensorbook.fast_fit`.
    compiled: Callable[..., Any] = tf.function(partial(step), autograph=False, reduce_retracing=True)
    return compiled


def _lost(done: int, backup: Path | None, error: Exception) -> str:
    detail = next((line for line in str(error).splitlines() if "aborted" in line), "")[:160]
    way = f"restart all workers, and they will continue from {backup}" if backup and done else "restart all workers"
    return f"another worker was lost after {done} complete epoch{'s' * (done != 1)}: {way}. TensorFlow says: {detail}"
