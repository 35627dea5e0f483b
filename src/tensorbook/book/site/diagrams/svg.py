"""A drawing: the few SVG elements that the diagrams need, with class names in place of colours."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from xml.etree.ElementTree import Element, SubElement, tostring

# At 400 units, the widest drawing, 13 units are 10.7 px on a phone whose column is 328 px wide.
TEXT = 14
SMALL = 13
# On a desktop, a drawing is this much larger than its units, so its text is as large as the page's.
DESK = 1.2
HEAD = 7
# As references, these characters are text to Markdown, too, which would read `train_images[4]` as markup.
MARKDOWN = str.maketrans({character: f"&#{ord(character)};" for character in "*_`[]$\\"})

Point = tuple[float, float]


class Drawing:
    """A diagram that becomes an ``<svg>`` element; ``str`` gives it as one line."""

    def __init__(self, name: str, size: tuple[int, int], title: str, description: str) -> None:
        """Start an empty drawing.

        Args:
            name: The diagram's name; it keeps the ids of two diagrams on one page apart.
            size: Width and height of the view box.
            title: What the diagram is about, in a few words.
            description: What it shows, for people who can't see it.
        """
        width, height = size
        self._svg = Element(
            "svg",
            {
                "class": "tb-diagram",
                "viewBox": f"0 0 {width} {height}",
                "width": _plain(width * DESK),
                "role": "img",
                "aria-labelledby": f"tb-{name}-title tb-{name}-desc",
            },
        )
        SubElement(self._svg, "title", {"id": f"tb-{name}-title"}).text = title
        SubElement(self._svg, "desc", {"id": f"tb-{name}-desc"}).text = description
        self._parent = self._svg

    def __str__(self) -> str:
        """Return the drawing as one line of SVG that Markdown leaves as it is."""
        return tostring(self._svg, encoding="unicode").translate(MARKDOWN)

    @contextmanager
    def array(self, name: str) -> Iterator[None]:
        """Group what is drawn inside under the name of an array, so that tests can read its numbers."""
        outer = self._parent
        self._parent = SubElement(outer, "g", {"data-array": name})
        yield
        self._parent = outer

    def _add(self, tag: str, kind: str, **attributes: float | str | None) -> Element:
        """Add an element; attributes that are None are left out."""
        plain = {
            name.replace("_", "-"): value if isinstance(value, str) else _plain(value)
            for name, value in attributes.items()
            if value is not None
        }
        return SubElement(self._parent, tag, {"class": kind, **plain})

    def rect(self, x: float, y: float, width: float, height: float, kind: str = "tb-cell", radius: float = 0) -> None:
        """Draw a rectangle; ``x`` and ``y`` are its top left corner."""
        self._add("rect", kind, x=x, y=y, width=width, height=height, rx=radius)

    def circle(self, x: float, y: float, radius: float, kind: str = "tb-point") -> None:
        """Draw a circle; ``x`` and ``y`` are its centre."""
        self._add("circle", kind, cx=x, cy=y, r=radius)

    def line(self, points: Sequence[Point], kind: str = "tb-line", width: float | None = None) -> None:
        """Draw a line through the points; without a ``width``, the style sheet says how wide a ``kind`` is."""
        self._add("polyline", kind, points=_join(points), stroke_width=width)

    def path(self, places: str, kind: str, opacity: float = 1) -> None:
        """Draw a path, given as SVG writes it."""
        self._add("path", kind, d=places, fill_opacity=opacity)

    def arrow(self, points: Sequence[Point], kind: str = "tb-arrow") -> None:
        """Draw a line through the points with a head at the last one."""
        (x0, y0), (x, y) = points[-2:]
        length = math.hypot(x - x0, y - y0)
        along, down = (x - x0) / length, (y - y0) / length
        back, side = (x - HEAD * along, y - HEAD * down), (HEAD / 2 * down, HEAD / 2 * along)
        # The line ends inside the head, because at the tip its width would blunt it.
        self.line([*points[:-1], (x - HEAD / 2 * along, y - HEAD / 2 * down)], kind)
        head = [(back[0] - side[0], back[1] + side[1]), (x, y), (back[0] + side[0], back[1] - side[1])]
        self._add("polygon", "tb-head tb-head--hot" if "hot" in kind else "tb-head", points=_join(head))

    def text(
        self,
        x: float,
        y: float,
        content: str,
        kind: str = "tb-text",
        *,
        anchor: str = "middle",
        size: int = TEXT,
    ) -> None:
        """Write one line; ``y`` is its middle, ``x`` its ``anchor``: ``start``, ``middle`` or ``end``."""
        # Browsers disagree about `dominant-baseline`, so the baseline is placed where capitals end up centred.
        baseline = y + 0.36 * size
        self._add("text", kind, x=x, y=baseline, font_size=size, text_anchor=anchor).text = content

    def slots(self, x: float, y: float, content: str, advance: float, marked: dict[int, str] | None = None) -> None:
        """Write a line of code with a fixed place for each character, regardless of the font's widths.

        Args:
            x: The middle of the first character.
            y: The middle of the line.
            content: The text.
            advance: The distance from one character to the next.
            marked: The class of those characters, by index, that are marked.
        """
        for index, character in enumerate(content):
            if character != " ":
                kind = (marked or {}).get(index, "tb-text")
                self.text(x + index * advance, y, character, f"{kind} tb-code", size=TEXT)


def number(value: float) -> str:
    """Format a number for a diagram: whole numbers bare, others to one decimal, with a true minus sign."""
    written = str(value) if isinstance(value, int) else f"{value + 0.0:.1f}"
    return written.replace("-", "−")


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _join(points: Sequence[Point]) -> str:
    return " ".join(f"{_plain(x)},{_plain(y)}" for x, y in points)
