"""What the maintainers' commands need: a checkout of the book, and the packages of the extras."""

from pathlib import Path

from tensorbook.errors import UsageError

NAME = "python -m tensorbook.book"


def check_checkout() -> None:
    """Check that the current folder is a checkout of the book.

    Raises:
        UsageError: It is not.
    """
    if not (Path("mkdocs.yml").is_file() and Path("docs").is_dir()):
        raise UsageError(
            f"{NAME} needs a checkout of the book, but {Path.cwd()} is not one: run it in the folder with mkdocs.yml "
            "and docs."
        )


def explain(error: ModuleNotFoundError) -> str | None:
    """Return which package is missing and how to install it; None if it is one of our own modules, which is a bug."""
    package = (error.name or "").partition(".")[0]
    if package == __package__.partition(".")[0]:
        return None
    return f"{NAME} needs the package {package}: run `python -m pip install -e '.[dev]'` in a checkout of the book."
