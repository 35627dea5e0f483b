"""Rendered pages, kept from one build to the next: only a page whose Markdown has changed is rendered again.

Rendering takes most of a build: Markdown, formulas, highlighted code, what each block needs from above, and the
reference. A page is kept under the hash of all that goes into it. That includes the code that renders it and the
versions of all packages, so a new release of anything starts afresh. A page that MkDocs has something to say about is
not kept, because the message must appear each time.

The pages are files in `.cache`, which git ignores. A damaged file is replaced, and one that a build did not use is
deleted.
"""

import contextlib
import hashlib
import json
import logging
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

import tensorbook
from tensorbook.atomic_write import write_atomically

FOLDER = Path(".cache/tensorbook-pages")
LOG = logging.getLogger("mkdocs")
Registration = tuple[str, list[Any], dict[str, Any]]  # "anchor" or "name", and the arguments


def sources(folder: Path) -> str:
    """Return the hash of all files in a folder, with their names."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            found.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return found.hexdigest()


# What renders the pages in this process: `mkdocs serve` goes on with the code that it began with.
RENDERER = [
    sys.version,
    sources(Path(tensorbook.__file__).parent),
    # `Markdown-3.7.dist-info` and so on: to ask `importlib.metadata` takes longer than to render a page.
    sorted({found.name for folder in sys.path for found in Path(folder).glob("*-info")}),
]


class PageCache:
    """The pages of one build.

    Args:
        config: The settings of the build.
        files: All files of the site: a page's links depend on them.
    """

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        """Note what all pages depend on."""
        project = Path(config.config_file_path).parent
        self.folder = project / FOLDER
        self.used: set[Path] = set()
        self.rendered: list[str] = []  # the pages that were not kept, for the tests
        self._common = _digest(
            RENDERER,
            sources(project / "src" / "tensorbook"),  # what the reference describes
            [
                path.read_text(encoding="utf-8") for path in [project / "pyproject.toml"] if path.is_file()
            ],  # ruff's, too
            [(file.src_uri, file.url, file.inclusion.name) for file in files],
            [type(one).__qualname__ if not isinstance(one, str) else one for one in config.markdown_extensions],
            config.mdx_configs,
            {name: dict(getattr(plugin, "config", {})) for name, plugin in config.plugins.items()},  # a hook has none
            [config.site_name, config.site_url, config.use_directory_urls, dict(config.validation), config.theme.name],
        )

    def take_over(self, page: Page) -> None:
        """Let a page be rendered by way of what is kept."""
        page.render = partial(self._render, page, page.render)  # type: ignore[method-assign]  # as mkdocs-jupyter does

    def forget_unused(self) -> None:
        """Delete what this build had no use for."""
        for path in self.folder.glob("*.json"):
            if path not in self.used:
                path.unlink(missing_ok=True)

    def _render(self, page: Page, render: Any, config: MkDocsConfig, files: Files) -> None:
        path = self.folder / f"{_digest(self._common, page.file.src_uri, page.markdown)}.json"
        self.used.add(path)
        if kept := _read(path):
            _restore(page, kept, config, files)
            return
        self.rendered.append(page.file.src_uri)
        # Another page with a reference may have registered a name first; then this one's records depend on it.
        first = not (":::" in (page.markdown or "") and _plugin(config, "mkdocstrings").handlers.inventory)
        with _messages() as messages, _registrations(config) as registered:
            render(config, files)
        if first and not messages and LOG.isEnabledFor(logging.INFO):  # `--quiet` would hide messages from us, too
            content = json.dumps(_to_keep(page, registered))
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, f"{_digest(content)}\n{content}")


def _plugin(config: MkDocsConfig, name: str) -> Any:
    return config.plugins[name]


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    """Return a page that was kept, or None if there is none or its file is damaged."""
    try:
        digest, _, content = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return None
    return json.loads(content) if digest == _digest(content) else None


def _to_keep(page: Page, registered: list[Registration]) -> dict[str, Any]:
    """Return all that rendering has left behind, as plain values."""
    return {
        "content": page.content,
        "toc": [_token(item) for item in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()},
        "registered": registered,
    }


def _token(item: AnchorLink) -> dict[str, Any]:
    return {"name": item.title, "id": item.id, "level": item.level, "children": [_token(one) for one in item.children]}


def _restore(page: Page, kept: dict[str, Any], config: MkDocsConfig, files: Files) -> None:
    page.content = kept["content"]
    page.toc = get_toc(kept["toc"])
    page._title_from_render = kept["title"]
    page.present_anchor_ids = set(kept["anchors"])
    page.links_to_anchors = {files.src_uris[name]: links for name, links in kept["links"].items()}
    if kept["registered"]:
        handlers = _plugin(config, "mkdocstrings").handlers
        handlers.get_handler("python")  # whose style sheet the site gets
        for name, arguments, options in kept["registered"]:
            if name == "anchor":
                _plugin(config, "autorefs").register_anchor(page, *arguments, **options)
            else:
                handlers.inventory.register(*arguments, **options)


@contextlib.contextmanager
def _messages() -> Iterator[list[logging.LogRecord]]:
    """Collect what MkDocs and its plugins say."""
    found: list[logging.LogRecord] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = found.append  # type: ignore
    LOG.addHandler(handler)
    try:
        yield found
    finally:
        LOG.removeHandler(handler)


@contextlib.contextmanager
def _registrations(config: MkDocsConfig) -> Iterator[list[Registration]]:
    """Collect the anchors and names that mkdocstrings registers for links from other pages and other sites."""
    found: list[Registration] = []
    with contextlib.ExitStack() as stack:
        if "mkdocstrings" in config.plugins:
            inventory = _plugin(config, "mkdocstrings").handlers.inventory
            stack.enter_context(_listen(_plugin(config, "autorefs"), "register_anchor", "anchor", found))
            stack.enter_context(_listen(inventory, "register", "name", found))
        yield found


@contextlib.contextmanager
def _listen(owner: Any, method: str, kind: str, found: list[Registration]) -> Iterator[None]:
    original = getattr(owner, method)

    def listening(*arguments: Any, **options: Any) -> None:
        found.append((kind, [one for one in arguments if not isinstance(one, Page)], options))
        original(*arguments, **options)

    setattr(owner, method, listening)
    try:
        yield
    finally:
        delattr(owner, method)
