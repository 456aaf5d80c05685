"""collect: bytes into the WARC archive, an index row for each, before anything is derived from them."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import __version__
from pipeline.captures.due import feeds_due, page_result
from pipeline.captures.folder import capture_file, files_to_read
from pipeline.steps.run import Run
from pipeline.types import (
    Capture,
    CaptureKind,
    CaptureRef,
    Delivery,
    Failure,
    Feed,
    FeedState,
    Fetched,
    FetchRequest,
    PageDue,
    PageResult,
    Politeness,
    Stage,
)
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse import quarantine

log = logging.getLogger("dateline")

SETTLE_S = 2.0  # a file of a drop folder that changed more recently is still being written
FOLDER_BATCH_BYTES = 64 * 1024**2
FOLDER_BATCH_FILES = 1000


@dataclass(frozen=True, slots=True)
class Polled:
    """What asking one feed brought: a ref into the archive, or the reason why there is none."""

    feed: Feed
    ref: CaptureRef | None
    failure: Failure | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    fresh_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageFetched:
    """A page in the archive, and what its entry's row says once the page is derived."""

    due: PageDue
    ref: CaptureRef
    result: PageResult


def due_feeds(run: Run) -> list[Feed]:
    """The feeds to ask now. Drop folders are always due: looking costs nobody anything."""
    with run.warehouse.begin() as conn:
        states = feed_verbs.feed_states(conn)
    due, not_due = feeds_due(list(run.feeds.values()), states, run.now)
    for feed in run.feeds.values():
        run.tally.add(feed.source_id, "feeds")
    for feed in not_due:
        run.tally.add(feed.source_id, "not_due")
        until = states[feed.id].next_due_at
        run.tally.note(feed.source_id, f"{feed.id} is not due before {until:%Y-%m-%d %H:%M} UTC")
    return due


def collect_feeds(run: Run, feeds: Sequence[Feed]) -> list[Polled]:
    """One answer for each feed over HTTP, in the archive and its index."""
    with run.warehouse.begin() as conn:
        states = feed_verbs.feed_states(conn, [feed.id for feed in feeds])
    requests = [feed_request(run, feed, states.get(feed.id)) for feed in feeds]
    fetched, refs = archive_answers(run, requests)
    return [
        Polled(
            feed=feed,
            ref=refs.get(answer.capture.id) if answer.capture else None,
            failure=answer.failure,
            etag=answer.capture.header("etag") if answer.capture else None,
            last_modified=answer.capture.header("last-modified") if answer.capture else None,
            moved_to=answer.moved_to,
            fresh_until=answer.fresh_until,
        )
        for feed, answer in zip(feeds, fetched, strict=True)
    ]


def feed_request(run: Run, feed: Feed, state: FeedState | None) -> FetchRequest:
    return FetchRequest(
        kind=CaptureKind.FEED,
        url=(state.moved_to if state else None) or feed.url,
        source_id=feed.source_id,
        feed_id=feed.id,
        etag=state.etag if state else None,
        last_modified=state.last_modified if state else None,
        headers=feed.headers,
        secrets=feed.secrets,
        politeness=feed.politeness,
        allow_private=run.source(feed.source_id).allow_private,
    )


def archive_answers(run: Run, requests: Sequence[FetchRequest]) -> tuple[list[Fetched], dict[str, CaptureRef]]:
    """Every exchange of every request in the archive and in its index; the answers in the requests' order, and the refs
    by capture id. Exchanges that are only asked on the way (robots.txt) are kept too.
    """
    fetched = run.web.fetch(requests)
    captures = [capture for answer in fetched for capture in answer.captures]
    refs = run.writer.write(captures)
    with run.warehouse.begin() as conn:
        capture_verbs.record_captures(conn, run.id, refs)
    return fetched[: len(requests)], {ref.id: ref for ref in refs}


