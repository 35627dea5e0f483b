"""The addresses of the workers on one computer."""

import json
import socket

import pytest

from tensorbook.cluster import loopback_cluster


def test_every_worker_knows_all_addresses_and_which_is_its_own():
    configs = [json.loads(config) for config in loopback_cluster(3)]
    assert [config["task"] for config in configs] == [{"type": "worker", "index": index} for index in range(3)]
    assert configs[0]["cluster"] == configs[1]["cluster"] == configs[2]["cluster"]


def test_the_ports_are_free_and_of_this_computer_alone():
    addresses = json.loads(loopback_cluster(20)[0])["cluster"]["worker"]
    assert len(set(addresses)) == 20
    for address in addresses:
        host, port = address.split(":")
        assert host == "127.0.0.1"
        with socket.socket() as free:
            free.bind((host, int(port)))


def test_one_worker_is_a_cluster_too():
    [config] = map(json.loads, loopback_cluster(1))
    assert len(config["cluster"]["worker"]) == 1


def test_a_cluster_of_nobody_is_refused():
    with pytest.raises(ValueError, match="a cluster needs at least one worker, got 0"):
        loopback_cluster(0)
