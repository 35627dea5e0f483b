"""``python -m tensorbook.book``: the maintainers' commands."""

from typing import TYPE_CHECKING

from tensorbook.book.missing_extras import NAME, explain
from tensorbook.cli.run_command import fail, run

if TYPE_CHECKING:
    import typer


def main() -> None:
    """Run the maintainers' commands; a missing checkout or package is one line on stderr and exit status 2."""
    try:
        run(_commands, NAME)
    except ModuleNotFoundError as error:
        message = explain(error)
        if message is None:
            raise
        fail(message)


def _commands() -> "typer.Typer":
    from tensorbook.book.commands import app

    return app


if __name__ == "__main__":
    main()
