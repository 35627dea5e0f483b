"""A page's Markdown as cells: one for each example, without prompts, and the prose between them."""

import doctest
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# Any form of the fence that the examples' runner takes; that one needs Sybil, and building the site does not.
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
    """Markdown; links to pages and pictures are still to be told where they lead."""

    text: str


@dataclass(frozen=True)
class Code:
    """One example: its code, and what the page says that it prints."""

    source: str
    want: str = ""
    error: str | None = None  # the last lines of a traceback, where the example shows an error
    tolerant: bool = False  # numbers may be off by one in the last decimal, `...` is anything
    only_full: bool = False  # what it prints holds for full MNIST alone
    folded: bool = False  # it stands in a box that is closed at first


@dataclass(frozen=True)
class Drawn:
    """A figure that a cell above has drawn: what is to be seen in it, and its name among the page's figures."""

    alt: str
    name: str = ""


Cell = Prose | Code | Drawn


@dataclass
class _Reader:
    """Reads a page line by line; keeps what the lines before have opened."""

    cells: list[Cell] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    boxes: list[tuple[int, bool]] = field(default_factory=list)  # of each its indent, and whether it is closed
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
        """Return a line as it stands in a notebook: what a box holds is quoted."""
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
        markdown: The page, its front matter taken off and its double braces filled in. A figure that the page's own
            code draws stands as an image whose address starts with ``drawn:``.

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
    """Return prose without what only the site understands: comments, and attributes in braces."""
    pieces = re.split(r"(?ms)^((?:> ?)* *(?:```|~~~).*?^(?:> ?)* *(?:```|~~~) *$)", _COMMENT.sub("", prose))
    pieces[::2] = [_ATTRIBUTES.sub("", piece) for piece in pieces[::2]]
    text = re.sub(r"(?m)(?:^>\n){2,}", ">\n", "".join(pieces))
    text = re.sub(r"(?m)^>\n(?!>)|^>\Z", "\n", text)  # a box ends where its text ends
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
