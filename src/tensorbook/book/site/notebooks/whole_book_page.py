"""The page of the executed notebook: mkdocs-jupyter's HTML in the book's own style.

The HTML comes with 575 kB of style sheets, a MathJax script and a link to a CDN. None of that is kept: we take only the
cells, and add what the other pages have.

All of this takes as long as half of the other pages together, so it is done once, when the notebook is written. A build
reads the result through `read_whole_book_page.py`, without the packages that are needed here.
"""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdown.extensions.toc import slugify, unique

from tensorbook.book.site import diagrams
from tensorbook.book.site.code_markup import with_long_lines, without_plain_spans
from tensorbook.book.site.macros import both_schemes
from tensorbook.book.site.mathml import INLINE, to_mathml
from tensorbook.book.site.notebook_links import FOLDER, WHOLE_FILE
from tensorbook.book.site.notebooks.read_chapters import diagram_title
from tensorbook.book.site.notebooks.read_whole_book_page import made_from, output_alts

ROOT = "../../"  # of the site, from the page of the whole book
BELOW_TITLE = (
    "<p>All chapters, one after the other, in one go: run from top to bottom on full MNIST, with what each cell "
    "printed and drew. It is made from the chapters' own text.</p>"
    f'<p class="tb-take"><a href="{ROOT}{FOLDER}/{WHOLE_FILE}" download>Download notebook</a></p>'
)
CELLS = ".jp-MarkdownOutput, .highlight-ipynb, .jp-OutputArea-output"
COPY_BUTTON = re.compile(r"<clipboard-copy.*?</clipboard-copy>", re.DOTALL)
MATH = re.compile(rf"\$\$(?P<block>.+?)\$\$|{INLINE}", re.DOTALL)
HEADINGS = re.compile(r"^h[1-6]$")


def make_page(folder: Path, results: Path) -> str:
    """Return the page of the whole book: a line that names the notebook it is made from, and its body.

    Args:
        folder: The folder of the notebook.
        results: The folder of the figures.
    """
    from mkdocs_jupyter.convert import nb2html

    from tensorbook.book.site.notebooks.run_notebook import read_whole_book

    html = nb2html(str(folder / WHOLE_FILE), allow_errors=False)
    body = lean_page(html, results, ROOT, BELOW_TITLE, output_alts(read_whole_book(folder)))
    return f"{made_from(folder)}\n{body}\n"


def lean_page(html: str, results: Path, root: str, below_title: str, alts: Sequence[str] = ()) -> str:
    """Return the body of the page.

    Args:
        html: The body as mkdocs-jupyter makes it.
        results: The folder of the figures.
        root: The relative address of the site's root.
        below_title: HTML to put below the title.
        alts: The descriptions of the pictures that cells have drawn, in order; nbconvert gives each "No description has
            been provided".
    """
    # Half of the tags are not shown, so skipping them saves time.
    soup = BeautifulSoup(COPY_BUTTON.sub("", without_plain_spans(html)), "html.parser")
    body = BeautifulSoup("", "html.parser")
    pictures = 0
    for part in soup.select(CELLS):
        if "jp-MarkdownOutput" in part["class"]:
            for pre in part.find_all("pre"):
                box = pre.parent if pre.parent and pre.parent.name == "div" and pre.parent is not part else pre
                block = _code(soup, pre, "highlight language-text")
                if not block.find("span", class_=True):  # text without colours: something that was printed
                    _wrap_long_lines(block)
                box.replace_with(block)
            body.extend(list(part.contents))
        elif "highlight-ipynb" in part["class"]:
            body.append(_code(soup, part, "highlight language-text tb-cell"))
        elif image := part.find("img"):
            if pictures < len(alts):
                image["alt"] = alts[pictures]
            pictures += 1
            body.append(_output_image(soup, image, f"{root}{FOLDER}/whole-book/{pictures}.png"))
        else:
            body.append(_output(soup, part))
    _link(body, root)
    _show_pictures(body, results, root)
    _write_formulas(body)
    _number_headings(soup, body)
    _divide(soup, body)
    return str(body).replace("</h1>", f"</h1>{below_title}", 1)


def _code(soup: BeautifulSoup, part: Tag, kind: str) -> Tag:
    """Return a block of code or output in the other pages' form; `language-text` means that it has no buttons."""
    pre = part if part.name == "pre" else part.find("pre")
    block, box, code = soup.new_tag("div", attrs={"class": kind}), soup.new_tag("pre"), soup.new_tag("code")
    block.append(box)
    box.append(code)
    if pre:
        contents = list((pre.find("code") or pre).contents)
        if contents and isinstance(contents[-1], NavigableString):
            contents[-1] = NavigableString(contents[-1].rstrip("\n"))
        code.extend(contents)
    return block


