"""A past that WARC files hold, our own or anybody's: their captures, and what these bring. Nothing is fetched."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import __version__
from pipeline.captures.warc import scan_warc
from pipeline.errors import ArchiveError
from pipeline.steps.collect import count_failures
from pipeline.steps.derive import count_seen, land_documents, read_pages, record_seen
from pipeline.steps.history import listing_feed
from pipeline.steps.land import land
from pipeline.steps.run import Run
from pipeline.types import Article, Capture, CaptureKind, CaptureRef, PageResult
from pipeline.urls import host_of
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse import quarantine

log = logging.getLogger("dateline")


def collect_warc(run: Run, path: Path, batch_size: int) -> Iterator[list[CaptureRef]]:
    """The captures of a WARC file in batches. Those of a foreign file are copied into the archive first, since nothing
    is derived from bytes that the archive does not have; those of our own archive stay where they are.
    """
    if not path.is_file():
        raise ArchiveError(f"There is no WARC file {path}. Give the path of a .warc or .warc.gz file.")
    hosts = source_of_host(run)
    batch: list[tuple[CaptureRef, Capture]] = []
    is_found = False
    for ref, capture in scan_warc(path):
        if capture.kind in (CaptureKind.ROBOTS, CaptureKind.SITEMAP) or not 200 <= capture.status < 300:
            continue
        is_found = True
        batch.append((ref, replace(capture, source_id=hosts.get(capture.source_id, capture.source_id))))
        if len(batch) == batch_size:
            yield _take_in(run, path, batch)
            batch = []
    if batch:
        yield _take_in(run, path, batch)
    if not is_found:
        log.warning("%s: it holds no page and no feed", path)


def lies_in_window(run: Run, article: Article) -> bool:
    """Whether an article is of the run's window; one whose day alone is known by the middle of that day, and only one
    without a date by its capture.
    """
    at = article.published_at
    if at is None and article.published_date is not None:
        at = datetime.combine(article.published_date, time(12), ZoneInfo(run.source(article.source_id).timezone))
    return run.window.holds(at or article.captured_at)


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
    seen, failures = land_documents(run, [(listing_feed(run, ref), ref) for ref in refs])
    with run.warehouse.begin() as conn:
        new = record_seen(conn, seen, failures)
    count_seen(run, seen, failures, new)


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
    landing = [article for article in articles if lies_in_window(run, article)]
    land(run, landing)
    taken_in = {article.capture_id for article in landing}
    results = [result for result in results if result.state != "landed" or result.capture_id in taken_in]
    with run.warehouse.begin() as conn:
        page_verbs.record_pages(conn, results)
        quarantine.record_failures(conn, missed, __version__)
    count_failures(run, missed)
    for ref in refs:
        run.tally.add(ref.source_id, "pages")
