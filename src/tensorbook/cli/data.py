"""The commands about the digits: ``data fetch`` and ``data where``."""

import typer

app = typer.Typer(no_args_is_help=True, help="Where MNIST comes from, and fetching it.")


@app.command("fetch")
def fetch_mnist() -> None:
    """Download MNIST into Keras's cache, unless it is there."""
    from tensorbook.data import fetch

    print(fetch())


@app.command("where")
def say_where() -> None:
    """Say where MNIST would be taken from now."""
    from tensorbook.data import where

    print(where())
