"""A typed answer is read as Python would read it, or the message says what is wrong with it."""

import ast

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tensorbook.exercises import EXERCISES
from tensorbook.exercises.parse_answer import DEEPEST, MOST_DIGITS, REASONS, MalformedAnswer, parse_answer

WORD = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True)
PLAIN = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
QUOTED = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\\'\"‘’“”"), max_size=8)
VALUES = st.recursive(
    PLAIN | QUOTED, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple)
)
PIECES = st.sampled_from([*"()[],'\"‘’.+-*/_ \t=e0123", "12", "0.5", "1_000", "True", "None", "word", "28, 28", "1e3"])


def outcome(text):
    """Return how a text is read: as a value, or as a reason for the failure."""
    try:
        return parse_answer(text)
    except MalformedAnswer as malformed:
        return str(malformed)


@given(VALUES)
def test_what_python_writes_is_read(value):
    assert repr(parse_answer(repr(value))) == repr(value)


@given(st.lists(PIECES, max_size=12).map("".join))
@example("0_0")
@example("1_.5")
@example("-(5)")
@example("0777.5")
@example("((((1,),),),)")
def test_what_is_read_is_what_python_reads(text):
    """The exceptions are words without quotation marks, and curved quotation marks."""
    try:
        value = parse_answer(text)
    except MalformedAnswer as malformed:
        assert str(malformed) in REASONS.values()  # noqa: PT017  # some texts are read
        return
    assume("word" not in text and not set("‘’") & set(text) and "e" not in text.replace("e3", "").replace("True", ""))
    try:
        expected = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        assume(" " not in text and "\t" not in text and not any(letter.isalpha() for letter in text))
        raise
    assert repr(value) == repr(expected)


@given(WORD)
def test_a_word_needs_no_quotation_marks(word):
    assume(word not in ("True", "False", "None"))
    for text in (word, f"'{word}'", f'"{word}"', f"‘{word}’", f"’{word}’", f"“{word}”", f" {word}\t"):
        assert parse_answer(text) == word


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("784 * 256", "calculation"),
        ("[1/3, 1/3, 1/3]", "calculation"),
        ("-0.1*-2", "calculation"),
        ("--1", "calculation"),
        ("np.array([1])", "calculation"),
        ("a.shape[0]", "calculation"),
        ("(1, 28, 28", "brackets"),
        ("1, 28, 28)", "brackets"),
        ("(1, 28]", "brackets"),
        (")", "brackets"),
        ("(1,", "brackets"),
        ("'float64", "quotes"),
        ("‘float64", "quotes"),
        ("'float64\"", "quotes"),
        ("1 28 28", "comma"),
        ("(1, 28 28)", "comma"),
        ("a thing", "comma"),
        ("1.2.3", "comma"),
        ("'a''b'", "comma"),
        ("47,040,000", "zero"),
        ("007", "zero"),
        ("1" + "0" * MOST_DIGITS, "long"),
        ("1,,2", "other"),
        (",", "other"),
        ("(,)", "other"),
        ("0x2f", "other"),
        ("28px", "other"),
        ("1__0", "other"),
        ("{1, 2}", "other"),
        ("x = 5", "other"),
        ("−27", "other"),
        ("größe", "other"),
        (r"'\n'", "other"),
        ("'\0'", "other"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "other"),
    ],
)
def test_a_text_that_is_not_a_value_is_told_why(text, reason):
    with pytest.raises(MalformedAnswer) as malformed:
        parse_answer(text)
    assert str(malformed.value) == REASONS[reason]


def test_a_typed_answer_is_graded_as_the_same_value_is():
    exercise = EXERCISES["one-picture"]
    for text in ("(1, 28, 28)", "1, 28, 28", "[1, 28, 28]", "( 1,28,28, )"):
        assert exercise.grade_typed(text) == exercise.grade((1, 28, 28))
    assert exercise.grade_typed("28,28") == exercise.grade((28, 28))


def test_a_malformed_answer_is_told_why_and_what_is_expected():
    verdict = EXERCISES["one-picture"].grade_typed("(1, 28, 28")
    assert str(verdict) == f"Not yet. {REASONS['brackets']} Expected a shape such as (2, 3)."
