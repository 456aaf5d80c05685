"""Which lines of an extracted text are not the story's, and why: markup first, small sets of phrases second.

A line is judged by where it stands: near the top, near the bottom, or inside something that its author named
(newsletter, share, author-bio …). A quotation, a dateline or a refrain in the middle of a story is left alone.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from pipeline.articles.agencies import agency_credited, agency_named, agency_of_picture, is_sign_off
from pipeline.articles.bylines import is_bare_name
from pipeline.articles.lines import Line, ancestors, names_of
from pipeline.articles.links import by_links, drop_labels, drop_lists
from pipeline.articles.phrases import (
    ADVERT,
    AT_BOTTOM,
    BYLINE,
    DATE_WORDS,
    EMBED_WORDS,
    EMBEDDED,
    NAMES,
    PICTURE,
    READING_TIME,
    SENTENCE_END,
    SHORT_ONLY,
)
from pipeline.articles.placed import Placed
from pipeline.articles.roots import of_other_stories
from pipeline.articles.titles import title_key
from pipeline.articles.wire import read_dateline
from pipeline.dates import find_dates
from pipeline.text import squash

CAPTION = "caption"  # not dropped but moved
TOP_BLOCKS = 5
BOTTOM_BLOCKS = 8
MAX_SHARE = 0.3  # of the story that something named as boilerplate may hold: what holds more is the story's own box
SHORT = 90
MIN_NAMES, MAX_NAMES = 6, 300  # letters; a list of a hundred style classes says nothing
PHRASE_CHARS = 320
EMBED_CHARS = 500
CAPTION_CHARS = 400
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")


def judge(placed: Sequence[Placed], titles: Sequence[str], names: Sequence[str]) -> list[str | None]:
    """For each block the reason to leave it out, `caption` where it is one, None where it is the story's."""
    boxes = _boxes(placed)
    keys = {title_key(title) for title in titles} - {""}
    people = {title_key(name) for name in names} - {""}
    size = len(placed)
    is_other = of_other_stories([item.line for item in placed])
    reasons: list[str | None] = []
    kept = 0
    for position, item in enumerate(placed):
        text = item.block.text
        is_top = kept < TOP_BLOCKS
        is_bottom = position >= size - min(BOTTOM_BLOCKS, 2 + size // 3) and position > 0
        reason = "other_story" if is_other[position] else _anywhere(text) or _by_markup(item, boxes)
        reason = reason or (_at_top(item, keys, people) if is_top else None)
        reason = reason or (_at_bottom(item, people) if is_bottom else None)
        reasons.append(reason or by_links(item))
        kept += reasons[-1] is None
    _above_dateline(placed, reasons)
    _spare_the_story(placed, reasons)
    drop_lists(placed, reasons)
    drop_labels(placed, reasons)
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
        if reason and sizes[reason] > total / 2 and reason not in ("title_repeat", "other_story"):
            reasons[position] = None


# ------------------------------------------------------------------------------------------------ markup


def _boxes(placed: Sequence[Placed]) -> dict[HtmlElement, str]:
    """Elements that are named as boilerplate and hold little of the story → the reason."""
    total = sum(len(item.block.text) for item in placed) or 1
    held: dict[HtmlElement, int] = {}
    for item in placed:
        if item.line is not None:
            size = len(item.block.text)
            for element in ancestors(item.line.element):
                held[element] = held.get(element, 0) + size
    boxes = {}
    for element, size in held.items():
        if size <= MAX_SHARE * total or size < SHORT:
            reason = _name_reason(element)
            if reason:
                boxes[element] = reason
    return boxes


def _reason_of(names: str) -> str | None:
    """The first reason that one of the names gives. No pattern goes over a blank."""
    place = min(map(_place_of, names.split()))
    return NAMES[place][0] if place < len(NAMES) else None


@lru_cache(maxsize=32_768)  # pages repeat the same names
def _place_of(name: str) -> int:
    return next((place for place, (_, pattern) in enumerate(NAMES) if pattern.search(name)), len(NAMES))


def _name_reason(element: HtmlElement) -> str | None:
    if element.tag in ("figcaption", "caption"):
        return CAPTION
    names = names_of(element)
    if not MIN_NAMES <= len(names) <= MAX_NAMES:
        return None
    reason = _reason_of(names)
    if reason == "contents" and element.tag in HEADINGS:  # what a table of contents leads to
        return None
    return reason or (CAPTION if PICTURE.search(names) and _is_picture(element) else None)


def _is_picture(element: HtmlElement) -> bool:
    """Whether a box has a picture and beside it no more words than a caption."""
    if next(element.iter("img", "picture", "video", "amp-img", "amp-video"), None) is None:
        return False
    return len(squash("".join(element.itertext()))) <= CAPTION_CHARS


def _by_markup(item: Placed, boxes: dict[HtmlElement, str]) -> str | None:
    if item.line is None or item.is_vouched:
        return None
    for element in ancestors(item.line.element):
        reason = boxes.get(element)
        if reason and not (reason in SHORT_ONLY and len(item.block.text) > SHORT):
            return reason
    return None


# ------------------------------------------------------------------------------------------------ place and phrase


def _anywhere(text: str) -> str | None:
    if not any(map(str.isalnum, text)):
        return "ornament"
    if len(text) < SHORT and ADVERT.fullmatch(text):
        return "advert"
    return "embed_notice" if len(text) <= EMBED_CHARS and _is_embed_notice(text) else None


def _is_embed_notice(text: str) -> bool:
    """Nearly no line has one of the words, and they are found ten times as fast as the sentences."""
    lowered = text.lower()
    return any(word in lowered for word in EMBED_WORDS) and EMBEDDED.search(text) is not None


def _at_top(item: Placed, titles: set[str], people: set[str]) -> str | None:
    text = item.block.text
    if title_key(text) in titles:
        return "title_repeat"
    if len(text) > SHORT or SENTENCE_END.search(text):
        return None
    if _is_byline(text, people) or (not people and _is_bold(item.line) and is_bare_name(text)):
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
        elif reasons[position] is None and len(text) <= SHORT and not SENTENCE_END.search(text):
            reasons[position] = "link_only" if item.line is not None and item.line.linked == 1 else "kicker"


def _is_bold(line: Line | None) -> bool:
    """Whether a paragraph is set apart as a whole: `<p><strong>Anna Meier</strong></p>`."""
    if line is None or line.element.tag != "p" or (line.element.text or "").strip():
        return False
    return all(child.tag in ("strong", "b", "em", "i") and not (child.tail or "").strip() for child in line.element)


def _is_byline(text: str, people: set[str]) -> bool:
    return (
        title_key(text) in people
        or agency_named(text) is not None
        or (bool(BYLINE.match(text)) and not SENTENCE_END.search(text))
    )


def is_date_alone(text: str) -> bool:
    """Whether a line has a date and hardly anything else."""
    reading = next(find_dates(text, is_day_first=True), None)
    if reading is None:
        return False
    rest = DATE_WORDS.sub("", _TIME.sub("", text.replace(reading.raw, "")))
    return sum(letter.isalpha() for letter in rest) <= 14
