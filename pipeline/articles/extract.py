"""One page → what it holds: parsed once, read by trafilatura, gone over a second time with the markup's evidence."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from urllib.parse import urlsplit

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from pipeline.articles.addresses import own_address
from pipeline.articles.boilerplate import CAPTION, judge
from pipeline.articles.bylines import Byline
from pipeline.articles.captions import read_captions
from pipeline.articles.html import parse_page
from pipeline.articles.kin import with_kin
from pipeline.articles.kinds import STORY_WORDS, page_kind
from pipeline.articles.language import language_of
from pipeline.articles.learned import judge_lines
from pipeline.articles.lines import Line, blocks_of, read_lines
from pipeline.articles.page import PageFacts, read_page
from pipeline.articles.placed import Placed, place
from pipeline.articles.published import latest_change, page_candidates
from pipeline.articles.roots import same_article
from pipeline.articles.scripts import scripted_blocks
from pipeline.articles.signed import agency_of, desk_named, said_byline, shown_byline
from pipeline.articles.stamps import visible_stamps
from pipeline.articles.standfirst import with_standfirst
from pipeline.articles.titles import choose_title
from pipeline.articles.wire import Dateline, leading_dateline
from pipeline.text import count_words, squash
from pipeline.types import BadItem, Block, Caption, DateCandidate, Dropped, Entry, Extraction, Learned, Sighting

CAPTIONS_BEFORE = 25  # lines above the text in which its picture may stand
DATED_BLOCKS = 5  # at the beginning of the text, of which one may begin with a date
LINES_BEFORE, LINES_AFTER = 6, 14  # of the page around the story: what stood there is told
LONG_LINE = 100  # characters: a sentence or two
MANY_LINES = 20
MOSTLY_LINKS = 0.5
SHORT_STORY = 500  # characters
COVERED_SHARE = 0.6
MORE_IN_JSONLD = 2.0  # articleBody counts where it has so many times the words that the page shows
NO_STORY = frozenset({"error", "consent", "index"})

# trafilatura tells its log of every page that it makes nothing of; we tell it as a reason.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    entry: Entry | None,
    source_language: str | None,
    timezone: str,
    now: datetime,
    server_date: str | None = None,
    learned: Learned | None = None,
) -> Extraction | BadItem:
    """What a page holds, or why nothing can be taken from it: no_text, not_article, too_large, too_complex, not_html.

    `learned` are lines of its source to leave out. `now` only tells dates of the future; the network is never asked,
    and a page that says nothing of its date has none.
    """
    tree = parse_page(body, content_type)
    if isinstance(tree, BadItem):
        return tree
    return _extract(tree, _Asked(url, entry, source_language, timezone, now, server_date, learned))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of a page without reading it."""

    url: str
    entry: Entry | None
    source_language: str | None
    timezone: str
    now: datetime
    server_date: str | None
    learned: Learned | None


def _extract(tree: HtmlElement, asked: _Asked) -> Extraction | BadItem:
    facts = read_page(tree)
    parts = urlsplit(asked.url)
    title, kicker = choose_title(facts, parts.hostname or "")
    byline = said_byline(facts)
    story = _read_story(tree, asked.url, facts, _titles(facts, title, asked.entry), byline, asked.learned)
    if not story.blocks:
        return BadItem(0, "no_text", f"no story was found on the page {facts.document_title or 'without a title'!r}")
    kind = page_kind(facts, story.blocks, story.lines, parts.path, len(story.captions))
    if kind in NO_STORY and count_words(story.text) < STORY_WORDS:
        return BadItem(0, "not_article", f"the page is {kind}: {title or 'it has no title'}")
    dateline = leading_dateline(story.blocks)
    if not byline.persons:
        byline = shown_byline(byline, story.dropped, story.lines, story.span.start, facts)
    language = language_of(story.text, facts.language, asked.source_language)
    return Extraction(
        title=title or (asked.entry.title if asked.entry else None),
        blocks=story.blocks,
        page_kind=kind,
        kicker=kicker or next((line.text for line in story.dropped if line.reason == "kicker"), None),
        summary=facts.description,
        captions=story.captions,
        dropped=story.left_out,
        authors=byline.persons or desk_named(facts),
        agency=agency_of(dateline, byline, story.dropped, story.captions),
        dateline_place=dateline.place,
        dates=_dates(tree, facts, story, dateline, language, asked),
        modified_at=latest_change(facts.modified, asked.timezone, asked.now),
        language=language,
        section=facts.section,
        tags=facts.tags,
        canonical_url=own_address(facts.canonical_urls, asked.url),
        sightings=story.sightings,
    )


