"""Rendered pages, kept from one build to the next, so that only pages whose Markdown has changed are rendered again.

Rendering takes most of a build: Markdown, formulas, highlighted code, what each block needs from above, and the
reference. A page is kept under the hash of everything that goes into it. That includes the code that renders it and the
versions of all packages, so any new release starts afresh. A page for which MkDocs prints a message is not kept,
because the message must appear each time. The page's entries in the search index are kept, too.
"""

import contextlib
import json
import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from tensorbook.book.site.build_cache import BuildCache, digest, sources

LOG = logging.getLogger("mkdocs")
SEARCH = "material/search"
Registration = tuple[str, list[Any], dict[str, Any]]  # "anchor" or "name", and the arguments


class PageCache:
    """The pages of one build.

    Args:
        cache: Where they are kept.
        config: The settings of the build.
        files: All files of the site: a page's links depend on them.
    """

    def __init__(self, cache: BuildCache, config: MkDocsConfig, files: Files) -> None:
        """Note what all pages depend on, and reuse the search entries from the previous build."""
        project = Path(config.config_file_path).parent
        settings = project / "pyproject.toml"
        self.cache = cache
        self.rendered: list[str] = []  # the pages that were not kept, for the tests
        self.searched: list[str] = []  # and those whose entries in the index were not
        self._common = digest(
            sources(project / "src" / "tensorbook"),  # what the reference describes
            settings.read_text(encoding="utf-8") if settings.is_file() else "",  # ruff's, which signatures go through
            [(file.src_uri, file.url, file.inclusion.name) for file in files],
            [type(one).__qualname__ if not isinstance(one, str) else one for one in config.markdown_extensions],
            config.mdx_configs,
            {name: dict(getattr(plugin, "config", {})) for name, plugin in config.plugins.items()},  # a hook has none
            [config.site_name, config.site_url, config.use_directory_urls, dict(config.validation), config.theme.name],
        )
        if SEARCH in config.plugins:
            index = _plugin(config, SEARCH).search_index
            index.add_entry_from_context = partial(self._search, index, index.add_entry_from_context)

    def take_over(self, page: Page) -> None:
        """Render a page from what was kept, if possible."""
        page.render = partial(self._render, page, page.render)  # type: ignore[method-assign]  # as mkdocs-jupyter does

    def _render(self, page: Page, render: Any, config: MkDocsConfig, files: Files) -> None:
        path = self.cache.path("page", self._common, page.file.src_uri, page.markdown)
        if (kept := self.cache.read(path)) is not None:
            _restore(page, json.loads(kept), config, files)
            return
        self.rendered.append(page.file.src_uri)
        # Another page with a reference may have registered a name first; then this one's records depend on it.
        first = not (":::" in (page.markdown or "") and _plugin(config, "mkdocstrings").handlers.inventory)
        with _messages() as messages, _registrations(config) as registered:
            render(config, files)
        if first and not messages and LOG.isEnabledFor(logging.INFO):  # `--quiet` would hide messages from us, too
            self.cache.keep(path, json.dumps(_to_keep(page, registered)).encode())

    def _search(self, index: Any, add: Any, page: Page) -> None:
        """Add a page's sections to the search index: each has an entry with its address, title and text."""

        def find() -> Any:
            self.searched.append(page.file.src_uri)
            before = len(index.entries)
            add(page)
            return [index.entries.pop() for _ in index.entries[before:]][::-1]

        contents = [_token(item) for item in page.toc]
        index.entries += self.cache.values(
            find, "search", page.url, page.title, page.meta, contents, page.content, index.config
        )


def _plugin(config: MkDocsConfig, name: str) -> Any:
    return config.plugins[name]


def _to_keep(page: Page, registered: list[Registration]) -> dict[str, Any]:
    """Return everything that rendering has produced, as plain values."""
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
    handler.emit = found.append  # type: ignore[assignment, method-assign]  # shorter than a class
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
