"""The links of a built site that lead to other sites: found in its pages, and asked for, one after the other."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urldefrag, urlsplit

from tensorbook.data import DataError

if TYPE_CHECKING:
    import requests

TIMEOUT = 20  # seconds for an answer
MOST = 2**22  # bytes of a page that are searched for an anchor
PAUSE = 1.0  # seconds between two questions to one host
AGENT = "tensorbook links (a person checks the links of a book)"

Answer = str | set[str]  # what is wrong with a page, or its anchors


class Verdict(NamedTuple):
    """What became of a link.

    Attributes:
        link: The address, with its anchor.
        pages: The pages that it stands on.
        trouble: Why it leads nowhere; "" where it leads somewhere.
    """

    link: str
    pages: tuple[str, ...]
    trouble: str


class _Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name == "href" and tag == "a":
                self.links.append(value)
            elif value and name in ("id", "name"):
                self.anchors.add(value)


def outside_links(site: Path) -> dict[str, tuple[str, ...]]:
    """Return each link to another site, with the pages that it stands on.

    Args:
        site: The folder of a built site.

    Raises:
        DataError: There are no pages in it.
    """
    found: dict[str, set[str]] = defaultdict(set)
    pages = sorted(site.rglob("*.html"))
    if not pages:
        raise DataError(f"{site} needs to hold a built site, and holds no pages: run `mkdocs build` first")
    own = {_canonical(page) for page in pages} - {""}
    for page in pages:
        for link in _Page(page.read_text(encoding="utf-8")).links:
            if urlsplit(link).scheme in ("http", "https") and _origin(link) not in own:
                found[link].add(str(page.relative_to(site)))
    return {link: tuple(sorted(on)) for link, on in sorted(found.items())}


def check_links(links: dict[str, tuple[str, ...]], done: Callable[[], None] = lambda: None) -> Iterator[Verdict]:
    """Ask for each link, a page once, and say what is wrong with it.

    Args:
        links: As ``outside_links`` returns them.
        done: Called after each link.
    """
    import requests

    answers: dict[str, Answer] = {}
    asked: dict[str, float] = {}
    with requests.Session() as session:
        session.headers["User-Agent"] = AGENT
        for link, pages in links.items():
            address, anchor = urldefrag(link)
            if address not in answers:
                host = _origin(address)
                time.sleep(max(0.0, asked.get(host, 0.0) + PAUSE - time.monotonic()))
                answers[address] = _ask(session, address)
                asked[host] = time.monotonic()
            answer = answers[address]
            if isinstance(answer, set):
                answer = "" if not anchor or anchor in answer else f"the page has no anchor #{anchor}"
            yield Verdict(link, pages, answer)
            done()


def _ask(session: "requests.Session", address: str) -> Answer:
    import requests

    try:
        with session.get(address, timeout=TIMEOUT, stream=True) as response:
            if not response.ok:
                return f"status {response.status_code}"
            content = next(response.iter_content(MOST), b"")
            return _Page(content.decode(response.encoding or "utf-8", errors="replace")).anchors
    except requests.RequestException as error:
        return f"no answer ({type(error).__name__})"


def _origin(address: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def _canonical(page: Path) -> str:
    """Return where a page says that its site stands."""
    html = page.read_text(encoding="utf-8")
    start = html.find('<link rel="canonical" href="')
    return _origin(html[start:].split('"')[3]) if start >= 0 else ""
