"""The chapters, in order: each page's Markdown as cells, one for each example, and the prose between them."""

import doctest
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from tensorbook.book.results.other_records import RECORDED_FIGURES
from tensorbook.book.site import diagrams
from tensorbook.book.site.macros import define_env

# Any form of fence that the examples' runner accepts; that runner needs Sybil, but building the site does not.
_PYTHON = re.compile(r"\{?[ \t]*\.?(?:python3?|py3?|pycon3?)(?![\w-])", re.IGNORECASE)
_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
_BOX = re.compile(r'^(?P<indent> *)(?P<mark>!!!|\?\?\?\+?|===\+?!?) +(?P<kind>[\w -]*?)(?: *"(?P<title>[^"]*)")? *$')
_SKIP = re.compile(r"^ *<!-- *skip: *(?P<what>start|end)\b.*--> *$")
_TOLERATE = re.compile(r"^ *<!-- *tolerate:.*--> *$")
_DRAWN = re.compile(r"^ *!\[(?P<alt>.*)\]\(drawn:(?P<name>[\w-]+)\) *$")
_COMMENT = re.compile(r"(?s)<!--.*?-->")
_ATTRIBUTES = re.compile(r"(?<![\w^\\$])[ \t]*\{:? *[.#][A-Za-z][^{}\n]*\}")


@dataclass(frozen=True)
class Prose:
    """Markdown; its links to pages and pictures don't have their final targets yet."""

    text: str
    id: str = ""  # of its cell, if there are links to it


@dataclass(frozen=True)
class Code:
    """An example: its code, and the output on the page."""

    source: str
    want: str = ""
    error: str | None = None  # the last lines of a traceback, if the example shows an error
    tolerant: bool = False  # numbers may be off by one in the last decimal, `...` is anything
    only_full: bool = False  # its output is only for full MNIST
    folded: bool = False  # it is in a box that is folded at first


@dataclass(frozen=True)
class Drawn:
    """A figure that an earlier cell has drawn: its description, and its name among the page's figures."""

    alt: str
    name: str = ""


Cell = Prose | Code | Drawn


@dataclass
class _Reader:
    """Reads a page line by line, and keeps track of open boxes."""

    cells: list[Cell] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    boxes: list[tuple[int, bool]] = field(default_factory=list)  # for each, its indent and whether it is folded
    only_full: bool = False
    tolerant: bool = False

    @property
    def indent(self) -> int:
        return self.boxes[-1][0] if self.boxes else 0

    def read(self, lines: Iterator[str]) -> None:
        for line in lines:
            while self.boxes and line.strip() and len(line) - len(line.lstrip(" ")) < self.indent:
                self.boxes.pop()
            if skip := _SKIP.match(line):
                self.only_full = skip["what"] == "start"
            elif _TOLERATE.match(line):
                self.tolerant = True
            elif drawn := _DRAWN.match(line):
                self.end_prose()
                self.cells.append(Drawn(drawn["alt"], drawn["name"]))
            elif box := _BOX.match(line):
                title = box["title"] if box["title"] is not None else box["kind"].strip().capitalize()
                self.boxes.append((len(box["indent"]) + 4, box["mark"] == "???"))
                self.add(["", f"> **{title}**", ">"])
            elif fence := _FENCE.match(line):
                self.read_fence(fence, lines)
            else:
                self.add([self.placed(line)])

    def read_fence(self, fence: re.Match[str], lines: Iterator[str]) -> None:
        margin = len(fence["indent"])
        body: list[str] = []
        for line in lines:
            if line.strip() and set(line.strip()) == {fence["ticks"][0]} and len(line.strip()) >= len(fence["ticks"]):
                break
            body.append(line[margin:] if not line[:margin].strip() else line)
        if _PYTHON.match(fence["info"].strip()):
            self.end_prose()
            self.cells.extend(self.examples("".join(f"{line}\n" for line in body)))
            self.tolerant = False
        else:
            info = fence["info"].split("{")[0].strip()
            ticks = fence["ticks"]
            self.add([self.placed(f"{fence['indent']}{line}") for line in (ticks + info, *body, ticks)])

    def examples(self, source: str) -> Iterator[Code]:
        folded = any(closed for _, closed in self.boxes)
        if ">>>" not in source:
            yield Code(source.rstrip("\n"), only_full=self.only_full, folded=folded)
            return
        for part in doctest.DocTestParser().parse(source):
            if isinstance(part, doctest.Example):
                code = part.source.rstrip("\n")
                yield Code(code, part.want, part.exc_msg, self.tolerant, self.only_full, folded)

    def placed(self, line: str) -> str:
        """Return a line in a notebook's form: the content of a box is quoted."""
        return f"> {line[self.indent :]}".rstrip() if self.boxes else line

    def add(self, lines: list[str]) -> None:
        self.prose.extend(lines)

    def end_prose(self) -> None:
        text = _tidy("\n".join(self.prose))
        if text.strip("> \n"):
            self.cells.append(Prose(text))
        self.prose = []


