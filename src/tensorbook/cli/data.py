"""The commands for the digits: ``data fetch`` and ``data where``."""

import typer

app = typer.Typer(no_args_is_help=True, help="Find or download MNIST.")


@app.command("fetch")
def fetch_mnist() -> None:
    """Download MNIST into Keras's cache, unless it is already there."""
    from tensorbook.data import fetch

    print(fetch())


@app.command("where")
def say_where() -> None:
    """Show which copy of MNIST would be used now."""
    from tensorbook.data import find_mnist

    print(find_mnist())
