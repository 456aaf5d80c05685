"""Versions of articles: what a page or a wire item makes, under ids that depend on content alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict

from pipeline.articles.agencies import agency_credited, agency_named, is_end_mark, is_sign_off
from pipeline.articles.bylines import read_byline
from pipeline.articles.language import language_of
from pipeline.articles.published import choose_date, dateline_candidates, entry_candidates
from pipeline.articles.wire import Dateline, leading_dateline, place_name
from pipeline.text import count_words, squash
from pipeline.types import (
    Article,
    Block,
    CaptureRef,
    DateCandidate,
    Dropped,
    Entry,
    Extraction,
    Feed,
    Source,
    Status,
    Subject,
    short_hash,
)
from pipeline.urls import canonical_url

RECALLED = frozenset({Status.CANCELED, Status.WITHHELD, Status.EMBARGOED})  # versions whose content is not kept
SIGN_OFF_BLOCKS = 3  # at the end of a wire's text


def article_id_of(source_id: str, *, wire_id: str | None, canonical: str | None, entry_key: str | None = None) -> str:
    """The id of an article: by the agency's id, else by the address, else by the entry's id in its feed."""
    key = f"wire:{wire_id}" if wire_id else f"url:{canonical}" if canonical else f"entry:{entry_key}"
    return short_hash("article", source_id, key)


def article_of_page(
    extraction: Extraction, ref: CaptureRef, source: Source, entry: Entry | None, *, now: datetime, code_version: str
) -> Article:
    """The version that a page makes; the entry that named it fills what the page leaves open."""
    entry = _entry_then(entry, ref.captured_at)
    canonical = extraction.canonical_url or canonical_url(ref.final_url)
    wire_id = entry.wire_id if entry else None
    status = _status(entry, now)
    is_kept = status not in RECALLED
    dated = _dated([*extraction.dates, *entry_candidates(entry, source.timezone)], now, source.timezone)
    title = extraction.title or (entry.title if entry else None)
    byline = read_byline(entry.authors if entry else ())
    authors = extraction.authors or byline.persons
    article_id = article_id_of(source.id, wire_id=wire_id, canonical=canonical)
    text = extraction.text if is_kept else None
    return Article(
        article_id=article_id,
        version_id=_version_id(article_id, entry if wire_id else None, status, title, text, authors),
        source_id=source.id,
        feed_id=ref.feed_id,
        entry_id=ref.entry_id,
        capture_id=ref.id,
        position=0,
        captured_at=ref.captured_at,
        url=ref.final_url,
        canonical_url=canonical,
        wire_id=wire_id,
        wire_version=entry.version if entry and wire_id else None,
        version_at=entry.version_at if entry and wire_id else None,
        status=status,
        title=title if is_kept else None,
        summary=(extraction.summary or (entry.summary if entry else None)) if is_kept else None,
        text=text,
        language=extraction.language or (entry.language if entry else None),
        authors=authors if is_kept else (),
        agency=extraction.agency or (entry.agency if entry else None) or byline.agency or _own_agency(source),
        dateline_place=extraction.dateline_place or (entry.dateline_place if entry else None),
        modified_at=extraction.modified_at or (entry.updated_at if entry else None),
        section=extraction.section or (entry.section if entry else None),
        page_kind=extraction.page_kind,
        word_count=count_words(text) if text else 0,
        subjects=_subjects([Subject(name=tag) for tag in extraction.tags], entry),
        code_version=code_version,
        **_wire_facts(entry, is_kept=is_kept),
        kicker=extraction.kicker if is_kept else None,
        captions=extraction.captions if is_kept else (),
        dropped=extraction.dropped if is_kept else (),
        sightings=extraction.sightings if is_kept else (),
        **dated,
    )


def article_of_entry(
    entry: Entry, ref: CaptureRef, source: Source, feed: Feed, *, now: datetime, code_version: str
) -> Article:
    """The version that an item of a wire makes, whose feed delivers the text; a recalled one has none."""
    canonical = canonical_url(entry.url) if entry.url else None
    status = _status(entry, now)
    is_kept = status not in RECALLED
    blocks, dropped = _without_sign_off(entry.body or ()) if is_kept else ((), ())
    dateline = leading_dateline(blocks)
    byline = read_byline(entry.authors, (source.name,))
    dated = _dated(_entry_dates(entry, dateline, source), now, source.timezone)
    title = squash(entry.title) if entry.title else None
    text = "\n\n".join(block.text for block in blocks) if is_kept else None
    signed = next((agency for line in dropped if (agency := agency_credited(line.text))), None)
    key = f"{feed.id}:{entry.id}"
    article_id = article_id_of(source.id, wire_id=entry.wire_id, canonical=canonical, entry_key=key)
    return Article(
        article_id=article_id,
        version_id=_version_id(article_id, entry, status, title, text, byline.persons),
        source_id=source.id,
        feed_id=feed.id,
        entry_id=entry.id,
        capture_id=ref.id,
        position=entry.position,
        captured_at=ref.captured_at,
        url=entry.url,
        canonical_url=canonical,
        wire_id=entry.wire_id,
        wire_version=entry.version,
        version_at=entry.version_at,
        status=status,
        title=title if is_kept else None,
        summary=entry.summary if is_kept else None,
        text=text,
        language=entry.language or language_of(text or "", None, source.language),
        authors=byline.persons if is_kept else (),
        agency=entry.agency or dateline.agency or byline.agency or signed or _own_agency(source),
        dateline_place=place_name(entry.dateline_place) if entry.dateline_place else dateline.place,
        modified_at=entry.updated_at,
        section=entry.section,
        page_kind="article",
        word_count=count_words(text) if text else 0,
        subjects=_subjects((), entry),
        code_version=code_version,
        **_wire_facts(entry, is_kept=is_kept),
        captions=entry.captions if is_kept else (),
        dropped=dropped,
        **dated,
    )


# ------------------------------------------------------------------------------------------------ parts


class _Dated(TypedDict):
    published_at: datetime | None
    published_date: date | None
    published_kind: str | None
    published_confidence: float | None
    dates: tuple[DateCandidate, ...]


class _WireFacts(TypedDict):
    note: str | None
    embargo_until: datetime | None
    revision_id: str | None
    replaces: tuple[str, ...]
    slugline: str | None
    urgency: int | None
    genre: str | None
    credit: str | None
    rights: str | None
    signal: str | None
    assumed_timezone: str | None


def _wire_facts(entry: Entry | None, *, is_kept: bool) -> _WireFacts:
    """What a wire says of a version beside its story."""
    return {
        "note": entry.note if entry else None,
        "embargo_until": entry.embargo_until if entry else None,
        "revision_id": entry.wire_id if entry else None,
        "replaces": entry.replaces if entry else (),
        "slugline": entry.slugline if entry and is_kept else None,
        "urgency": entry.urgency if entry else None,
        "genre": entry.genre if entry else None,
        "credit": entry.credit if entry and is_kept else None,
        "rights": entry.rights if entry else None,
        "signal": entry.signal if entry else None,
        "assumed_timezone": entry.assumed_timezone if entry else None,
    }


def _dated(candidates: Sequence[DateCandidate], now: datetime, timezone: str) -> _Dated:
    chosen, dates = choose_date(candidates, now=now, timezone=timezone)
    return {
        "published_at": chosen.at if chosen else None,
        "published_date": chosen.day if chosen else None,
        "published_kind": chosen.kind if chosen else None,
        "published_confidence": chosen.confidence if chosen else None,
        "dates": dates,
    }


def _entry_then(entry: Entry | None, captured_at: datetime) -> Entry | None:
    """The entry without the number of a version that was made after its page was captured: of that the page has not
    been told, whatever is known by the time that it is read again.
    """
    is_later = entry is not None and entry.version_at is not None and entry.version_at > captured_at
    return replace(entry, version=None, version_at=None) if entry and is_later else entry


def _version_id(
    article_id: str, entry: Entry | None, status: Status, title: str | None, text: str | None, authors: Sequence[str]
) -> str:
    """The same for the same content, whenever and through whichever feed it came: dates and tags are not in it.

    `article_id` is that of the version's own id, also where the version moves to the article of its chain.
    """
    version = str(entry.version) if entry and entry.version is not None else ""
    note = (entry.note or "") if entry and status in RECALLED else ""
    content = ("", "", "") if status in RECALLED else (title or "", text or "", "\x1e".join(authors))
    return short_hash("version", article_id, version, status, note, *content)


def _status(entry: Entry | None, now: datetime) -> Status:
    """An embargo that has passed is a fact of the past; one that hasn't is no less than a withhold."""
    if entry is None:
        return Status.USABLE
    is_held = entry.embargo_until is not None and entry.embargo_until > now
    if entry.status is Status.EMBARGOED or (entry.status is Status.USABLE and is_held):
        return Status.EMBARGOED if is_held or entry.embargo_until is None else Status.USABLE
    return entry.status


def _own_agency(source: Source) -> str | None:
    """What an agency's own feed carries is its own."""
    return (agency_named(source.name) or source.name) if source.kind == "agency" else None


def _entry_dates(entry: Entry, dateline: Dateline, source: Source) -> list[DateCandidate]:
    found = entry_candidates(entry, source.timezone)
    return found + dateline_candidates(dateline.month_day, found)


def _subjects(tags: Iterable[Subject], entry: Entry | None) -> tuple[Subject, ...]:
    return tuple(dict.fromkeys([*tags, *(entry.subjects if entry else ())]))


def _without_sign_off(body: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    """The body without the desk's lines at its end: `(Reporting by …; Editing by …)`, `REUTER`."""
    blocks = [block for block in body if squash(block.text)]
    end = len(blocks)
    while end > 1 and len(blocks) - end < SIGN_OFF_BLOCKS and _is_sign_off(blocks[end - 1].text):
        end -= 1
    dropped = tuple(Dropped(end + i, block.text, "credit") for i, block in enumerate(blocks[end:]))
    return tuple(blocks[:end]), dropped


def _is_sign_off(text: str) -> bool:
    return is_sign_off(text) or is_end_mark(text) or agency_named(text) is not None
