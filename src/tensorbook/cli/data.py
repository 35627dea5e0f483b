"""The commands about the digits: ``data fetch`` and ``data where``."""

import typer

from tensorbook.data import fetch, where

app = typer.Typer(no_args_is_help=True, help="Where MNIST comes from, and fetching it.")


@app.command("fetch")
def fetch_mnist() -> None:
    """Download MNIST into Keras's cache, unless it is there."""
    print(fetch())


@app.command("where")
def say_where() -> None:
    """Say where MNIST would be taken from now."""
    print(where())
