"""The digits that the pages learn from: added when the site is built, and checked when they are loaded."""

import gzip
import hashlib
import re
from functools import partial
from pathlib import Path

import pytest

from tensorbook.book.site.pack_sample_digits import DIGITS_FILE
from tensorbook.data import load_sample

ROOT = Path(__file__).parents[2]
PATTERN = f"**/{DIGITS_FILE}"
FETCH = """async (base) => {
  const { fetchDigits } = await import(base + "javascripts/sample-digits.js");
  const seen = [];
  try {
    const { train, test } = await fetchDigits((...now) => seen.push(now));
    const sha256 = async (bytes) => {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    const arrays = [train.images, train.labels, test.images, test.labels];
    return { sums: await Promise.all(arrays.map(sha256)), last: seen.at(-1) };
  } catch (error) {
    return { error: `${error.constructor.name}: ${error.message}` };
  }
}"""


@pytest.fixture(scope="module")
def packed(site):
    return (site / DIGITS_FILE).read_bytes()


def test_the_digits_that_a_page_fetches_are_the_sample_s(open_page, address, packed):
    fetched = open_page("install/").evaluate(FETCH, address)
    train, test = load_sample()
    arrays = (train.images, train.labels, test.images, test.labels)
    assert fetched["sums"] == [hashlib.sha256(array.tobytes()).hexdigest() for array in arrays]
    assert fetched["last"] == [len(packed), len(packed)], "progress ends with all of all"


def test_the_file_of_digits_is_small_and_in_no_commit(packed, processes):
    assert len(packed) < 900_000
    command = ["git", "ls-files", "*digits*.bin", "*.gz"]
    assert not processes.run(command, cwd=Path(__file__).parent, check=True).stdout


def fulfill(answer, route):
    if answer:
        route.fulfill(**answer)
    else:
        route.abort()


def test_digits_that_are_missing_or_damaged_are_named(open_page, address, packed):
    page = open_page("install/")
    digits, inner = gzip.decompress(packed), bytearray(packed)
    inner[400_000] ^= 1
    damaged = "FileError: The digits file is damaged."
    for answer, message in (
        ({"status": 404, "body": ""}, f"could not be loaded: the site answered 404 for {PATTERN.lstrip('*/')}"),
        ({"status": 200, "body": packed[:-10]}, damaged),
        ({"status": 200, "body": packed + b"more"}, damaged),
        ({"status": 200, "body": bytes(inner)}, damaged),
        ({"status": 200, "body": b""}, damaged),
        ({"status": 200, "body": "<p>Log in first</p>"}, damaged),
        ({"status": 200, "body": gzip.compress(digits[:-1], compresslevel=1)}, damaged),
        ({"status": 200, "body": gzip.compress(digits + b"\0", compresslevel=1)}, damaged),
        (None, "FileError: The digits could not be loaded: the connection is down or was interrupted."),
    ):
        page.route(PATTERN, partial(fulfill, answer))
        error = page.evaluate(FETCH, address)["error"]
        page.unroute(PATTERN)
        assert message.replace("assets", "/books/tensorbook/assets") in error, message


def test_a_message_names_one_thing_that_helps():
    """What is wrong with a file is one sentence, and what to do about it is added where it is shown. It once said to
    reload the page, and the panel went on to say to press Reset."""
    helps = re.compile(r"\b(?:[Rr]eload|[Pp]ress|[Tt]ry)\b(?! again\.)")
    found = []
    for path in sorted((ROOT / "docs/javascripts").rglob("*.js")):
        code = re.sub(r"(?m)//.*$|/\*[\s\S]*?\*/", "", path.read_text(encoding="utf-8"))
        about_files = re.findall(r"(?:FileError|damaged)\([^\"`]*([\"`])(.*?)\1", code)
        assert not [message for _, message in about_files if helps.search(message)], path
        found += about_files
        texts = [text for _, text in re.findall(r"([\"`])((?:(?!\1).)*)\1", code)]
        assert not [text for text in texts if len(helps.findall(text)) > 1], path
    assert len(found) >= 8
