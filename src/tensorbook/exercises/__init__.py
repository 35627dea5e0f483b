"""Exercises that grade themselves.

Each chapter ends with exercises. ``check`` takes the name of an exercise and an answer, and prints feedback.
"""

import difflib

from tensorbook.exercises import (
    better_network,
    data,
    engine,
    engine_by_hand,
    more_machines,
    network,
    operations,
    slicing,
    tensors,
    your_own_digits,
)
from tensorbook.exercises.grading import Exercise

__all__ = ["check"]

# One module per chapter, named after its page.
CHAPTERS = (
    data,
    network,
    tensors,
    slicing,
    operations,
    engine,
    engine_by_hand,
    better_network,
    your_own_digits,
    more_machines,
)
EXERCISES: dict[str, Exercise] = {exercise.name: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES}


def check(name: str, answer: object) -> None:
    """Print whether an answer is right; if not, print the answer with a hint.

    Args:
        name: The name of the exercise, as given on its page.
        answer: What the exercise asks for: a shape, a number, a function you wrote. Pass the function itself, without
            brackets; it is called with the same test cases each time.

    A wrong answer or an unknown name raises no error; both print a message.

    Examples:
        >>> check("one-picture", (28, 28))
        Not yet. You gave (28, 28). That is test_images[0]. Is :1 an index?
        >>> check("one-picture", (1, 28, 28))
        Right. One picture, and still an array of pictures, as a network wants it.
    """
    exercise = EXERCISES.get(name) if isinstance(name, str) else None
    if exercise is None:
        near = difflib.get_close_matches(str(name), EXERCISES, 1)
        hint = (
            f"Is it {near[0]!r}?" if near else 'The name is given with the exercise, as in check("one-picture", ...).'
        )
        print(f"There is no exercise {name!r}. {hint}")
        return
    print(exercise.grade(answer))
