"""One page → what it holds: parsed once, read by trafilatura, gone over a second time with the markup's evidence."""

import logging
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from pipeline.articles.agencies import agency_credited, agency_named, agency_of_picture
from pipeline.articles.boilerplate import CAPTION, Placed, judge
from pipeline.articles.bylines import Byline, read_byline
from pipeline.articles.captions import read_captions
from pipeline.articles.html import parse_page
from pipeline.articles.kinds import STORY_WORDS, page_kind
from pipeline.articles.language import language_of
from pipeline.articles.lines import Line, blocks_of, make_finder, read_lines
from pipeline.articles.page import PageFacts, read_page
from pipeline.articles.published import latest_change, page_candidates
from pipeline.articles.stamps import visible_stamps
from pipeline.articles.titles import choose_title
from pipeline.articles.wire import Dateline, read_dateline
from pipeline.text import count_words, squash
from pipeline.types import BadItem, Block, Caption, Dropped, Entry, Extraction
from pipeline.urls import canonical_url, host_of

CAPTIONS_BEFORE = 25  # lines above the text in which its picture may stand
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
) -> Extraction | BadItem:
    """What a page holds, or why nothing can be taken from it: no_text, not_article, too_large, too_complex, not_html.

    `now` only tells dates of the future; the network is never asked, and a page that says nothing of its date has none.
    """
    tree = parse_page(body, content_type)
    if isinstance(tree, BadItem):
        return tree
    facts = read_page(tree)
    lines = read_lines(tree.find("body"))
    placed = _place(_story_blocks(tree, url, facts), lines)
    if not placed:
        return BadItem(0, "no_text", _nothing(facts))
    title, kicker = choose_title(facts, urlsplit(url).hostname or "")
    byline = _byline(facts)
    titles = [
        t for t in (title, facts.og_title, facts.headline, facts.document_title, entry.title if entry else None) if t
    ]
    if facts.h1 is not None:
        titles.append(squash(" ".join(facts.h1.itertext())))
    reasons = judge(placed, titles, byline.persons, facts.description)
    blocks = tuple(item.block for item, reason in zip(placed, reasons, strict=True) if reason is None)
    story = _positions(placed, reasons)
    captions = _captions(placed, reasons, lines, story)
    kind = page_kind(facts, blocks, lines, urlsplit(url).path, len(captions))
    if kind in NO_STORY and count_words(" ".join(block.text for block in blocks)) < STORY_WORDS:
        return BadItem(0, "not_article", f"the page is {kind}: {title or 'it has no title'}")
    dropped = tuple(
        Dropped(position, item.block.text, reason)
        for position, (item, reason) in enumerate(zip(placed, reasons, strict=True))
        if reason is not None and reason != CAPTION
    )
    dateline = read_dateline(blocks[0].text) or Dateline() if blocks else Dateline()
    byline = byline if byline.persons else _with_visible(byline, dropped, facts)
    language = language_of(" ".join(block.text for block in blocks), facts.language, source_language)
    return Extraction(
        title=title or (entry.title if entry else None),
        blocks=blocks,
        page_kind=kind,
        kicker=kicker,
        summary=facts.description,
        captions=captions,
        dropped=dropped,
        authors=byline.persons or (() if byline.agency else _desk(facts)),
        agency=_agency(dateline, byline, dropped, captions),
        dateline_place=dateline.place,
        dates=page_candidates(
            entry=entry,
            said=facts.published,
            shown=visible_stamps(tree, facts.h1, lines, story),
            url=url,
            month_day=dateline.month_day,
            server_date=server_date,
            language=language,
            timezone=timezone,
            now=now,
        ),
        modified_at=latest_change(facts.modified, timezone, now),
        language=language,
        section=facts.section,
        tags=facts.tags,
        canonical_url=_canonical(facts, url),
    )


# ------------------------------------------------------------------------------------------------ text


