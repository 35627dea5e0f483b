"""Explain why a download failed, and what to do about it.

The errors that `requests` raises have a common base class that says little; the useful details are in their causes.
"""

import os
import re
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import requests

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # in the order in which requests looks for them


def explain(error: "requests.RequestException", url: str, timeout: float) -> str:
    """Return why a request failed, in one line.

    Args:
        error: What requests raised.
        url: The address that was requested, in case the error itself does not have it.
        timeout: The number of seconds without a byte after which the request timed out.
    """
    import requests  # here, not above: it takes longer to import than NumPy

    asked = getattr(error.request, "url", None) or url  # a different one, if the first has redirected us
    host = urlsplit(asked).netloc or urlsplit(url).netloc
    causes = list(_causes(error))
    words = " ".join(map(str, causes))
    status = None if error.response is None else error.response.status_code
    if isinstance(error, (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL)) or status == 407:
        return _explain_proxy(asked, "407" if status == 407 else words, causes)
    if "SOCKS support" in words:
        return f"{_proxy(asked)} uses SOCKS: run `pip install pysocks`"
    if isinstance(error, requests.HTTPError):
        return f"{host} answered with {'an error' if status is None else f'status {status}'}"
    if isinstance(error, requests.Timeout):
        return f"{host} did not answer within {timeout} seconds"
    if isinstance(error, requests.exceptions.SSLError):
        return _explain_tls(host, causes)
    if any(type(cause).__name__ == "NameResolutionError" for cause in causes):
        return f"the host {host} can't be found: this computer may be offline"
    if refused := next((cause for cause in causes if isinstance(cause, OSError) and cause.strerror), None):
        return f"the connection to {host} failed or was interrupted ({refused.strerror})"
    return f"the connection to {host} failed or was interrupted"


def explain_bundle(reason: str) -> str:
    """Return why the certificates used to check connections can't be read."""
    variable = next(filter(os.environ.get, BUNDLES), None)
    if variable is None:
        return f"the certificates that come with requests can't be read ({reason}): run `pip install -U certifi`"
    return (
        f"{variable} is set to {os.environ[variable]}, which can't be read as a file of certificates ({reason}): "
        "correct it, or unset it"
    )


def _explain_tls(host: str, causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {host} is not trusted: {cause.verify_message}; if your network uses its own "
                "certificates, set REQUESTS_CA_BUNDLE to a file of these; if the certificate has expired, check this "
                "computer's clock"
            )
        if isinstance(cause, ssl.SSLError) and cause.library in ("X509", "PEM"):
            return explain_bundle(cause.reason or "it is damaged")
    reason = next((cause.reason for cause in causes if isinstance(cause, ssl.SSLError) and cause.reason), "no reason")
    return f"no encrypted connection to {host} could be made ({reason}): another server may be answering"


def _explain_proxy(url: str, words: str, causes: list[BaseException]) -> str:
    proxy = _proxy(url)
    if words == "407" or "Tunnel connection failed: 407" in words:  # a port may have these digits, too
        return f"{proxy} requires a name and a password (status 407): write it as http://name:password@host:port"
    if refused := re.search(r"Tunnel connection failed: (\d+[\w -]*)", words):
        return f"{proxy} refused the connection ({refused[1].strip()})"
    reason = next((cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), "no answer")
    return f"{proxy} can't be reached ({reason}): correct that setting, or unset it if you don't need a proxy"


def _proxy(url: str) -> str:
    """Return the proxy for an address, without its password, and the variable that sets it."""
    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(url, get_environ_proxies(url)) or "from this computer's settings"
    names = (f"{urlsplit(url).scheme}_proxy", "all_proxy")
    named = next((name for one in names for name in (one, one.upper()) if os.environ.get(name)), None)
    return f"the proxy {proxy.rpartition('@')[2]}{f' (set by {named})' if named else ''}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all of its causes, the outermost first."""
    found, waiting = [], [error]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            yield one
            inside = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
            waiting += [cause for cause in inside if isinstance(cause, BaseException)]
