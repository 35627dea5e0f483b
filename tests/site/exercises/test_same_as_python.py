"""Whatever is typed into a field, the page's feedback is the same as `check`'s in Python, to the letter."""

import json
import random
import re
from html import unescape

import numpy as np
import pytest

from tensorbook.exercises import EXERCISES, check
from tensorbook.exercises.feedback_wording import REASONS
from tensorbook.exercises.grading import ValueExercise
from tensorbook.exercises.parse_answer import MalformedAnswer, parse_answer

VALUES = {name: exercise for name, exercise in EXERCISES.items() if isinstance(exercise, ValueExercise)}
GRADE = """async ({ base, fields, words, answers }) => {
  const { grade } = await import(base + "javascripts/exercises/apply-grading.js");
  const exercises = Object.fromEntries(fields.map((field) => [field.name, field]));
  return answers.map(([name, typed]) => grade(typed, exercises[name], words));
}"""
# What people mistype and leave out, numbers near the limits of display, and unusual characters.
ODD = [
    *"()[],'\"‘”.-+*/_ \te0b{=\\é−\u00a0",
    ",,",
    "--",
    "__",
    "e9",
    "00",
    "True",
    "None",
    "float64",
    "np.",
    "[]",
    "()",
]
ODD += ["1e400", "-0.0", "0.5", "2.5", "1e-7", "123456.5", "99999.95", "12345678.9", "1e16"]
ODD += ["123456789012345678", "1234567890123456789", "[" * 21, "[[1], [2, 3]]", "[[4]]", "' '", "'a  b'"]
ODD += ['"it\'s"', "'\u200b'", "'\u0378'", "'🙂'", f"'{'long ' * 30}'"]

WRONG = ["7", "(7, 7)", "[7.5, 7.5]", "'z'", "int8", "'7'"]  # an answer of each kind that no exercise expects


def written(value):
    """Return a value as a reader would type it."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    return repr(value)


def is_value(text):
    try:
        parse_answer(text)
    except MalformedAnswer:
        return False
    return True


def mistyped(text, chance):
    """Return a text with a few typing errors."""
    for _ in range(chance.randint(1, 3)):
        place = chance.randint(0, len(text))
        kept = place + chance.choice([0, 0, 1, 1, 4])
        text = text[:place] + chance.choice(["", *ODD]) + text[kept:]
    return text


def answers(seed):
    """Return the answers for both implementations, as pairs of an exercise's name and a text: plausible and odd
    ones."""
    chance = random.Random(seed)
    meant = [
        (name, written(value))
        for name, exercise in VALUES.items()
        for value in (exercise.solve(), *(mistake for mistake, _ in exercise.common_mistakes))
    ]
    odd = [(name, text) for text in ODD for name in chance.sample(sorted(VALUES), 4)]
    odd += [(name, text) for text in WRONG for name in VALUES]
    for name, text in meant * 6:
        odd.append((name, mistyped(text, chance)))
        odd.append((name, mistyped(chance.choice(ODD), chance)))
    malformed = [one for one in odd if not is_value(one[1])]
    assert len(malformed) >= 200
    return meant, odd


def told(capsys, name, text):
    """Return Python's feedback on a typed answer."""
    if not is_value(text):
        return str(VALUES[name].grade_typed(text))
    check(name, parse_answer(text))
    return capsys.readouterr().out.removesuffix("\n")


@pytest.fixture(scope="module")
def in_the_site(site):
    """The exercises' data in the built site: its fields, each once, and their shared words."""
    fields, words = [], []
    for path in sorted(site.glob("[0-9]*/index.html")):
        html = path.read_text(encoding="utf-8")
        fields += [json.loads(unescape(data)) for data in re.findall(r'data-exercise="([^"]*)"', html)]
        words += [json.loads(unescape(data)) for data in re.findall(r'data-words="([^"]*)"', html)]
    return fields, words


def test_every_exercise_whose_answer_is_a_value_has_one_field(in_the_site):
    fields, words = in_the_site
    assert sorted(field["name"] for field in fields) == sorted(VALUES)
    assert len(words) == 10
    assert all(one == words[0] for one in words)


def test_the_page_says_of_every_answer_what_python_says(in_the_site, open_page, address, capsys, every):
    fields, words = in_the_site
    meant, odd = answers(seed=0)
    sent = meant + odd
    for seed in range(1, 20 // every(20)):  # at night
        sent += answers(seed)[1]
    data = {"base": address, "fields": fields, "words": words[0], "answers": sent}
    verdicts = open_page("install/").evaluate(GRADE, data)
    different = [
        (name, text, verdict["text"], expected)
        for (name, text), verdict in zip(sent, verdicts, strict=True)
        if (expected := told(capsys, name, text)) != verdict["text"]
    ]
    assert different == []
    # The answers are worth it: they triggered every message of every exercise, and every reason.
    said = " ".join(verdict["text"] for verdict in verdicts)
    texts = [text for exercise in VALUES.values() for _, text in exercise.common_mistakes]
    texts += [text for exercise in VALUES.values() for text in (exercise.right, exercise.hint)]
    assert [text for text in [*texts, *REASONS.values(), *words[0]["advice"].values()] if text not in said] == []
    assert [verdict["right"] for verdict in verdicts[: len(meant)]].count(True) == len(VALUES)
