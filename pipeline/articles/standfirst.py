"""The standfirst: what stands between an article's heading and its text and belongs to both."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from pipeline.articles.lines import Line, ancestors, letters_of, names_of
from pipeline.articles.placed import Placed
from pipeline.dates import find_dates
from pipeline.types import Block

MIN_CHARS = 40
MAX_CHARS = 1500
MAX_LINES = 30  # between heading and text
MOST_LINES = 4  # of one standfirst
DATED_CHARS = 100  # a shorter line with a date in it is no standfirst
MOST_LINKED = 0.3
LEVELS = 3  # of elements whose names count
SAMPLE = 60  # letters by which a description is known again
ASIDE = frozenset({"aside", "figure", "figcaption", "form", "footer", "li", "table", "address"})

_NAME = re.compile(
    r"teaser(?!s)|\bintro|intro\b|introduction|\blead\b|-lead\b|lede\b|standfirst|summary|excerpt|\bdek\b|-dek\b|\bdeck\b"
    r"|abstract|sub-?(?:title|head|line)|headline-?text|description|chapo|entradilla|bajada|copete|ingress|preamble"
    r"|vorspann|anriss|hero-?text|short-?info|einleitung|sommario|occhiello|resumen|synopsis|inleiding"
)
_OTHER = re.compile(
    r"caption|image|photo|video|audio|player|carousel|gallery|slide|author|byline|date|share|social|comment|related|newsletter"
)


def with_standfirst(
    placed: Sequence[Placed], lines: Sequence[Line], titles: Sequence[str], h1: HtmlElement | None, told: str | None
) -> list[Placed]:
    """The blocks, the standfirst before them where the extractor left it out; `told` is the page's description."""
    heading = _heading(lines, titles, h1)
    if heading is None:
        return list(placed)
    positions = [item.line.position for item in placed if item.line and item.line.position > heading.position]
    first = min(positions, default=0)
    text = letters_of(" ".join(item.block.text for item in placed))
    description = letters_of(told or "")
    found = {
        key: Placed(Block(line.text), line, is_vouched=True)
        for line in lines[heading.position + 1 : min(first, heading.position + MAX_LINES)]
        if _is_standfirst(line, heading, description) and (key := letters_of(line.text)[:SAMPLE]) not in text
    }
    if len(found) > MOST_LINES:
        return list(placed)
    above = sum(1 for item in placed if item.line and item.line.position < first)
    return [*placed[:above], *found.values(), *placed[above:]]


def _heading(lines: Sequence[Line], titles: Sequence[str], h1: HtmlElement | None) -> Line | None:
    """The last line of the h1, or where that is none, the first that says the article's title."""
    inside = set(h1.iter()) if h1 is not None else set()
    found = [line for line in lines if line.element in inside]
    if found:
        return found[-1]
    keys = set(map(letters_of, titles))
    return next((line for line in lines if line.linked < MOST_LINKED and letters_of(line.text) in keys), None)


def _is_standfirst(line: Line, heading: Line, told: str) -> bool:
    """A line of some length that its markup names so, that the page gives as its description, or beside the heading."""
    if not MIN_CHARS <= len(line.text) <= MAX_CHARS or line.linked > MOST_LINKED:
        return False
    if len(line.text) < DATED_CHARS and next(find_dates(line.text, is_day_first=True), None):
        return False
    around = [*ancestors(line.element, LEVELS)]
    if any(element.tag in ASIDE for element in around):
        return False
    for names in map(names_of, around):  # the nearest element that is named tells
        if _OTHER.search(names):
            return False
        if _NAME.search(names):
            return True
    if told and letters_of(line.text)[:SAMPLE] in told:
        return True
    holder = line.element.getparent()
    is_next = line.position <= heading.position + 2
    return is_next and holder is heading.element.getparent() and holder.tag in ("header", "hgroup")