# ------------------------------------------------------------------------------------------------ text


@dataclass(frozen=True, slots=True)
class _Story:
    """What is left of a page's lines once each was judged."""

    lines: Sequence[Line]  # of the whole page
    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...]  # of the extracted text
    left_out: tuple[Dropped, ...]  # these, and what stood around the text
    captions: tuple[Caption, ...]
    span: range  # the positions of the lines that the blocks came from
    sightings: tuple[Sighting, ...]

    @property
    def text(self) -> str:
        return " ".join(block.text for block in self.blocks)


def _read_story(
    tree: HtmlElement, url: str, facts: PageFacts, titles: Sequence[str], byline: Byline, learned: Learned | None
) -> _Story:
    lines = read_lines(tree.find("body"))
    placed = with_kin(place(_story_blocks(tree, url, facts, lines), lines), lines)
    placed = with_standfirst(placed, lines, titles, facts.h1, facts.description)
    reasons, sightings = judge_lines(placed, lines, titles, byline.persons, learned, facts.description)
    judged = list(zip(placed, reasons, strict=True))
    kept = [item.line.position for item, reason in judged if item.line and reason is None]
    span = range(min(kept), max(kept) + 1) if kept else range(0)
    passed = _passed_over(judged, lines, span, titles, byline)
    moved = [item.line for item, reason in judged if item.line and reason == CAPTION]
    above = [line for line, reason in passed if reason == CAPTION and line.position < span.start]
    return _Story(
        lines=lines,
        blocks=tuple(item.block for item, reason in judged if reason is None),
        dropped=tuple(
            Dropped(position, item.block.text, reason)
            for position, (item, reason) in enumerate(judged)
            if reason is not None and reason != CAPTION
        ),
        left_out=_left_out(judged, passed),
        captions=read_captions(lines, [*above, *moved], range(span.start - CAPTIONS_BEFORE, span.stop)) if kept else (),
        span=span,
        sightings=sightings,
    )


def _passed_over(
    judged: Sequence[tuple[Placed, str | None]],
    lines: Sequence[Line],
    span: range,
    titles: Sequence[str],
    byline: Byline,
) -> list[tuple[Line, str | None]]:
    """The page's own lines around the story that the extractor passed over, judged as its text was.

    What that can name (a credit, a slug, a notice) is told, so that an operator sees what stood there.
    """
    if not span:
        return []
    found = {item.line.position for item, _ in judged if item.line}
    near = range(max(0, span.start - LINES_BEFORE), min(len(lines), span.stop + LINES_AFTER))
    passed = [lines[at] for at in near if at not in found or at == span.start]
    reasons = judge([Placed(Block(line.text), line) for line in passed], titles, byline.persons)
    return [
        (line, reason)
        for line, reason in zip(passed, reasons, strict=True)
        if line.position != span.start and reason != "title_repeat"  # it is the title: nothing is lost
    ]


