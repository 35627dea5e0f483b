"""A Markdown extension: puts a field below each exercise whose answer is a value, and a link below the others.

The scripts in docs/javascripts/exercises/ build the fields and grade what is typed as ``check`` does. Their answers and
messages come from ``tensorbook.exercises`` and are written into the page here, so nothing has to be written twice.
"""

import json
import re
from html import escape
from typing import Any

import numpy as np
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from tensorbook.book.site.notebook_links import FOLDER, exercise_in_colab
from tensorbook.exercises import CHAPTERS, EXERCISES, expected_kinds
from tensorbook.exercises import feedback_wording as feedback
from tensorbook.exercises.grading import FunctionExercise, ValueExercise

WORDS = {
    "right": feedback.RIGHT,
    "wrong": feedback.WRONG,
    "gave": feedback.GAVE,
    "malformed": feedback.MALFORMED,
    "unreadable": feedback.UNREADABLE,
    "reasons": feedback.REASONS,
    "advice": {"quoted": feedback.QUOTED, "commas": feedback.COMMAS, "one_axis": feedback.ONE_AXIS},
}
SOLVED = "The list of solved exercises"  # named if it can't be fetched
FIRST_EXERCISE = re.compile(r"(?=<h3\b)")
# The paragraph with the question, which ends with how to check the answer.
QUESTION = re.compile(
    r'<p>(?:(?!</p>).)*<code[^>]*>check\((?:"|&quot;)(?P<name>[\w-]+)(?:"|&quot;), .*?</p>', re.DOTALL
)
ASKED = re.compile(r'`check\("(?P<name>[\w-]+)", [^`]*`')  # the same in Markdown


def exercise_data(exercise: ValueExercise) -> dict[str, Any]:
    """Return what a page needs to grade an exercise, as plain values for JSON.

    Examples:
        >>> from tensorbook.exercises import EXERCISES
        >>> data = exercise_data(EXERCISES["one-picture"])
        >>> data["kind"], data["answer"], data["mistakes"][0]
        ('shape', [1, 28, 28], [[28, 28], 'That is the shape of test_images[0]. Is :1 an index?'])
    """
    kind = exercise.kind
    data = {
        "name": exercise.name,
        "kind": kind.name,
        "expected": kind.expected,
        "answer": _plain(exercise.solve()),
        "right": exercise.right,
        "mistakes": [[_plain(mistake), advice] for mistake, advice in exercise.common_mistakes],
        "hint": exercise.hint,
        "tolerance": exercise.tolerance,
        "rounding": exercise.rounding,
    }
    return data | ({"dtypes": expected_kinds.DTYPES} if kind is expected_kinds.dtype else {})


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | tuple):
        return [_plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


def with_fields(html: str) -> str:
    """Return the HTML of a page with its fields; a page without exercises is unchanged."""
    before, heading, section = html.partition('<h2 id="exercises">')
    if not heading:
        return html
    intro, *parts = FIRST_EXERCISE.split(section)
    fields = 0
    for i, part in enumerate(parts):
        question = QUESTION.search(part)
        exercise = EXERCISES[question["name"]] if question else None
        if question and isinstance(exercise, ValueExercise):
            field = _host("tb-field", "exercises/field", "The answer field", exercise=exercise_data(exercise))
            parts[i] = part[: question.end()] + field + part[question.end() :]
            fields += 1
    if not fields:
        return html
    memory = _host("tb-memory", "exercises/progress-line", SOLVED, words=WORDS)
    ticks = _host(
        "tb-visually-hidden tb-always-near", "exercises/ticks-in-contents", SOLVED, chapters=_fields_of_chapters()
    )
    return before.replace("</h1>", f"</h1>{ticks}", 1) + heading + intro + memory + "".join(parts)


def _host(kind: str, module: str, name: str, **data: Any) -> str:
    """Return an empty element that a script fills when the reader scrolls near it (docs/javascripts/lazy-load.js)."""
    attributes = {"class": kind, "data-nearby": module, "data-name": name}
    attributes |= {f"data-{key}": json.dumps(value, ensure_ascii=False) for key, value in data.items()}
    written = " ".join(f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<div {written}></div>"


def with_places(markdown: str, repo_url: str = "") -> str:
    """Return the Markdown of a page with a line below each function exercise that says where to write the function.

    Args:
        markdown: The page. Both generators make the links in Markdown relative to the page, but not those in HTML.
        repo_url: The repository at GitHub, from which Colab opens notebooks; empty if there is none.
    """
    before, heading, section = markdown.partition("\n## Exercises\n")
    chapters = {exercise.name: number for number, chapter in enumerate(CHAPTERS, 1) for exercise in chapter.EXERCISES}
    blocks, title = section.split("\n\n"), ""
    for i, block in enumerate(blocks):
        asked = None if block.startswith("    ") else ASKED.search(block)
        if block.strip().startswith("### "):
            title = block.strip().removeprefix("### ")
        elif asked and isinstance(EXERCISES[asked["name"]], FunctionExercise):
            blocks[i] += f"\n\n{_where(asked['name'], title, chapters[asked['name']], repo_url)}"
    return before + heading + "\n\n".join(blocks)


def _where(name: str, title: str, chapter: int, repo_url: str) -> str:
    """Return the line that says where to write a function, with links to the exercise in the notebook."""
    colab = exercise_in_colab(chapter, name, repo_url)
    open_or = f"[open it in Colab]({colab}), or " if colab else ""
    return (
        f"Write it in this chapter's notebook, below “{title}”: "
        f'{open_or}[download it]({FOLDER}/chapter-{chapter}.ipynb){{ download="" }}.\n'
        '{ .tb-where data-search-exclude="" }'
    )


def _fields_of_chapters() -> dict[str, list[str]]:
    """Return the names of the exercises that have a field, by the name of their page."""
    return {
        f"{number}-{chapter.__name__.rpartition('.')[2].replace('_', '-')}": [
            exercise.name for exercise in chapter.EXERCISES if isinstance(exercise, ValueExercise)
        ]
        for number, chapter in enumerate(CHAPTERS, 1)
    }


class _Fields(Postprocessor):
    def run(self, text: str) -> str:
        return with_fields(text)


class _Places(Preprocessor):
    def __init__(self, md: Markdown, repo_url: str) -> None:
        super().__init__(md)
        self.repo_url = repo_url

    def run(self, lines: list[str]) -> list[str]:
        return with_places("\n".join(lines), self.repo_url).split("\n")


class ExerciseFieldsExtension(Extension):
    """Registers both processors with Python-Markdown."""

    def __init__(self, **options: Any) -> None:
        """Take the address of the repository, as ``repo_url`` in mkdocs.yml has it."""
        self.config = {"repo_url": ["", "The repository at GitHub, from which Colab opens notebooks."]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's own name
        """Register one to run while code blocks are out of the page, and one to run when they are back in it."""
        md.preprocessors.register(_Places(md, self.getConfig("repo_url") or ""), "exercise-places", 5)
        md.postprocessors.register(_Fields(md), "exercise-fields", -2)


def makeExtension(**options: Any) -> ExerciseFieldsExtension:  # noqa: N802  # Python-Markdown's entry point
    """Return the extension."""
    return ExerciseFieldsExtension(**options)