def collect_folder(run: Run, feed: Feed) -> Iterator[list[Polled]]:
    """The files of a drop folder, in batches; nothing in the folder is changed.

    A nightly run reads those that are new or whose bytes changed, a backfill all of them, for its window may be another
    than the last one's. What the archive has already is not written again. A file that is still being written is left
    for the next run.
    """
    folder = Path(feed.url)
    if not folder.is_dir():
        detail = f"The folder {folder} is not there. Make it, mount it, or mend `folder` in the catalogue."
        yield [Polled(feed, None, failure=_failure(run, feed, str(folder), "no_folder", detail))]
        return
    with run.warehouse.begin() as conn:
        known = capture_verbs.known_files(conn, feed.id) if run.kind == "nightly" else {}
        archived = capture_verbs.file_refs(conn, feed.id)
    batch: list[Capture] = []
    for path in files_to_read(folder, known, time.time(), SETTLE_S):
        batch.append(capture_file(path, feed, run.now))
        if sum(len(capture.wire_body) for capture in batch) > FOLDER_BATCH_BYTES or len(batch) == FOLDER_BATCH_FILES:
            yield _archive_files(run, feed, batch, archived)
            batch = []
    if batch:
        yield _archive_files(run, feed, batch, archived)


def _archive_files(
    run: Run, feed: Feed, captures: Sequence[Capture], archived: Mapping[tuple[str, str], CaptureRef]
) -> list[Polled]:
    fresh = [capture for capture in captures if (capture.url, capture.digest) not in archived]
    refs = run.writer.write(fresh)
    with run.warehouse.begin() as conn:
        capture_verbs.record_captures(conn, run.id, refs)
    there = {**archived, **{(ref.url, ref.digest): ref for ref in refs}}
    return [Polled(feed, there[capture.url, capture.digest]) for capture in captures]


def _failure(run: Run, feed: Feed, url: str, reason: str, detail: str) -> Failure:
    return Failure(Stage.FETCH, reason, detail, url, feed.source_id, run.now, feed_id=feed.id)


def due_pages(run: Run) -> list[PageDue]:
    """The pages that entries of this run's sources name and that are due, hosts mixed."""
    with run.warehouse.begin() as conn:
        return page_verbs.pages_due(conn, run.now, source_ids=list(run.sources), window=run.window)


def collect_pages(run: Run, pages: Sequence[PageDue]) -> list[PageFetched]:
    """The pages that came, in the archive and its index; those that did not are in quarantine with their reason."""
    fetched, refs = archive_answers(run, [page_request(run, page) for page in pages])
    came: list[PageFetched] = []
    missed: list[PageResult] = []
    for page, answer in zip(pages, fetched, strict=True):
        capture = answer.capture
        ref = refs.get(capture.id) if capture else None
        validators = (capture.header("etag"), capture.header("last-modified")) if capture else (None, None)
        result = page_result(page, capture=ref, validators=validators, failure=answer.failure, now=run.now)
        if ref and not answer.failure and ref.status != 304:
            came.append(PageFetched(page, ref, result))
        else:
            missed.append(result)
    failures = [answer.failure for answer in fetched if answer.failure]
    with run.warehouse.begin() as conn:
        page_verbs.record_pages(conn, missed)
        quarantine.record_failures(conn, failures, __version__)
    for page in pages:
        run.tally.add(page.source_id, "pages")
    count_failures(run, failures)
    return came


def count_failures(run: Run, failures: Iterable[Failure]) -> None:
    """Counts what is set aside, and says why."""
    for failure in failures:
        run.tally.add(failure.source_id, "quarantined")
        log.info("set aside: %s %s", failure.detail, failure.url)


def page_request(run: Run, page: PageDue) -> FetchRequest:
    """Asks for a page; the keys of its feed are the feed's alone and do not go along."""
    return FetchRequest(
        kind=CaptureKind.PAGE,
        url=page.url,
        source_id=page.source_id,
        feed_id=page.feed_id,
        entry_id=page.entry.id,
        etag=page.etag,
        last_modified=page.last_modified,
        politeness=page_politeness(run, page),
        allow_private=run.source(page.source_id).allow_private,
    )


def page_politeness(run: Run, page: PageDue) -> Politeness:
    """The feed's; for a page that only a listing names, that of the source's most careful feed."""
    if page.feed_id in run.feeds:
        return run.feeds[page.feed_id].politeness
    manners = [feed.politeness for feed in run.source(page.source_id).feeds if feed.delivery is Delivery.HTTP]
    return max(manners, key=lambda one: one.spacing_s, default=Politeness())