def _left_out(
    judged: Sequence[tuple[Placed, str | None]], passed: Sequence[tuple[Line, str | None]]
) -> tuple[Dropped, ...]:
    """The lines that were judged not to be the story's, in the order of the page."""
    left = [(item.line.position if item.line else -1, item.block.text, reason) for item, reason in judged]
    left += [(line.position, line.text, reason) for line, reason in passed]
    named = [(text, reason) for _, text, reason in sorted(left, key=itemgetter(0)) if reason and reason != CAPTION]
    return tuple(Dropped(at, text, reason) for at, (text, reason) in enumerate(named))


def _story_blocks(tree: HtmlElement, url: str, facts: PageFacts, lines: Sequence[Line]) -> list[Block]:
    """trafilatura's blocks; what JSON-LD's articleBody or the page's scripts have where the markup has no story."""
    blocks = _trafilatura_blocks(tree, url, is_fast=True)
    own = same_article(lines, facts.h1)
    if _is_whole_page(blocks, lines) or _covers_little(blocks, own):
        blocks = _trafilatura_blocks(tree, url, is_fast=False)
    if _is_whole_page(blocks, lines):
        long = [line for line in own if len(line.text) >= LONG_LINE and line.linked < MOSTLY_LINKS]
        blocks = [Block(line.text) for line in long] or blocks
    shown = sum(count_words(block.text) for block in blocks)
    if shown < STORY_WORDS and (scripted := scripted_blocks(tree)):
        return scripted
    told = facts.article_body if facts.article_body and "<" not in facts.article_body else ""
    if count_words(told) > MORE_IN_JSONLD * max(shown, STORY_WORDS / 2):
        return [Block(text) for part in told.splitlines() if (text := squash(part))]
    return blocks


def _trafilatura_blocks(tree: HtmlElement, url: str, *, is_fast: bool) -> list[Block]:
    """Fast leaves out the comparison with readability and jusText, a third of the work. The tree stays as it is."""
    document = trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=is_fast)
    return blocks_of(document.body) if isinstance(document, Document) and document.body is not None else []


def _is_whole_page(blocks: Sequence[Block], lines: Sequence[Line]) -> bool:
    """Whether all that was found is one block with many of the page's lines in it: trafilatura's last resort, which
    takes the text of the whole body, menus included.
    """
    if len(blocks) != 1:
        return False
    held = [line.text for line in lines if line.text in blocks[0].text]
    rest = blocks[0].text.replace(max(held, key=len, default=""), " ", 1)  # a menu's words may stand in a paragraph
    return sum(text in rest for text in held) >= MANY_LINES


def _covers_little(blocks: Sequence[Block], lines: Sequence[Line]) -> bool:
    """Whether the blocks are short, or little of what the page shows in long lines that are not links.

    Then the comparison can find more: nearly all pages whose text it changes much are of this kind.
    """
    shown = sum(len(line.text) for line in lines if len(line.text) >= LONG_LINE and line.linked < MOSTLY_LINKS)
    found = sum(len(block.text) for block in blocks)
    return found < SHORT_STORY or found < COVERED_SHARE * shown


def _titles(facts: PageFacts, title: str | None, entry: Entry | None) -> list[str]:
    """All that the page and its feed call the article: a line that repeats one is not text."""
    heading = squash(" ".join(facts.h1.itertext())) if facts.h1 is not None else None
    named = (title, facts.og_title, facts.headline, facts.document_title, heading, entry.title if entry else None)
    return [each for each in named if each]


# ------------------------------------------------------------------------------------------------ when and where


def _dates(
    tree: HtmlElement, facts: PageFacts, story: _Story, dateline: Dateline, language: str | None, asked: _Asked
) -> tuple[DateCandidate, ...]:
    return page_candidates(
        entry=asked.entry,
        said=facts.published,
        shown=visible_stamps(tree, facts.h1, story.lines, story.span),
        url=asked.url,
        month_day=dateline.month_day,
        beginnings=[block.text for block in story.blocks[:DATED_BLOCKS]],
        server_date=asked.server_date,
        language=facts.language if language and (facts.language or "").lower().startswith(language) else language,
        timezone=asked.timezone,
        now=asked.now,
    )
