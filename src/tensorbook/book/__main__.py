"""``python -m tensorbook.book``: the list of the maintainers' commands."""

from typing import TYPE_CHECKING

from tensorbook.book.missing_extras import NAME, check_checkout, explain
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
    import typer  # here, since `explain` tells of packages that are missing

    from tensorbook.book.commands import check_and_seeds, measurements, notebooks, record

    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    for command in (
        record.record,
        measurements.op_timings,
        check_and_seeds.check,
        check_and_seeds.seeds,
        measurements.experiments,
        measurements.scratch,
        measurements.convnet,
        measurements.disturbances,
        measurements.handwriting,
        measurements.strangers,
        measurements.learning,
        notebooks.notebook,
        notebooks.downloads,
    ):
        app.command()(command)
    app.callback(help="Make and check the book. These commands need a checkout with the extras installed.")(
        check_checkout
    )
    return app


if __name__ == "__main__":
    main()
