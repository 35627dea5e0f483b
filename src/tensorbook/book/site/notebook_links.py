"""Addresses of the site and of its wheel, and the links below a chapter's title."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from tensorbook import __version__
from tensorbook.errors import UsageError

HERE = "http://127.0.0.1:8000/"  # where `mkdocs serve` shows the site
WHOLE_FILE = "whole-book.ipynb"  # in docs/results as it was run, in the downloads without outputs
FOLDER = "notebooks"  # of the downloads, in the site
BRANCH = "notebooks"  # of the repository: the same files, pushed there by the workflow that publishes the site
WHEEL = f"{FOLDER}/tensorbook-{__version__}-py3-none-any.whl"
ONLY_HERE = (
    "SITE_URL is {given}: the install line and the notebooks' first cells install tensorbook from {address}, which "
    "works only on this computer. To publish the site, set SITE_URL to its public address."
)


def site_address(site_url: str | None) -> str:
    """Return the address under which the site's own files are linked, with a slash at the end.

    Args:
        site_url: The address that the site is built for; empty for ``mkdocs serve`` on this computer. ``0.0.0.0``
            and ``::`` are for a server to listen on; no browser should be sent there, so it is sent to this computer.

    Raises:
        UsageError: It is not the address of a site.

    Examples:
        >>> site_address("https://example.org/book")
        'https://example.org/book/'
        >>> site_address("http://0.0.0.0:8000/")
        'http://127.0.0.1:8000/'
        >>> site_address("")
        'http://127.0.0.1:8000/'
    """
    if not site_url:
        return HERE
    parts = urlsplit(site_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"SITE_URL must be an address such as https://example.org/book/, got {site_url}")
    if parts.hostname in ("0.0.0.0", "::"):  # noqa: S104  # not to listen on it
        port = f":{parts.port}" if parts.port else ""
        parts = parts._replace(netloc=("127.0.0.1" if parts.hostname == "0.0.0.0" else "[::1]") + port)  # noqa: S104  # no address to serve at
    return parts._replace(path=f"{parts.path.rstrip('/')}/").geturl()


def only_here(site_url: str | None) -> str | None:
    """Return a warning if only this computer can install from the site; otherwise None.

    Examples:
        >>> only_here("https://example.org/book/") is None
        True
        >>> only_here("")[:20]
        'SITE_URL is not set:'
    """
    address = site_address(site_url)
    if not is_local(urlsplit(address).hostname or ""):
        return None
    return ONLY_HERE.format(given=site_url or "not set", address=address)


def is_local(host: str) -> bool:
    """Return whether a host, given by its name or address, is this computer."""
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost" or host.endswith(".localhost")


def wheel_address(site_url: str | None) -> str:
    """Return the address of the site's wheel, to install from.

    Examples:
        >>> wheel_address("https://example.org/book/").startswith("https://example.org/book/notebooks/tensorbook-")
        True
    """
    return site_address(site_url) + WHEEL


def links_below_title(page: str, repo_url: str | None) -> str:
    """Return a chapter's links to its notebook and script, and to Colab if there is a repository.

    Args:
        page: The name of the chapter's page, which starts with its number.
        repo_url: The repository at GitHub; its branch ``BRANCH`` holds what the site offers for download.

    Examples:
        >>> "[Download notebook](notebooks/chapter-2.ipynb)" in links_below_title("2-network", None)
        True
        >>> "Colab" in links_below_title("2-network", "")
        False
        >>> "/github/me/book/blob/notebooks/chapter-2.ipynb" in links_below_title("2-network", "https://github.com/me/book/")
        True
    """
    name = f"chapter-{page.split('-')[0]}"
    links = [f'[Download notebook]({FOLDER}/{name}.ipynb){{ download="" }}']
    if repo_url:
        links.append(f"[Open in Colab]({_colab(name, repo_url)})")
    links.append(f'[Download script]({FOLDER}/{name}.py){{ download="" }}')
    return f'<span class="tb-take"> · {" · ".join(links)}</span>'


def exercise_in_colab(chapter: int, name: str, repo_url: str) -> str:
    """Return the address by which Colab opens a chapter's notebook at an exercise; empty without a repository.

    Examples:
        >>> exercise_in_colab(2, "decode", "https://github.com/me/book").rpartition("/")[2]
        'chapter-2.ipynb#scrollTo=exercise-decode'
    """
    return f"{_colab(f'chapter-{chapter}', repo_url)}#scrollTo={exercise_cell(name)}" if repo_url else ""


def exercise_cell(name: str) -> str:
    """Return the id of the notebook cell that an exercise begins with."""
    return f"exercise-{name}"


def _colab(name: str, repo_url: str) -> str:
    repository = urlsplit(repo_url).path.strip("/").removesuffix(".git")
    return f"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/{name}.ipynb"