def _output(soup: BeautifulSoup, part: Tag) -> Tag:
    """Return a cell's output; its long lines can wrap."""
    block = _code(soup, part, "highlight language-text tb-cell-output")
    _wrap_long_lines(block)
    return block


def _wrap_long_lines(block: Tag) -> None:
    [code] = block.find_all("code")
    lines = BeautifulSoup(with_long_lines(code.decode_contents()), "html.parser")
    code.clear()
    code.append(lines)


def _output_image(soup: BeautifulSoup, image: Tag, source: str) -> Tag:
    kept = {name: str(image[name]) for name in ("alt", "width", "height") if image.get(name)}
    figure = soup.new_tag("img", attrs={"src": source, "class": "tb-figure tb-drawn", "loading": "lazy", **kept})
    paragraph = soup.new_tag("p")
    paragraph.append(figure)
    return paragraph


def _link(body: Tag, root: str) -> None:
    """Turn links between files of the repository into links between pages of the site."""
    for link in body.find_all("a", href=True):
        match = re.fullmatch(r"\.\./([\w-]+)\.md(#.*)?", str(link["href"]))
        if match:
            page = "" if match[1] == "index" else f"{match[1]}/"
            link["href"] = f"{root}{page}{match[2] or ''}"


def _show_pictures(body: Tag, results: Path, root: str) -> None:
    """Replace light pictures with figures for both schemes, and with diagrams that follow the scheme."""
    by_title = {diagram_title(name): name for name in diagrams.DIAGRAMS}
    for image in body.find_all("img", alt=True):
        source, alt = str(image["src"]), str(image["alt"])
        if match := re.fullmatch(r"figures/([\w-]+)-light\.svg", source):
            html = _figure_images(results, match[1], alt, f"{root}results/figures/")
        elif source.startswith("data:image/svg+xml"):
            html = f'<div class="tb-diagram-box">{diagrams.draw(by_title[" ".join(alt.split())])}</div>'
        else:
            continue
        # A diagram is a separate block, which must not be inside a paragraph.
        place = image.parent if "<div" in html and image.parent and image.parent.name == "p" else image
        place.replace_with(BeautifulSoup(html, "html.parser"))


def _figure_images(results: Path, name: str, alt: str, folder: str) -> str:
    """Return the HTML of a picture, for a page that is not written in Markdown."""
    return "".join(
        f'<img class="tb-figure" src="{folder}{address}" alt="{escape(alt)}" '
        f'width="{width}" height="{height}" loading="lazy">'
        for address, width, height in both_schemes(results, name)
    )


def _write_formulas(body: Tag) -> None:
    for text in body.find_all(string=re.compile(r"\$")):
        if text.find_parent(["code", "pre", "svg"]):
            continue
        pieces: list[str] = []
        end = 0
        for match in MATH.finditer(text):
            pieces.append(_plain(text[end : match.start()]))
            tex, block = match["block"] or match[2], bool(match["block"])
            formula = to_mathml(tex, display=block)
            pieces.append(f'<span class="tb-math" tabindex="0">{formula}</span>' if block else formula)
            end = match.end()
        pieces.append(_plain(text[end:]))
        text.replace_with(BeautifulSoup("".join(pieces), "html.parser"))


def _plain(text: str) -> str:
    """Return the text between formulas as HTML; a real dollar sign has a backslash before it."""
    return escape(text.replace("\\$", "$"), quote=False)


def _divide(soup: BeautifulSoup, body: Tag) -> None:
    """Put each chapter's sections into separate tags, which the browser lays out only when the reader comes near."""
    part: Tag | None = None
    for node in list(body.contents):
        if isinstance(node, Tag) and node.name in ("h2", "h3"):
            part = soup.new_tag("section", attrs={"class": "tb-part"})
            node.insert_before(part)
        if part is not None:
            part.append(node.extract())


def _number_headings(soup: BeautifulSoup, body: Tag) -> None:
    """Give each heading a unique id and a link to itself."""
    used: set[str] = set()
    for heading in body.find_all(HEADINGS):
        for link in heading.find_all("a", class_="anchor-link"):
            link.extract()
        heading["id"] = unique(slugify(heading.get_text().strip(), "-"), used)
        about = {"class": "headerlink", "href": f"#{heading['id']}", "title": "Link to this section"}
        heading.append(soup.new_tag("a", attrs=about, string="¶"))
