"""A hook of MkDocs: tells the template that somebody is writing, and wants each page to reload when it changes."""

from typing import Literal

serving = False


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG001  # MkDocs's names
    """Note which command runs."""
    global serving  # MkDocs hands nothing from this event to the next
    serving = command == "serve"


def on_config(config: dict[str, dict[str, object]]) -> None:
    """Hand it on to the template."""
    config["extra"]["serving"] = serving
