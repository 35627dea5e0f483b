"""Networks that redirect, lie, trickle, fall silent or do not exist: one line each, and nothing is kept."""

import re
import socket

import pytest

from tensorbook.data import DataError, download_mnist, load_mnist


def refusal(cached) -> str:
    """Return why nothing was loaded; an existing copy is unchanged."""
    with pytest.raises(DataError) as error:
        load_mnist()
    message = str(error.value)
    assert "\n" not in message
    assert "TENSORBOOK_MNIST=sample" in message
    assert [path.name for path in cached.parent.iterdir()] == []
    return message


def test_who_is_sent_elsewhere_goes_there_and_verifies_what_there_is(good_server, cached, digits, same):
    good_server.location = "/elsewhere"
    assert same(load_mnist(), digits)
    assert cached.read_bytes() == good_server.body
    assert good_server.requests == 2


def test_a_page_to_log_in_instead_of_the_file_is_refused(good_server, cached):
    """As in a hotel's network."""
    good_server.location = "/log-in"
    good_server.body = b"<html>Welcome! Please log in.</html>"
    assert "is not the published one: its SHA-256 is not" in refusal(cached)


@pytest.mark.parametrize("elsewhere", ["/mnist.npz", "file:///etc/passwd", "http://"])
def test_a_way_that_leads_nowhere_is_refused(good_server, cached, elsewhere):
    good_server.location = elsewhere
    assert "failed or was interrupted" in refusal(cached)


def test_a_body_shorter_than_its_length_is_refused(good_server, cached):
    good_server.length = len(good_server.body) + 1
    assert "failed or was interrupted" in refusal(cached)


def test_a_body_longer_than_its_length_is_refused(good_server, cached):
    good_server.length = len(good_server.body) - 1
    assert "is not the published one" in refusal(cached)


def test_a_body_without_an_end_is_given_up_before_it_fills_the_disk(good_server, cached, monkeypatch):
    monkeypatch.setattr(download_mnist, "LIMIT", 10_000)
    good_server.body = bytes(10_001)
    good_server.length = 10**12
    good_server.stall = True
    assert "is not the published one" in refusal(cached)


def test_a_slow_drip_is_given_up(good_server, cached, monkeypatch):
    monkeypatch.setattr(download_mnist, "PATIENCE", 0.2)
    good_server.drip = 0.01
    assert "had not sent the whole file after 0.2 seconds" in refusal(cached)
    assert good_server.requests == 1


def test_a_drip_that_ends_in_time_is_waited_for(good_server, digits, same):
    good_server.drip = 0.00001
    assert same(load_mnist(), digits)


def test_a_server_that_falls_silent_half_way_is_given_up(good_server, cached, monkeypatch):
    monkeypatch.setattr(download_mnist, "TIMEOUT", 0.05)
    good_server.cut = len(good_server.body) // 2
    good_server.stall = True
    # On a busy machine, even the first byte may be late; then the server has not answered at all.
    assert re.search(r"failed or was interrupted|did not answer within 0\.05 seconds", refusal(cached))


@pytest.mark.usefixtures("server")
def test_where_there_is_no_route_the_message_says_so(cached, monkeypatch, real_connect):
    nowhere = "255.255.255.255"  # no connection leads to everybody at once
    monkeypatch.setattr(socket.socket, "connect", real_connect)
    with socket.socket() as probe, pytest.raises(OSError, match=r"unreachable|denied|not available"):
        probe.connect((nowhere, 80))
    monkeypatch.setenv("NO_PROXY", nowhere)
    monkeypatch.setattr(download_mnist, "URL", f"http://{nowhere}/mnist.npz")
    assert f"the connection to {nowhere} failed or was interrupted (" in refusal(cached)


@pytest.mark.usefixtures("server")
def test_where_the_name_is_unknown_the_message_says_so(cached, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "mnist.invalid")  # a name that nobody will ever own: RFC 2606
    monkeypatch.setattr(download_mnist, "URL", "http://mnist.invalid/mnist.npz")
    assert "the host mnist.invalid can't be found" in refusal(cached)
