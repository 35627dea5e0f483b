"""The words of the exercises' feedback; what the page says of a typed answer comes from here, too.

What is said about a common mistake, and the hints, are with each exercise.
"""

from typing import Literal

RIGHT, WRONG = "Right. {}", "Not yet. {}"
GAVE = "You answered {}. {}"
MALFORMED = "{} Expected {}."
UNREADABLE = "Expected {}, got {}{}."
# Advice that is added to it.
QUOTED = "; remove the quotes"
COMMAS = "; write a single number without commas"
ONE_AXIS = "; write a shape with one axis as (5,)"

Reason = Literal["empty", "calculation", "brackets", "quotes", "comma", "zero", "long", "other"]

# For a typed text that is not a value.
REASONS: dict[Reason, str] = {
    "empty": "Type an answer first.",
    "calculation": "Type the result, not a calculation.",
    "brackets": "The brackets don't match: each ( needs a ), and each [ needs a ].",
    "quotes": "A quotation mark is missing.",
    "comma": "A comma is missing between two values.",
    "zero": "A whole number can't start with 0 or contain commas.",
    "long": "No answer in this book has that many digits.",
    "other": "Python can't read that as a value.",
}

# For a function.
NOT_A_FUNCTION = "Pass the function itself, without calling it: check({!r}, {}). You passed {}."
OTHER_ARGUMENTS = "The call is {}, but your function doesn't accept these arguments: {}."
RAISED = "{} raised {}{}. {}"
ON_LINE = ", on line {}"
RETURNED_NONE = "{} returned None. Is there a `return` at the end?"
CHANGED_ARGUMENT = "{} changed its argument. Return a new array or a copy instead."
RETURNED = "{} returned {}{}. {}"
# How the result differs, which is added to it.
NUMBER_OF_RESULTS = "; expected {} results"
NOT_AN_ARRAY = ", which is not an array of numbers"
NOT_NUMBERS = "; expected numbers"
OF_SHAPE = ", of shape {}"
OTHER_SHAPE = "{}; expected {}"
AN_ARRAY, ONE_NUMBER = "an array of shape {}", "one number"
