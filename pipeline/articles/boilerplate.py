"""Which lines of an extracted text are not the story's, and why: markup first, small sets of phrases second.

A line is judged by where it stands: near the top, near the bottom, or inside something that its author named
(newsletter, share, author-bio …). A quotation, a dateline or a refrain in the middle of a story is left alone.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from pipeline.articles.agencies import agency_credited, agency_named, agency_of_picture, is_sign_off
from pipeline.articles.lines import Line, ancestors, letters, names_of
from pipeline.articles.phrases import AT_BOTTOM, BYLINE, DATE_WORDS, IN_LINKS, NAMES, READING_TIME, SHORT_ONLY
from pipeline.articles.titles import title_key
from pipeline.articles.wire import read_dateline
from pipeline.dates import find_dates
from pipeline.types import Block

CAPTION = "caption"  # not dropped but moved
TOP_BLOCKS = 5
BOTTOM_BLOCKS = 8
LINK_ONLY = 0.85  # share of a line's letters that are links
MAX_SHARE = 0.3  # of the story that something named as boilerplate may hold: what holds more is the story's own box
SHORT = 90
MIN_NAMES, MAX_NAMES = 6, 300  # letters; a list of a hundred style classes says nothing
PHRASE_CHARS = 320


@dataclass(frozen=True, slots=True)
class Placed:
    """A block of the extracted text, and the line of the page that it came from where that was found."""

    block: Block
    line: Line | None


_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)\]]*$")


def judge(placed: Sequence[Placed], titles: Sequence[str], names: Sequence[str]) -> list[str | None]:
    """For each block the reason to leave it out, `caption` where it is one, None where it is the story's."""
    boxes = _boxes(placed)
    keys = {title_key(title) for title in titles} - {""}
    people = {title_key(name) for name in names} - {""}
    size = len(placed)
    reasons: list[str | None] = []
    kept = 0
    for position, item in enumerate(placed):
        text = item.block.text
        is_top = kept < TOP_BLOCKS
        is_bottom = position >= size - min(BOTTOM_BLOCKS, 2 + size // 3) and position > 0
        reason = _ornament(text) or _by_markup(item, boxes)
        reason = reason or (_at_top(item, keys, people) if is_top else None)
        reason = reason or (_at_bottom(item, people) if is_bottom else None)
        reasons.append(reason or _by_links(item))
        kept += reasons[-1] is None
    _above_dateline(placed, reasons)
    _spare_the_story(placed, reasons)
    _end_lists(placed, reasons)
    _lonely_headings(placed, reasons)
    if all(reasons):
        return [reason if reason == "title_repeat" else None for reason in reasons]
    return reasons


def _spare_the_story(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    """A reason that would take half of the text is a name that this page uses otherwise: captions of a gallery, say."""
    sizes: Counter[str] = Counter()
    for item, reason in zip(placed, reasons, strict=True):
        if reason:
            sizes[reason] += len(item.block.text)
    total = sum(len(item.block.text) for item in placed)
    for position, reason in enumerate(reasons):
        if reason and sizes[reason] > total / 2 and reason != "title_repeat":
            reasons[position] = None


# ------------------------------------------------------------------------------------------------ markup


def _boxes(placed: Sequence[Placed]) -> dict[HtmlElement, str]:
    """Elements that are named as boilerplate and hold little of the story → the reason."""
    total = sum(len(item.block.text) for item in placed) or 1
    held: Counter[HtmlElement] = Counter()
    for item in placed:
        if item.line is not None:
            held.update(dict.fromkeys(ancestors(item.line.element), len(item.block.text)))
    boxes = {}
    for element, size in held.items():
        if size <= MAX_SHARE * total or size < SHORT:
            reason = _name_reason(element)
            if reason:
                boxes[element] = reason
    return boxes


@lru_cache(maxsize=8192)  # a source's pages repeat the same names
def _reason_of(names: str) -> str | None:
    return next((reason for reason, pattern in NAMES if pattern.search(names)), None)


def _name_reason(element: HtmlElement) -> str | None:
    if element.tag in ("figcaption", "caption"):
        return CAPTION
    names = names_of(element)
    return _reason_of(names) if MIN_NAMES <= len(names) <= MAX_NAMES else None


def _by_markup(item: Placed, boxes: dict[HtmlElement, str]) -> str | None:
    if item.line is None:
        return None
    for element in ancestors(item.line.element):
        reason = boxes.get(element)
        if reason and not (reason in SHORT_ONLY and len(item.block.text) > SHORT):
            return reason
    return None


# ------------------------------------------------------------------------------------------------ place and phrase


def _ornament(text: str) -> str | None:
    return "ornament" if letters(text) == 0 else None


def _at_top(item: Placed, titles: set[str], people: set[str]) -> str | None:
    text = item.block.text
    if title_key(text) in titles:
        return "title_repeat"
    if len(text) > SHORT or _SENTENCE_END.search(text):
        return None
    if _is_byline(text, people):
        return "byline"
    if READING_TIME.search(text) or is_date_alone(text):
        return "date_line"
    return None


def _at_bottom(item: Placed, people: set[str]) -> str | None:
    text = item.block.text
    if is_sign_off(text):
        return "credit"
    if len(text) > PHRASE_CHARS:
        return None
    for reason, pattern in AT_BOTTOM:
        if pattern.search(text):
            return reason
    if len(text) <= SHORT and (_is_byline(text, people) or (agency_credited(text) and len(text) < 40)):
        return "byline"
    return "date_line" if len(text) <= SHORT and is_date_alone(text) else None


def _above_dateline(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    """A wire's text begins with its dateline: what stands above one is its slug, or a picture's caption."""
    start = next((i for i, item in enumerate(placed[:TOP_BLOCKS]) if read_dateline(item.block.text)), 0)
    for position, item in enumerate(placed[:start]):
        text = item.block.text
        if reasons[position] is None and agency_of_picture(text[-SHORT:]):
            reasons[position] = CAPTION
        elif reasons[position] is None and len(text) <= SHORT and not _SENTENCE_END.search(text):
            reasons[position] = "kicker"


def _is_byline(text: str, people: set[str]) -> bool:
    return (
        title_key(text) in people
        or agency_named(text) is not None
        or (bool(BYLINE.match(text)) and not _SENTENCE_END.search(text))
    )


def is_date_alone(text: str) -> bool:
    """Whether a line has a date and hardly anything else."""
    reading = next(find_dates(text, is_day_first=True), None)
    if reading is None:
        return False
    rest = DATE_WORDS.sub("", _TIME.sub("", text.replace(reading.raw, "")))
    return sum(letter.isalpha() for letter in rest) <= 14


# ------------------------------------------------------------------------------------------------ links


def _by_links(item: Placed) -> str | None:
    """A line that is one link: a read-more label, a headline in capitals, or a headline that ends no sentence."""
    line, text = item.line, item.block.text
    if line is None or len(text) > 220:
        return None
    for reason, pattern in IN_LINKS:
        if line.linked > 0.3 and pattern.search(text):
            return reason
    if line.linked < LINK_ONLY or item.block.kind != "paragraph" or "://" in text:
        return None
    if text.isupper() and len(text) > 12:
        return "related"
    return "link_only" if not _SENTENCE_END.search(text) and len(text) > 20 else None


def _end_lists(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    """Lists of links that end or begin the text are related stories; so is what is dropped already after them."""
    for order in (range(len(placed) - 1, -1, -1), range(len(placed))):
        for position in order:
            item = placed[position]
            if reasons[position]:
                continue
            if item.line is None or item.line.linked < LINK_ONLY or len(item.block.text) > 220:
                break
            reasons[position] = "related" if item.block.kind == "item" else "link_only"


def _lonely_headings(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    """A heading of which nothing is left below it, at the end of the text, goes with it."""
    for position in range(len(placed) - 1, 0, -1):
        if reasons[position] is None:
            if placed[position].block.kind == "heading" and any(reasons[position + 1 :]):
                reasons[position] = reasons[position + 1]
                continue
            return
