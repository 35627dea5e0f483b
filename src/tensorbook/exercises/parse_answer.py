"""Reads an answer that was typed into a field as a Python value, or says why it can't.

docs/javascripts/exercises/parse-answer.js does the same in the page.
"""

import re
from typing import NoReturn

from tensorbook.exercises.feedback_wording import REASONS, Reason

MOST_DIGITS = 18  # of a whole number: all of these fit into 64 bits
DEEPEST = 20  # brackets inside each other

# Phones turn straight quotation marks into curved ones.
QUOTES = {"'": "'", '"': '"', "‘": "’", "’": "’", "“": "”", "”": "”"}
CLOSING = {"(": ")", "[": "]"}
OPERATORS = "+-*/%@"
_DIGITS = r"[0-9](?:_?[0-9])*"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)[ \t]*(?P<digits>(?:{_DIGITS}\.(?:{_DIGITS})?|\.{_DIGITS}|{_DIGITS})(?:[eE][+-]?{_DIGITS})?)"
)
_WHOLE = re.compile(_DIGITS)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_STARTS_A_VALUE = re.compile(r"[A-Za-z0-9_.]")
_NEVER_IN_QUOTES = re.compile(r"[\x00-\x08\x0a-\x1f\\\ud800-\udfff]")  # nothing is escaped, and all is on one line
_WORDS = {"True": True, "False": False, "None": None}


class MalformedAnswer(ValueError):  # noqa: N818  # not an error of the program
    """A text is not a value; the message says why."""


def parse_answer(text: str) -> object:
    """Read a number, a word, ``True``, ``False``, ``None``, or a tuple or list of these.

    Python reads everything that this accepts in the same way, with two exceptions for people who type on a phone:
    quotation marks around a word are optional, and may be curved.

    Raises:
        MalformedAnswer: The text is anything else.

    Examples:
        >>> parse_answer("(1, 28, 28)")
        (1, 28, 28)
        >>> parse_answer("1, 28, 28"), parse_answer("float64")
        ((1, 28, 28), 'float64')
        >>> parse_answer("(1 28)")
        Traceback (most recent call last):
            ...
        tensorbook.exercises.parse_answer.MalformedAnswer: A comma is missing between two values.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.strip(" \t")
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> str:
        """The next character, or nothing at the end."""
        return self.text[self.place : self.place + 1]

    def read(self) -> object:
        if not self.text:
            self.fail("empty")
        values, commas = self.values("")
        return values[0] if len(values) == 1 and not commas else tuple(values)

    def values(self, end: str) -> tuple[list[object], int]:
        """Read values between commas, up to ``end``; return them with the number of commas."""
        values: list[object] = []
        commas = 0
        self.skip_blanks()
        while self.next != end:
            values.append(self.value())
            self.skip_blanks()
            if self.next == ",":
                commas += 1
                self.place += 1
                self.skip_blanks()
            elif self.next != end:
                self.fail_after_value()
        self.place += len(end)
        return values, commas

    def value(self) -> object:
        if self.next in CLOSING:
            return self.bracketed()
        if self.next in QUOTES:
            return self.quoted()
        if number := _NUMBER.match(self.text, self.place):
            return self.number(number)
        if word := _WORD.match(self.text, self.place):
            self.place = word.end()
            return _WORDS.get(word[0], word[0])
        if not self.next or self.next in ")]":
            self.fail("brackets")
        return self.fail("calculation" if self.next in OPERATORS else "other")

    def bracketed(self) -> object:
        opened = self.text[self.place]
        self.place += 1
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail("other")
        values, commas = self.values(CLOSING[opened])
        self.depth -= 1
        if opened == "[":
            return values
        return values[0] if len(values) == 1 and not commas else tuple(values)

    def quoted(self) -> str:
        end = self.text.find(QUOTES[self.text[self.place]], self.place + 1)
        if end < 0:
            self.fail("quotes")
        content = self.text[self.place + 1 : end]
        if _NEVER_IN_QUOTES.search(content):
            self.fail("other")
        self.place = end + 1
        return content

    def number(self, match: re.Match[str]) -> int | float:
        digits = match["digits"]
        self.place = match.end()
        if _WORD.match(self.text, self.place):  # 12abc, 0x1F, 1_
            self.fail("other")
        if not _WHOLE.fullmatch(digits):
            return float(match["sign"] + digits)
        if digits[0] == "0" and digits.strip("0_"):
            self.fail("zero")
        if len(digits.replace("_", "")) > MOST_DIGITS:
            self.fail("long")
        return int(match["sign"] + digits)

    def skip_blanks(self) -> None:
        while self.next and self.next in " \t":
            self.place += 1

    def fail_after_value(self) -> NoReturn:
        """Say what is wrong where a comma or the end should follow a value."""
        if not self.next or self.next in ")]":
            self.fail("brackets")
        if self.next in OPERATORS or self.next in CLOSING:  # a bracket after a value is a call or an index
            self.fail("calculation")
        self.fail("comma" if self.next in QUOTES or _STARTS_A_VALUE.match(self.next) else "other")

    def fail(self, reason: Reason) -> NoReturn:
        raise MalformedAnswer(REASONS[reason])
