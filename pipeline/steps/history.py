"""A source's past: what its dated sitemaps and archived feeds name. After the archive the path is the same."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence

from pipeline import __version__
from pipeline.captures.history import first_requests, further_requests, listings
from pipeline.steps.collect import archive_answers, count_failures
from pipeline.steps.derive import document_failure, item_failures
from pipeline.steps.land import land
from pipeline.steps.reread import read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import DocumentRead, entry_at, is_held
from pipeline.types import (
    Article,
    BadItem,
    CaptureKind,
    CaptureRef,
    Feed,
    FeedDocument,
    FetchRequest,
    SeenEntry,
    Window,
)
from pipeline.warehouse import entries as entry_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import quarantine
from pipeline.workers import WorkerFailure

FETCH_BATCH = 64
MOST_LISTINGS = 2000  # of one source: an archive that invents new addresses for ever ends there, and the report says so


def discover(run: Run, windows: Mapping[str, Window]) -> int:
    """Takes in what the listings of these sources (by id) name for their windows; how many entries were new."""
    queue = deque(
        request for source_id, window in windows.items() for request in first_requests(run.source(source_id), window)
    )
    asked: set[str] = set()
    read: set[tuple[str, str]] = set()
    per_source: Counter[str] = Counter()
    new = 0
    while queue:
        wave: list[FetchRequest] = []
        while queue and len(wave) < FETCH_BATCH:
            request = queue.popleft()
            if request.url in asked:
                continue
            if per_source[request.source_id] == MOST_LISTINGS:
                run.tally.note(request.source_id, f"stopped after {MOST_LISTINGS} listings; narrow --since and --until")
                continue
            asked.add(request.url)
            per_source[request.source_id] += 1
            wave.append(request)
        further, found = ask(run, windows, wave, read)
        queue.extend(further)
        new += found
        run.progress("listings", len(asked), len(asked) + len(queue))
    return new


def ask(
    run: Run, windows: Mapping[str, Window], requests: Sequence[FetchRequest], read: set[tuple[str, str]]
) -> tuple[list[FetchRequest], int]:
    """Asks for one wave of listings and takes in what they name: the next wave, and how many entries were new.

    `read` holds source and digest of what was read before: a page that repeats another (of a blog that ignores the
    page's number) names nothing further. A site without a sitemap is no failure; one without a robots.txt still has
    a sitemap at the usual place.
    """
    fetched, refs = archive_answers(run, requests)
    good = [
        refs[answer.capture.id]
        for answer in fetched
        if answer.capture and (not answer.failure or answer.capture.kind is CaptureKind.ROBOTS)
    ]
    good = [ref for ref in good if (ref.source_id, ref.digest) not in read]
    read |= {(ref.source_id, ref.digest) for ref in good}
    readings = dict(read_listings(run, [ref for ref in good if ref.kind is not CaptureKind.ROBOTS]))
    read_well = {ref: reading for ref, reading in readings.items() if isinstance(reading, DocumentRead)}
    documents = {ref: reading.document for ref, reading in read_well.items()}
    failures = [answer.failure for answer in fetched if answer.failure and answer.failure.reason != "http_404"]
    failures += [
        failure
        for ref, reading in readings.items()
        if (failure := document_failure(run, listing_feed(run, ref), ref, reading))
    ]
    for ref, document in documents.items():
        failures += item_failures(run, listing_feed(run, ref), ref, document)
    land(run, delivered_articles(windows, read_well))
    new = take_in_listings(run, windows, documents)
    with run.warehouse.begin() as conn:
        quarantine.record_failures(conn, failures, __version__)
    count_failures(run, failures)
    further = [
        request
        for ref in good
        for request in further_requests(
            run.source(ref.source_id), windows[ref.source_id], ref, documents.get(ref), run.archive.read(ref).body
        )
    ]
    return further, new


def read_listings(
    run: Run, refs: Sequence[CaptureRef]
) -> list[tuple[CaptureRef, DocumentRead | BadItem | WorkerFailure]]:
    return read_documents(run, [(listing_feed(run, ref), ref) for ref in refs])


def listing_feed(run: Run, ref: CaptureRef) -> Feed:
    """The feed that a listing's entries belong to: the source's own, or what its sitemaps make together."""
    if ref.feed_id in run.feeds:
        return run.feeds[ref.feed_id]
    return Feed(id=f"{ref.source_id}/sitemap", source_id=ref.source_id, url=ref.url)


def delivered_articles(windows: Mapping[str, Window], readings: Mapping[CaptureRef, DocumentRead]) -> list[Article]:
    """The articles of the window that an archive of a feed delivers whole (RFC 5005)."""
    places = {
        (ref.id, entry.position)
        for ref, reading in readings.items()
        for entry in reading.document.entries
        if windows[ref.source_id].holds(entry_at(entry))
    }
    articles = (article for reading in readings.values() for article in reading.articles)
    return [article for article in articles if (article.capture_id, article.position) in places]


def take_in_listings(run: Run, windows: Mapping[str, Window], documents: Mapping[CaptureRef, FeedDocument]) -> int:
    """The entries of the listings that lie in their source's window, and the days that a listing has whole."""
    seen = [
        SeenEntry(listing_feed(run, ref), ref, entry)
        for ref, document in documents.items()
        for entry in document.entries
        if windows[ref.source_id].holds(entry_at(entry)) and not is_held(entry)
    ]
    days = [
        listing
        for ref, document in documents.items()
        for listing in listings(run.source(ref.source_id), windows[ref.source_id], document, ref)
    ]
    with run.warehouse.begin() as conn:
        new = entry_verbs.record_entries(conn, seen)
        feed_verbs.record_listings(conn, days)
    sources = {one.feed.id: one.feed.source_id for one in seen}
    for feed_id, count in new.items():
        run.tally.add(sources[feed_id], "entries_new", count)
    return sum(new.values())
