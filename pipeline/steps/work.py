"""What a worker process does with one capture. It gets a ref and reads the bytes itself: bodies never travel."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline import __version__
from pipeline.articles.extract import extract_page
from pipeline.articles.versions import article_of_entry, article_of_page
from pipeline.captures.warc import Archive
from pipeline.entries.detect import parse_document
from pipeline.entries.items import attempt
from pipeline.types import Article, BadItem, CaptureRef, Entry, Feed, FeedDocument, Learned, Source, Status, Window


@dataclass(frozen=True, slots=True)
class DocumentTask:
    archive: Path
    ref: CaptureRef
    feed: Feed
    source: Source
    now: datetime
    window: Window


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A feed document, its entries without their texts, and the articles of the window that it delivers whole."""

    document: FeedDocument
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class PageTask:
    archive: Path
    ref: CaptureRef
    source: Source
    entry: Entry | None
    now: datetime
    learned: Learned | None = None


def read_document(task: DocumentTask) -> DocumentRead | BadItem:
    """The entries of a feed or a wire file, and an article for each in the window that brings its own text."""
    capture = Archive(task.archive).read(task.ref)
    document = parse_document(
        capture.body,
        url=task.ref.final_url,
        format=task.feed.format,
        content_type=task.ref.content_type,
        timezone=task.source.timezone,
    )
    if isinstance(document, BadItem):
        return document
    entries = [_as_of(entry, task.now) for entry in document.entries]
    made = {
        entry.position: _article(task, entry)
        for entry in entries
        if delivers_article(entry) and task.window.holds(entry_at(entry))
    }
    articles = tuple(one for one in made.values() if isinstance(one, Article))
    bad = tuple(one for one in made.values() if isinstance(one, BadItem))
    unread = {item.position for item in bad}
    light = tuple(_light(entry) for entry in entries if entry.position not in unread)
    return DocumentRead(replace(document, entries=light, bad_items=document.bad_items + bad), articles)


def _article(task: DocumentTask, entry: Entry) -> Article | BadItem:
    def article(entry: Entry, _: int) -> Article:
        return article_of_entry(entry, task.ref, task.source, task.feed, now=task.now, code_version=__version__)

    return attempt(article, entry, entry.position)


def read_page(task: PageTask) -> Article | BadItem:
    """The article of a page."""
    capture = Archive(task.archive).read(task.ref)
    extraction = extract_page(
        capture.body,
        url=task.ref.final_url,
        content_type=task.ref.content_type,
        entry=task.entry,
        source_language=task.source.language,
        timezone=task.source.timezone,
        now=task.now,
        server_date=capture.header("last-modified"),
        learned=task.learned,
    )
    if isinstance(extraction, BadItem):
        return extraction
    return article_of_page(extraction, task.ref, task.source, task.entry, now=task.now, code_version=__version__)


def entry_at(entry: Entry) -> datetime | None:
    """The instant that places an entry in a window: of its version, else of its publication, else of its change."""
    return entry.version_at or entry.published_at or entry.updated_at


def is_held(entry: Entry) -> bool:
    """Whether an item's text waits in the archive."""
    return entry.status is Status.EMBARGOED


def delivers_article(entry: Entry) -> bool:
    """Whether an entry is an article by itself: it brings the text, or takes one back."""
    return (
        entry.kind == "text"
        and not is_held(entry)
        and (entry.body is not None or entry.status in (Status.CANCELED, Status.WITHHELD))
    )


def _as_of(entry: Entry, now: datetime) -> Entry:
    """The entry as the run may know it: an embargo that has passed is a fact and holds nothing; held, withheld and
    canceled items carry nothing of their content, embargoed ones not even an address, whose words may tell of it.
    """
    if entry.status in (Status.USABLE, Status.EMBARGOED) and entry.embargo_until:
        entry = replace(entry, status=Status.USABLE if entry.embargo_until <= now else Status.EMBARGOED)
    if entry.status is Status.USABLE:
        return entry
    if entry.status is Status.EMBARGOED:
        entry = replace(entry, url=None, authors=(), section=None, dateline_place=None, note=None)
    return replace(entry, title=None, summary=None, slugline=None, credit=None, body=None, captions=(), subjects=())


def _light(entry: Entry) -> Entry:
    """The entry without its text, which its article has."""
    return entry if entry.body is None else replace(entry, body=(), captions=())
