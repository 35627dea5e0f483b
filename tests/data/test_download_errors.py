"""Proxies and certificates, with real servers: each problem is reported distinctly, with its own remedy."""

import socket
import ssl
from pathlib import Path

import pytest

from tensorbook.data import DataError, download_mnist, load_mnist

CERTIFICATE = Path(__file__).with_name("nobody_trusts.pem")
VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", *(
    name for scheme in ("http", "https", "all", "no") for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper())
))  # fmt: skip


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tls_server(good_server, monkeypatch):
    """A TLS server with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    good_server.socket = context.wrap_socket(good_server.socket, server_side=True)
    monkeypatch.setattr(download_mnist, "URL", download_mnist.URL.replace("http:", "https:"))
    monkeypatch.setattr(download_mnist, "RETRIES", 0)
    return good_server


@pytest.fixture
def refusal(cached, monkeypatch):
    """Return why nothing was loaded: one line with the usual remedies, and nothing about the disk."""
    monkeypatch.setattr(download_mnist, "RETRIES", 0)

    def refuse() -> str:
        with pytest.raises(DataError) as error:
            load_mnist()
        message = str(error.value)
        assert "\n" not in message
        assert "TENSORBOOK_MNIST=sample" in message
        assert "can't be written" not in message
        assert list(cached.parent.iterdir()) == []
        return message

    return refuse


@pytest.fixture
def free_port():
    """A port on this computer on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.usefixtures("tls_server")
def test_a_certificate_that_is_not_trusted_is_named_as_such(refusal):
    message = refusal()
    assert "the certificate of 127.0.0.1" in message
    assert "is not trusted: self" in message
    assert "set REQUESTS_CA_BUNDLE to a file of these" in message


@pytest.mark.usefixtures("cached", "tls_server")
def test_the_way_out_of_a_certificate_that_is_not_trusted_is_one(digits, same, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    assert same(load_mnist(), digits)


@pytest.mark.usefixtures("tls_server")
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "damaged"])
def test_a_file_of_certificates_that_is_none_is_named_with_its_variable(
    refusal, tmp_path, monkeypatch, variable, content
):
    bundle = tmp_path / "bundle.pem"
    if content:
        bundle.write_text(content)
    monkeypatch.setenv(variable, str(bundle))
    message = refusal()
    assert f"{variable} is set to {bundle}, which can't be read as a file of certificates" in message
    assert "correct it, or unset it" in message


def test_a_server_that_does_not_encrypt_is_no_question_of_certificates(good_server, refusal, monkeypatch):
    monkeypatch.setattr(download_mnist, "URL", download_mnist.URL.replace("http:", "https:"))
    assert f"no encrypted connection to 127.0.0.1:{good_server.server_port} could be made" in refusal()


@pytest.mark.parametrize(
    ("scheme", "status", "words"),
    [
        ("https", 407, "requires a name and a password (status 407): write it as http://name:password@host:port"),
        ("http", 407, "requires a name and a password (status 407): write it as http://name:password@host:port"),
        ("https", 403, "refused the connection (403 Forbidden)"),
    ],
)
def test_a_proxy_that_refuses_is_told_with_its_reason_and_without_its_password(
    server, refusal, monkeypatch, scheme, status, words
):
    server.status = status
    monkeypatch.setattr(download_mnist, "URL", f"{scheme}://mnist.invalid/mnist.npz")
    monkeypatch.setenv(f"{scheme}_proxy", f"http://name:secret@127.0.0.1:{server.server_port}")
    message = refusal()
    assert f"the proxy 127.0.0.1:{server.server_port} (set by {scheme}_proxy) {words}" in message
    assert "secret" not in message
    assert server.requests == 1


def test_a_port_with_the_digits_of_a_status_is_not_taken_for_it(refusal, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://no-proxy.invalid:40700")
    assert "no-proxy.invalid:40700 (set by https_proxy) can't be reached" in refusal()


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_that_is_not_there_is_named_with_its_variable(refusal, free_port, monkeypatch, variable):
    monkeypatch.setenv(variable, f"http://127.0.0.1:{free_port}")
    message = refusal()
    assert f"the proxy http://127.0.0.1:{free_port} (set by {variable}) can't be reached" in message
    assert "unset it if you don't need a proxy" in message


def test_a_proxy_that_is_none_is_named_with_its_variable(refusal, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://:8080")
    assert "(set by HTTPS_PROXY) can't be reached" in refusal()
