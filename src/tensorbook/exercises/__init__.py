"""Exercises with automatic feedback.

Each chapter ends with exercises. ``check`` takes the name of an exercise and your answer, and prints feedback on it.
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
    """Print whether an answer is right and, if it isn't, a hint.

    Args:
        name: The name of the exercise, as given on its page.
        answer: Your answer: a shape, a number, or a function you wrote, depending on the exercise. Pass a function
            without calling it; it is called with the same test cases each time.

    A wrong answer or an unknown name does not raise an error; it prints a message.

    Examples:
        >>> check("one-picture", (28, 28))
        Not yet. You answered (28, 28). That is the shape of test_images[0]. Is :1 an index?
        >>> check("one-picture", (1, 28, 28))
        Right. One image, but still in an array, which is what a network expects.
    """
    exercise = EXERCISES.get(name) if isinstance(name, str) else None
    if exercise is None:
        near = difflib.get_close_matches(str(name), EXERCISES, 1)
        hint = (
            f"Did you mean {near[0]!r}?" if near else 'Each exercise gives its name, as in check("one-picture", ...).'
        )
        print(f"There is no exercise named {name!r}. {hint}")
        return
    print(exercise.grade(answer))