def _story_blocks(tree: HtmlElement, url: str, facts: PageFacts) -> list[Block]:
    """trafilatura's blocks; JSON-LD's articleBody where that has the story and the markup doesn't."""
    document = trafilatura.bare_extraction(tree, url=url, include_comments=False)  # works on a copy of the tree
    blocks = blocks_of(document.body) if isinstance(document, Document) and document.body is not None else []
    if facts.article_body:
        shown = sum(count_words(block.text) for block in blocks)
        if (
            count_words(facts.article_body) > MORE_IN_JSONLD * max(shown, STORY_WORDS / 2)
            and "<" not in facts.article_body
        ):
            return [Block(text) for part in facts.article_body.splitlines() if (text := squash(part))]
    return blocks


def _place(blocks: Sequence[Block], lines: Sequence[Line]) -> list[Placed]:
    finder = make_finder(list(lines))
    placed, after = [], -1
    for block in blocks:
        line = finder.find(block.text, after)
        if line is not None:
            after = line.position
        placed.append(Placed(block, line))
    return placed


def _positions(placed: Sequence[Placed], reasons: Sequence[str | None]) -> range:
    """The lines of the page that the story spans; empty where none was found again."""
    story = [item.line.position for item, reason in zip(placed, reasons, strict=True) if item.line and reason is None]
    return range(min(story), max(story) + 1) if story else range(0)


def _captions(
    placed: Sequence[Placed], reasons: Sequence[str | None], lines: Sequence[Line], story: range
) -> tuple[Caption, ...]:
    moved = [item.line for item, reason in zip(placed, reasons, strict=True) if item.line and reason == CAPTION]
    return read_captions(lines, moved, story.start - CAPTIONS_BEFORE, story.stop - 1) if story else ()


def _nothing(facts: PageFacts) -> str:
    return (
        f"no story was found on the page {facts.document_title!r}" if facts.document_title else "the page shows no text"
    )


# ------------------------------------------------------------------------------------------------ who


def _byline(facts: PageFacts) -> Byline:
    """The first place that names persons; the agency that any place names."""
    found = [read_byline([name.raw for name in names], facts.site_names) for names in facts.authors]
    persons = next((byline.persons for byline in found if byline.persons), ())
    return Byline(persons, next((byline.agency for byline in found if byline.agency), None))


def _desk(facts: PageFacts) -> tuple[str, ...]:
    """Who signs where nobody does: the paper or its desk, when the page's data name that as the author."""
    names = [name.raw for names in facts.authors[:1] for name in names]
    return tuple(squash(name) for name in names if agency_named(name) is None and len(name) <= 60)[:1]


def _with_visible(byline: Byline, dropped: Sequence[Dropped], facts: PageFacts) -> Byline:
    """Where the page's data name nobody, what its dropped byline says."""
    lines = [line.text for line in dropped if line.reason == "byline" and len(line.text) < 90]
    seen = read_byline(lines, facts.site_names)
    return Byline(seen.persons, byline.agency or seen.agency)


def _agency(dateline: Dateline, byline: Byline, dropped: Sequence[Dropped], captions: Sequence[Caption]) -> str | None:
    """Whose text it is: dateline, byline, credit line; a picture's agency only where a dateline shows a wire's text."""
    credited = (agency_credited(line.text) for line in dropped if line.reason in ("byline", "credit", "copyright"))
    agency = dateline.agency or byline.agency or next((name for name in credited if name), None)
    if agency is None and dateline.place and not byline.persons:
        agency = next((name for caption in captions if (name := agency_of_picture(caption.credit or ""))), None)
    return agency


# ------------------------------------------------------------------------------------------------ where


def _canonical(facts: PageFacts, url: str) -> str | None:
    """The address that the page names as its own; another site's or the front page's is a mistake of its maker."""
    site = _site(url)
    for named in facts.canonical_urls:
        try:
            address = urljoin(url, named)
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and _site(address) == site and (parts.path.strip("/") or parts.query):
            return canonical_url(address)
    return None


def _site(url: str) -> str:
    """The host without the names that one publisher puts before it (www, m, amp, mobile)."""
    host = host_of(url) or ""
    for prefix in ("www.", "m.", "amp.", "mobile."):
        host = host.removeprefix(prefix)
    return host
