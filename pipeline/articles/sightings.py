"""The lines of a page as evidence of what recurs over its source's pages: each with its frame and its place.

Two lines are one where they differ in case, dates, clocks, numbers or linked words alone: their frame is the same
(`Updated 5 March 2024, 14:05` → `updated {date}`, `Read more: <a>…</a>` → `read more: {link}`). Evidence is taken
before anything that was learned is applied, so it depends on the page alone, never on what was seen before it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from pipeline.articles.boilerplate import CAPTION
from pipeline.articles.lines import Line, letters
from pipeline.articles.placed import Placed
from pipeline.dates import find_dates, find_month_day
from pipeline.types import Block, Sighting, short_hash

ABOVE, INSIDE, BELOW = "above", "inside", "below"  # the story's text
OUTSIDE = "outside"  # the extraction passed over the line
LONGEST = 400  # characters of a line that can be learned; longer ones only tell stories apart
LONGEST_DATED = 200  # characters of a line whose dates are told from its other figures
MOST_LINES = 30  # of a page's story, and of what stands around it, from the beginning and from the end
NEAR = 8  # lines around the story that count as seen
PROSE = 100  # characters of a paragraph that tells
MOSTLY_LINKS = 0.5
MIN_LETTERS = 4  # of a frame beside its links

DATE, CLOCK, YEAR, NUMBER, LINK = "{date}", "{time}", "{year}", "{n}", "{link}"
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}(?:[:h]\d{2}){1,2}(?:\s?[ap]\.?m\b\.?)?(?!\d)", re.IGNORECASE)
_FOUR_DIGITS = re.compile(r"(?:19|20)\d{2}(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?![\d.,]\d|\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LINKS = re.compile(r"\{link\}(?:\s*\{link\})+")
_MARK = re.compile(r"\{(?:date|time|year|n|link)\}")
T = TypeVar("T")

_NOT_SEEN = (CAPTION, "title_repeat")  # an article's own, wherever they stand


@lru_cache(maxsize=8192)  # a source's pages repeat the same lines
def frame_of(text: str, links: tuple[str, ...] = ()) -> str:
    """The line without what may vary in it."""
    frame = text
    if links:
        for link in links:
            frame = frame.replace(link, LINK, 1)
        frame = _LINKS.sub(LINK, frame)
        if letters(_MARK.sub("", frame)) < MIN_LETTERS:
            frame = text
    return (_without_figures(frame) if _DIGIT.search(frame) else frame).lower()


def _without_figures(text: str) -> str:
    if len(text) > LONGEST_DATED:
        return _NUMBER.sub(NUMBER, text)
    if _FOUR_DIGITS.search(text):
        for reading in list(find_dates(text)):
            text = text.replace(reading.raw, DATE)
    text = _YEAR.sub(YEAR, _CLOCK.sub(CLOCK, text))
    if DATE not in text and find_month_day(text):
        text = _NUMBER.sub(DATE, text, count=1)
    return _NUMBER.sub(NUMBER, text)


def line_id_of(frame: str) -> str:
    return short_hash("line", frame)


def frame_pattern(frame: str) -> str:
    """A regular expression for the lines of a text in lower case that have this frame (and for some that don't)."""
    return r"[^\n]+".join(re.escape(part) for part in _MARK.split(frame))


def places_of(blocks: Sequence[Block], lines: Sequence[Line | None]) -> list[str]:
    """Where each block of a story stands: before any other that tells (above), after all (below), or between."""
    telling = [
        at
        for at, (block, line) in enumerate(zip(blocks, lines, strict=True))
        if block.kind == "paragraph" and len(block.text) >= PROSE and not (line and line.linked >= MOSTLY_LINKS)
    ]
    first, last = (telling[0], telling[-1]) if telling else (len(blocks), -1)
    return [ABOVE if at <= first else BELOW if at >= last else INSIDE for at in range(len(blocks))]


def see_lines(placed: Sequence[Placed], reasons: Sequence[str | None], lines: Sequence[Line]) -> tuple[Sighting, ...]:
    """What a page bears witness of: the lines of its story, those judged not to be, and those passed over nearby."""
    kept = [item for item, reason in zip(placed, reasons, strict=True) if reason is None]
    places = places_of([item.block for item in kept], [item.line for item in kept])
    seen: dict[str, Sighting] = {}
    for item, place in _outer(list(zip(kept, places, strict=True))):
        seen.setdefault(*_sighting(item, place))
    for item in _outer([*_judged_away(placed, reasons), *_passed_over(placed, reasons, lines)]):
        seen.setdefault(*_sighting(item, OUTSIDE))
    return tuple(seen.values())


def _outer(items: Sequence[T]) -> Sequence[T]:
    return items if len(items) <= 2 * MOST_LINES else [*items[:MOST_LINES], *items[-MOST_LINES:]]


def _judged_away(placed: Sequence[Placed], reasons: Sequence[str | None]) -> Iterator[Placed]:
    for item, reason in zip(placed, reasons, strict=True):
        if reason is not None and reason not in _NOT_SEEN:
            yield item


def _passed_over(placed: Sequence[Placed], reasons: Sequence[str | None], lines: Sequence[Line]) -> Iterator[Placed]:
    found = {item.line.position for item in placed if item.line}
    story = [item.line.position for item, r in zip(placed, reasons, strict=True) if r is None and item.line]
    if story:
        for line in lines[max(0, min(story) - NEAR) : max(story) + 1 + NEAR]:
            if line.position not in found:
                yield Placed(Block(line.text), line)


def _sighting(item: Placed, place: str) -> tuple[str, Sighting]:
    text, line = item.block.text, item.line
    is_short = len(text) <= LONGEST
    frame = frame_of(text, line.links if line else ()) if is_short else text
    line_id = line_id_of(frame)
    return line_id, Sighting(
        line_id=line_id,
        frame=frame if is_short else None,
        text=text if is_short else None,
        place=place,
        chars=len(text),
        is_heading=item.block.kind == "heading",
        is_linked=bool(line and line.linked >= MOSTLY_LINKS),
    )
