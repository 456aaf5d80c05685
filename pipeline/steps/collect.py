"""collect: bytes into the WARC archive, an index row for each, before anything is derived from them."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import __version__
from pipeline.captures.due import feeds_due, page_result
from pipeline.captures.links import document_request, next_address, refuses_cursor
from pipeline.steps.run import Run
from pipeline.types import (
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
)
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse import quarantine

log = logging.getLogger("dateline")


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
    is_continued: bool = False  # asked where the answer before said to go on


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
        state = states[feed.id]
        run.tally.add(feed.source_id, "not_due")
        run.tally.add(feed.source_id, "failing", bool(state.failures_in_row))
        why = ", since its last poll failed" if state.failures_in_row else ""
        run.tally.note(feed.source_id, f"{feed.id}: not due before {state.next_due_at:%Y-%m-%d %H:%M} UTC{why}")
    return due


def collect_feeds(run: Run, feeds: Sequence[Feed]) -> list[Polled]:
    """One answer for each feed over HTTP, in the archive and its index. A feed whose server refuses the cursor is asked
    afresh.
    """
    with run.warehouse.begin() as conn:
        states = feed_verbs.feed_states(conn, [feed.id for feed in feeds])
    polled = ask_feeds(run, feeds, states)
    refused = [one.feed for one in polled if one.is_continued and refuses_cursor(one.failure)]
    for feed in refused:
        run.tally.note(feed.source_id, f"{feed.id}: its server refused to go on from the last answer; asked afresh")
    afresh = {one.feed.id: one for one in (ask_feeds(run, refused, {}) if refused else ())}
    return [afresh.get(one.feed.id, one) for one in polled]


def ask_feeds(run: Run, feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> list[Polled]:
    requests = [feed_request(run, feed, states.get(feed.id)) for feed in feeds]
    fetched, refs = archive_answers(run, requests)
    return [
        _polled(feed, answer, refs.get(answer.capture.id) if answer.capture else None, states.get(feed.id))
        for feed, answer in zip(feeds, fetched, strict=True)
    ]


def feed_request(run: Run, feed: Feed, state: FeedState | None) -> FetchRequest:
    """Asks a feed where its last answer said to go on; else at its own address, for what is new since."""
    source = run.source(feed.source_id)
    state = state or FeedState(feed.id)
    if address := next_address(feed, state.cursor, state.moved_to):
        return document_request(source, feed, address)
    if state.cursor:
        run.tally.note(
            feed.source_id, f"{feed.id}: its answers have a poll token; name its parameter in the catalogue as cursor"
        )
    request = document_request(source, feed, state.moved_to or feed.url)
    return replace(request, etag=state.etag, last_modified=state.last_modified)


def _polled(feed: Feed, answer: Fetched, ref: CaptureRef | None, state: FeedState | None) -> Polled:
    """What was learned at a cursor's address (validators, a move) says nothing of the feed's own; its failures are the
    feed's, whose cursor may be another every time.
    """
    if state and next_address(feed, state.cursor, state.moved_to):
        failure = replace(answer.failure, url=feed.url) if answer.failure else None
        return Polled(feed, ref, failure, fresh_until=answer.fresh_until, is_continued=True)
    return Polled(
        feed=feed,
        ref=ref,
        failure=answer.failure,
        etag=answer.capture.header("etag") if answer.capture else None,
        last_modified=answer.capture.header("last-modified") if answer.capture else None,
        moved_to=answer.moved_to,
        fresh_until=answer.fresh_until,
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
