"""A source's past: what dated sitemaps, archived feeds and WARC files bring. After the archive the path is the same."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import __version__
from pipeline.captures.history import first_requests, further_requests, listings
from pipeline.captures.warc import scan_warc
from pipeline.errors import ArchiveError
from pipeline.steps.collect import archive_answers, count_failures
from pipeline.steps.derive import document_failure, item_failures, read_pages
from pipeline.steps.held import held_item
from pipeline.steps.land import land
from pipeline.steps.reread import read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import DocumentRead, entry_at, is_held
from pipeline.types import (
    Article,
    BadItem,
    Capture,
    CaptureKind,
    CaptureRef,
    Feed,
    FeedDocument,
    FetchRequest,
    PageResult,
    SeenEntry,
    Window,
)
from pipeline.urls import host_of
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import entries as entry_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import held as held_verbs
from pipeline.warehouse import pages as page_verbs
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


def collect_warc(run: Run, path: Path, batch_size: int) -> Iterator[list[CaptureRef]]:
    """The captures of a WARC file in batches. Those of a foreign file are copied into the archive first, since nothing
    is derived from bytes that the archive does not have; those of our own archive stay where they are.
    """
    if not path.is_file():
        raise ArchiveError(f"There is no WARC file {path}. Give the path of a .warc or .warc.gz file.")
    hosts = source_of_host(run)
    batch: list[tuple[CaptureRef, Capture]] = []
    for ref, capture in scan_warc(path):
        if capture.kind in (CaptureKind.ROBOTS, CaptureKind.SITEMAP) or not 200 <= capture.status < 300:
            continue
        batch.append((ref, replace(capture, source_id=hosts.get(capture.source_id, capture.source_id))))
        if len(batch) == batch_size:
            yield _take_in(run, path, batch)
            batch = []
    if batch:
        yield _take_in(run, path, batch)


def source_of_host(run: Run) -> dict[str, str]:
    """The catalogue's source of each host that its home pages and feeds name."""
    return {
        host: source.id
        for source in run.sources.values()
        for url in (source.homepage, *(feed.url for feed in source.feeds))
        if url and (host := host_of(url))
    }


def _take_in(run: Run, path: Path, batch: Sequence[tuple[CaptureRef, Capture]]) -> list[CaptureRef]:
    root = run.settings.archive_path
    if path.absolute().is_relative_to(root):
        warc_path = str(path.absolute().relative_to(root))
        refs = [replace(ref, warc_path=warc_path) for ref, _ in batch]
    else:
        refs = run.writer.write([capture for _, capture in batch])
    strangers = {ref.source_id for ref in refs} - run.sources.keys()
    with run.warehouse.begin() as conn:
        feed_verbs.add_sources(conn, [run.source(source_id) for source_id in sorted(strangers)])
        capture_verbs.record_captures(conn, run.id, refs)
    return refs


def derive_documents(run: Run, refs: Sequence[CaptureRef]) -> None:
    """Entries, and the articles that they bring whole, of feeds and files in the archive. No feed's state moves: the
    past says nothing of what is due.
    """
    readings = read_documents(run, [(listing_feed(run, ref), ref) for ref in refs])
    read_well = [(ref, reading) for ref, reading in readings if isinstance(reading, DocumentRead)]
    seen = [
        SeenEntry(listing_feed(run, ref), ref, entry)
        for ref, reading in read_well
        for entry in reading.document.entries
        if run.window.holds(entry_at(entry))
    ]
    failures = [
        failure for ref, reading in readings if (failure := document_failure(run, listing_feed(run, ref), ref, reading))
    ]
    for ref, reading in read_well:
        failures += item_failures(run, listing_feed(run, ref), ref, reading.document)
    land(run, [article for _, reading in read_well for article in reading.articles])
    with run.warehouse.begin() as conn:
        entry_verbs.record_entries(conn, seen)
        held_verbs.record_held(conn, [held_item(one) for one in seen if is_held(one.entry)])
        quarantine.record_failures(conn, failures, __version__)
    count_failures(run, failures)


def derive_archived_pages(run: Run, capture_ids: Sequence[str]) -> None:
    """Articles of pages in the archive, each with the entry that named it, where the archive has that too: so the
    documents come first. A page that landed is not asked for again on that entry's account.
    """
    with run.warehouse.begin() as conn:
        refs = list(capture_verbs.capture_refs(conn, capture_ids).values())
        named = page_verbs.entries_of(
            conn, {(ref.feed_id, ref.entry_id) for ref in refs if ref.feed_id and ref.entry_id}
        )
    pages = [(ref, named.get((ref.feed_id or "", ref.entry_id or ""))) for ref in refs]
    landed = {
        ref.id: PageResult(ref.source_id, entry.url, "landed", ref.captured_at, capture_id=ref.id)
        for ref, entry in pages
        if entry and entry.url
    }
    articles, missed, results = read_pages(run, pages, landed)
    land(run, [a for a in articles if run.window.holds(a.published_at or a.captured_at)])
    with run.warehouse.begin() as conn:
        page_verbs.record_pages(conn, results)
        quarantine.record_failures(conn, missed, __version__)
    count_failures(run, missed)
    for ref in refs:
        run.tally.add(ref.source_id, "pages")
