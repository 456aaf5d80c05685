"""The lines of a page in reading order, each with the markup that it stands in: the evidence of the second pass."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.text import squash
from pipeline.types import Block

_UNSHOWN = frozenset(
    """nav button script style noscript template svg math iframe object select option head textarea canvas video
    audio""".split()  # noqa: SIM905 (a list would be twenty lines)
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike
    strong sub sup time tt u var wbr""".split()  # noqa: SIM905 (a list would be thirty lines)
)
_NOT_LETTER = re.compile(r"[\W_]+")
KEY_CHARS = 80
MAX_CLIMB = 8  # ancestors whose names are evidence
NAMES_CHARS = 4_000  # of one element: a class may be long, and is looked at for each line within


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page: text between two borders of block elements."""

    position: int
    text: str
    element: HtmlElement  # the block element that it stands in
    linked: float  # share of its letters that are links
    anchors: tuple[str, ...] = ()  # the parts of it that are, as they stand in the markup

    @property
    def links(self) -> tuple[str, ...]:
        return tuple(part for raw in self.anchors if (part := squash(raw)))


def read_lines(body: HtmlElement) -> list[Line]:
    """The lines that the markup shows, in order. Trees are at most 255 elements deep (see `parse_page`)."""
    lines: list[Line] = []
    parts: list[str] = []
    linked: list[str] = []

    def end(element: HtmlElement) -> None:
        if parts:
            text = squash("".join(parts))
            if text:
                share = len(squash("".join(linked))) / len(text) if linked else 0.0
                lines.append(Line(len(lines), text, element, min(share, 1.0), tuple(linked)))
            parts.clear()
            linked.clear()

    def walk(element: HtmlElement, block: HtmlElement, in_link: bool) -> None:
        in_link = in_link or element.tag == "a"
        text = element.text
        if text and (parts or not text.isspace()):
            parts.append(text)
            if in_link:
                linked.append(text)
        for child in element:
            tag = child.tag
            if tag in _INLINE:
                walk(child, block, in_link)
            elif tag not in _UNSHOWN:
                end(block)
                walk(child, child, in_link)
                end(child)
            text = child.tail
            if text and (parts or not text.isspace()):
                parts.append(text)
                if in_link:
                    linked.append(text)

    walk(body, body, False)
    end(body)
    return lines


def line_key(text: str) -> str:
    """The letters and digits of a line's beginning: equal for what differs in spacing and punctuation alone."""
    return _NOT_LETTER.sub("", text[: 2 * KEY_CHARS]).casefold()[:KEY_CHARS]


def letters_of(text: str) -> str:
    """The letters and digits of a text, without case."""
    return _NOT_LETTER.sub("", text).casefold()


def letters(text: str) -> int:
    """How many letters and digits a text has."""
    return len(_NOT_LETTER.sub("", text))


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the line of the page that a block of text came from, going forward through the page where it can."""

    lines: Sequence[Line]
    positions: dict[str, list[int]]  # each ascending

    def find(self, text: str, after: int) -> Line | None:
        found = self.positions.get(line_key(text))
        if not found:
            return None
        following = bisect_right(found, after)
        return self.lines[found[following if following < len(found) else 0]]


def make_finder(lines: Sequence[Line]) -> Finder:
    positions: dict[str, list[int]] = {}
    for line in lines:
        positions.setdefault(line_key(line.text), []).append(line.position)
    return Finder(lines, positions)


def names_of(element: HtmlElement) -> str:
    """Tag, class, id, role and data-testid of one element, lower case, `_` as `-`: what its author called it."""
    get = element.get
    named = f"{element.tag} {get('class') or ''} {get('id') or ''} {get('role') or ''} {get('data-testid') or ''}"
    return named[:NAMES_CHARS].lower().replace("_", "-")


def ancestors(element: HtmlElement, most: int = MAX_CLIMB) -> Iterable[HtmlElement]:
    """The element and what holds it, inside out, up to `article`, `main` or `body`, which are left out."""
    current: HtmlElement | None = element
    for _ in range(most):
        if current is None or current.tag in ("body", "html", "main", "article"):
            return
        yield current
        current = current.getparent()


# ------------------------------------------------------------------------------------------------ what was extracted

_KINDS = {"p": "paragraph", "head": "heading", "quote": "quote", "item": "item", "ab": "heading"}


def blocks_of(body: HtmlElement) -> list[Block]:
    """The blocks of trafilatura's body in order: paragraphs, headings, quotes, items of lists, rows of tables."""
    blocks: list[Block] = []
    parts: list[str] = []

    def end(kind: str) -> None:
        for text in "".join(parts).split("\x00"):
            if text := squash(text):
                blocks.append(Block(text, kind))
        parts.clear()

    def walk(element: HtmlElement, kind: str) -> None:
        if element.text:
            parts.append(element.text)
        for child in element:
            tag = child.tag
            inner = _KINDS.get(tag, kind)
            is_block = tag in ("p", "head", "quote", "item", "ab", "list", "row", "table", "code", "div")
            if tag == "lb":
                parts.append("\x00")
            elif is_block:
                end(kind)
            elif tag == "cell" and parts:
                parts.append(" | ")
            walk(child, kind if kind in ("quote", "item") and tag == "p" else inner)
            if is_block:
                end(kind if kind in ("quote", "item") and tag == "p" else inner)
            if child.tail:
                parts.append(child.tail)

    walk(body, "paragraph")
    end("paragraph")
    return blocks