def read_cells(markdown: str) -> list[Cell]:
    r"""Return the cells of a page.

    Args:
        markdown: The page without its front matter and with its double braces filled in. A figure that the page's own
            code draws is an image whose address starts with ``drawn:``.

    Examples:
        >>> prose, code = read_cells("Add:\n\n```pycon\n>>> 1 + 1\n2\n```\n")
        >>> prose.text, code.source, code.want
        ('Add:', '1 + 1', '2\n')
    """
    reader = _Reader()
    reader.read(iter(markdown.splitlines()))
    reader.end_prose()
    return reader.cells


def _tidy(prose: str) -> str:
    """Return prose without markup that only the site understands: comments, and attributes in braces."""
    pieces = re.split(r"(?ms)^((?:> ?)* *(?:```|~~~).*?^(?:> ?)* *(?:```|~~~) *$)", _COMMENT.sub("", prose))
    pieces[::2] = [_ATTRIBUTES.sub("", piece) for piece in pieces[::2]]
    text = re.sub(r"(?m)(?:^>\n){2,}", ">\n", "".join(pieces))
    text = re.sub(r"(?m)^>\n(?!>)|^>\Z", "\n", text)  # a box ends with its text
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


FRONT_MATTER = re.compile(r"(?s)\A---\n.*?\n---\n")
PAGE = re.compile(r"(?P<number>\d+)-[\w-]+")


@dataclass(frozen=True)
class Chapter:
    """A chapter: the name of its page without the ending, its number, and its cells."""

    page: str
    number: int
    cells: list[Cell]


class _Macros:
    """The environment for ``define_env``, to fill in pages without a site."""

    def __init__(self, project: Path) -> None:
        self.project_dir = str(project)
        self.variables: dict[str, Any] = {}
        self.conf: dict[str, Any] = {}
        self.functions: dict[str, Callable[..., Any]] = {}
        self.filters: dict[str, Callable[..., Any]] = {}

    def macro(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.functions[function.__name__] = function
        return function

    def filter(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.filters[function.__name__] = function
        return function


def load_chapters(project: Path) -> list[Chapter]:
    """Return all chapters, read from ``docs/N-….md`` of a project's folder."""
    macros = _Macros(project)
    define_env(macros)
    macros.functions |= {"figure": _figure, "diagram": _diagram, "live": _live}
    macros.functions |= {"own_photo": _nothing, "reading_time": _nothing, "last_run": _nothing}
    jinja = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701  # it fills in Markdown, no HTML
    jinja.filters |= macros.filters
    chapters = []
    for path in sorted((project / "docs").glob("[0-9]*-*.md")):
        if match := PAGE.fullmatch(path.stem):
            text = FRONT_MATTER.sub("", path.read_text(encoding="utf-8"))
            here = {
                "draw_box": partial(_draw_box, path.name),
                "watch_it_learn": partial(_watch_it_learn, path.name),
                "experiment": partial(_experiment, path.name),
            }
            filled = jinja.from_string(text).render(macros.variables | macros.functions | here)
            cells = read_cells(filled.replace("](#", f"]({path.name}#"))
            chapters.append(Chapter(path.stem, int(match["number"]), cells))
    return sorted(chapters, key=lambda chapter: chapter.number)


def _figure(name: str, alt: str) -> str:
    """Return a placeholder for a picture: one of a recorded run, or one drawn by the cell above."""
    kind = "figure" if name in RECORDED_FIGURES else "drawn"
    return _image(alt, f"{kind}:{name}")


def _diagram(name: str) -> str:
    return _image(diagram_title(name), f"diagram:{name}")


def _live(name: str, task: str) -> str:  # noqa: ARG001  # what to try: a notebook has only the diagram
    return _diagram(name)


def diagram_title(name: str) -> str:
    """Return a diagram's title and description, for people who can't see it."""
    said = re.findall(r"<(?:title|desc)\b[^>]*>([^<]+)<", diagrams.draw(name))[:2]
    return _plain(". ".join(unescape(text).rstrip(".") for text in said) + ".")


def _image(alt: str, target: str) -> str:
    return f"![{_plain(alt)}]({target})"


def _plain(alt: str) -> str:
    """Return a picture's description in the form that Markdown needs between brackets."""
    return re.sub(r"\s+", " ", alt).replace("[", "(").replace("]", ")")


def _draw_box(page: str) -> str:
    return f"*The drawing box is on [this chapter's page]({page}#draw-one-yourself).*"


def _watch_it_learn(page: str) -> str:
    return f"*You can watch a network learn on [this chapter's page]({page}#watch-it-learn).*"


def _experiment(page: str, words: str, name: str) -> str:
    return f"[{name}]({page}#learn={words})"


def _nothing(page: str) -> str:  # noqa: ARG001  # the page's macros name their page
    return ""
