"""How many bytes it takes to read a page to its end: no page may become much heavier unnoticed.

Text is counted as hosts send it, compressed. `tests/site/drawing/test_slow_connection.py` has the time to the first
answer on the first page, and the benchmarks compare the pages with those of stock Material.
"""

import functools
import gzip

import pytest

pytestmark = pytest.mark.timeout(900)  # the first test here waits for `visits`, a minute on a quiet machine

TEXT = (".html", ".js", ".css", ".svg", ".json")
LIMIT = 300_000  # bytes, a third of which is the search index
# Pages that need more: the network's weights, many pictures of digits, all chapters.
LIMITS = {"": 1_150_000, "9-your-own-digits/": 420_000, "results/whole-book/": 450_000}


@functools.cache
def sent(file):
    """Return the number of bytes that a host sends for a file."""
    content = file.read_bytes()
    return len(gzip.compress(content)) if file.suffix in TEXT else len(content)


def test_no_page_weighs_more_than_its_limit(visits, file_of, address):
    weights = {
        path: sum(map(sent, {file_of(url) for url in visit.requests if url.startswith(address)}))
        for path, visit in visits["light"].items()
    }
    assert min(weights.values()) > 100_000
    assert {path: weight for path, weight in weights.items() if weight > LIMITS.get(path, LIMIT)} == {}
    assert [path for path in LIMITS if weights[path] <= LIMIT] == []  # a limit of its own that it does not need
