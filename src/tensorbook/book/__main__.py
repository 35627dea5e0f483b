"""``python -m tensorbook.book``: the maintainers' commands."""

from typing import TYPE_CHECKING

from tensorbook.cli.run_command import run
from tensorbook.cli.streams import fail

if TYPE_CHECKING:
    import typer

NAME = "python -m tensorbook.book"


def main() -> None:
    """Run the maintainers' commands; a missing checkout or package is one line on stderr and exit status 2."""
    try:
        run(_commands, NAME)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == __package__.partition(".")[0]:  # one of our own modules is missing: a bug
            raise
        fail(f"{NAME} needs the package {package}: run `python -m pip install -e '.[dev]'` in a checkout of the book.")


def _commands() -> "typer.Typer":
    from tensorbook.book.commands import app

    return app


if __name__ == "__main__":
    main()
