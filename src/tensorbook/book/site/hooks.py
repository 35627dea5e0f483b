"""MkDocs hooks: files for download, the page of the whole book, the cache between builds, and ``serve``.

Zensical has no hooks: `python -m tensorbook.book downloads site` gives its site the files,
and it has no page of the whole book.
"""

import gc
import json
import logging
import os
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import mkdocs_macros.context
from griffe import Module, ModuleFinder
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import write_file

from tensorbook.book.site.build_cache import BuildCache, own_files, sources
from tensorbook.book.site.notebook_links import FOLDER, WHEEL, WHOLE_FILE, only_here
from tensorbook.book.site.notebooks.read_whole_book_page import contents, output_pictures, read_page
from tensorbook.book.site.pack_sample_digits import DIGITS_FILE, packed_digits
from tensorbook.book.site.page_cache import PageCache
from tensorbook.book.site.unused_theme_rules import drop_unused_rules

log = logging.getLogger("mkdocs.hooks.notebooks")  # a child of MkDocs's logger: `--strict` counts its warnings
WHOLE_PAGE = f"results/{WHOLE_FILE}"
REFERENCE_STYLE = "assets/_mkdocstrings.css"
META: dict[str, Any] = {
    "description": "All chapters of tensorbook in one notebook, run from top to bottom on full MNIST, shown with every "
    "output and figure, and offered for download.",
    "search": {"exclude": True},  # the chapters say the same
}


ALL_SUBMODULES = ModuleFinder.submodules
serving = False


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG001  # MkDocs's
    """Note which command is running, and turn off work that nobody needs.

    Garbage collection would take a tenth of a build, and unnecessary work by two plugins another tenth.
    """
    global serving  # MkDocs passes nothing from this event to the next
    serving = command == "serve"
    gc.set_threshold(200_000)
    mkdocs_macros.context.get_git_info = dict  # it runs git twelve times, and no page uses what git says
    ModuleFinder.submodules = _library_only  # type: ignore[method-assign, assignment]  # no setting does it


def _library_only(finder: ModuleFinder, module: Module) -> list[Any]:
    """Return the modules that mkdocstrings reads: not the book's, which are twice as many and not in the reference."""
    return [found for found in ALL_SUBMODULES(finder, module) if found[0][0] != "book"]


def on_config(config: MkDocsConfig) -> None:
    """Let pages reload under ``serve``, and warn if the site's downloads can only be installed on this computer.

    Under ``--strict`` a warning would end the build, but CI builds a site that nobody else will read, and ``serve`` is
    meant for this computer. In both cases the warning is only an information message.
    """
    config.extra["serving"] = serving
    if REFERENCE_STYLE in config.extra_css:  # mkdocstrings gives it to each page; only the reference needs it
        config.extra_css.remove(REFERENCE_STYLE)
        config.extra["reference_style"] = REFERENCE_STYLE
    if warning := only_here(config.site_url):
        log.log(logging.INFO if serving or config.strict else logging.WARNING, warning)


class NotebookPage(File):
    """A notebook that is a page of the site instead of a file beside the pages."""

    def is_documentation_page(self) -> bool:
        """Tell MkDocs that this file is a page, which decides where it is put."""
        return True


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the downloads and the pictures of the whole book to the site, and make its notebook a page."""
    cache = BuildCache(Path(config.config_file_path).parent)
    made = _not_yet(config, cache) if serving else _kept_downloads(config, cache)
    notebook = json.loads(Path(config.docs_dir, WHOLE_PAGE).read_text(encoding="utf-8"))
    for number, picture in enumerate(output_pictures(notebook), start=1):
        made[f"{FOLDER}/whole-book/{number}.png"] = picture
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    if file := files.get_file_from_path(WHOLE_PAGE):
        files.remove(file)
        files.append(NotebookPage(WHOLE_PAGE, config.docs_dir, config.site_dir, config.use_directory_urls))
    config.extra["page_cache"] = PageCache(cache, config, files)
    return files


def _kept_downloads(config: MkDocsConfig, cache: BuildCache) -> dict[str, bytes]:
    """Return the downloads, which are made only if something that goes into them has changed since the last build."""
    project = Path(config.config_file_path).parent
    # The wheel also depends on the files beside `docs`, and on the clock that this variable sets.
    clock = os.environ.get("SOURCE_DATE_EPOCH")
    inputs = (config.site_url, clock, own_files(project), sources(project / "docs"), sources(project / "src"))
    return cache.files(lambda: _downloads(config), "downloads", *inputs)


def _downloads(config: MkDocsConfig) -> dict[str, bytes]:
    # Its imports take time that `serve` and a second build don't need to spend.
    from tensorbook.book.site.downloads import added_files

    return added_files(Path(config.config_file_path).parent, config.site_url)


def _not_yet(config: MkDocsConfig, cache: BuildCache) -> dict[str, bytes]:
    """Return the digits, and empty files in place of the downloads, so that links to them work."""
    chapters = [page.name.split("-")[0] for page in Path(config.docs_dir).glob("[0-9]*-*.md")]
    names = [WHEEL, f"{FOLDER}/{WHOLE_FILE}"]
    names += [f"{FOLDER}/chapter-{number}.{kind}" for number in chapters for kind in ("ipynb", "py")]
    digits = cache.files(lambda: {DIGITS_FILE: packed_digits()}, "digits")
    return dict.fromkeys(names, b"") | digits


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: Any) -> None:
    """Make the downloads when somebody requests one, which authors rarely do.

    Each build empties the files again, so they are never older than the pages.
    """
    serve, making = server.get_app(), Lock()
    assert serve  # noqa: S101  # set when the server was made

    def serve_downloads(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith(f"{server.mount_path}{FOLDER}/"):
            with making:
                wheel = Path(config.site_dir, WHEEL)
                if wheel.is_file() and not wheel.stat().st_size:
                    for name, content in _downloads(config).items():
                        write_file(content, str(Path(config.site_dir, name)))
        return serve(environ, start_response)

    server.set_app(serve_downloads)


def on_pre_page(page: Page, config: MkDocsConfig, **_: Any) -> Page:
    """Render only what has changed since the last build."""
    config.extra["page_cache"].take_over(page)
    return page


def on_post_build(config: MkDocsConfig) -> None:
    """Delete cached pages that this build did not use, and rules of the theme's style sheet that no page needs."""
    config.extra["page_cache"].cache.forget_unused()
    if not serving:
        drop_unused_rules(Path(config.site_dir))


@event_priority(100)  # before the macros plugin, which would read the notebook's JSON as a page
def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Prevent the notebook from being read as Markdown; give its page the usual metadata."""
    if page.file.src_uri != WHOLE_PAGE:
        return markdown
    page.meta.update(META)
    return ""


def on_page_content(html: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Show the page that was made when the notebook was written."""
    if page.file.src_uri != WHOLE_PAGE:
        return html
    body = read_page(Path(config.docs_dir, "results"))
    page.toc = get_toc(contents(body))  # type: ignore[arg-type]  # the tokens are Python-Markdown's
    return body
