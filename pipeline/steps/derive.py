"""derive: entries and articles out of stored bytes. It decides new, changed, recalled, refused; it never fetches."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline import __version__
from pipeline.captures.due import next_feed_state
from pipeline.captures.links import held_links_of, links_of, next_address
from pipeline.steps.collect import PageFetched, Polled, count_failures
from pipeline.steps.held import held_item
from pipeline.steps.land import land
from pipeline.steps.reread import page_tasks, read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import (
    DocumentRead,
    entry_at,
    is_held,
    read_page,
)
from pipeline.types import (
    Article,
    BadItem,
    CaptureRef,
    Delivery,
    Entry,
    Failure,
    Feed,
    FeedDocument,
    FeedState,
    Link,
    PageResult,
    Poll,
    PollOutcome,
    SeenEntry,
    Stage,
    Window,
)
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import entries as entry_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import held as held_verbs
from pipeline.warehouse import links as link_verbs
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse import quarantine, repairs
from pipeline.warehouse.engine import Connection
from pipeline.workers import WorkerFailure

log = logging.getLogger("dateline")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one answer of one feed comes to."""

    feed: Feed
    poll: Poll
    state: FeedState
    ref: CaptureRef | None
    seen: tuple[SeenEntry, ...] = ()
    failures: tuple[Failure, ...] = ()
    links: tuple[str, ...] = ()  # the documents that it names
    held_links: tuple[Link, ...] = ()  # and those to ask for later
    goes_on: bool = False  # whether the feed is asked again for what comes after it

    @property
    def is_open(self) -> bool:
        return self.goes_on or bool(self.links)


def derive_feeds(run: Run, polled: Sequence[Polled]) -> list[Taken]:
    """Wire articles, entries and the feeds' new states, in this order: a run that is killed in between asks again, and
    what had landed lands on itself. A backfill moves no state: the past says nothing of what is due.

    Gives the answers that name further documents or where they go on: their feeds' states have not moved, for that is
    done once what they name is in (`follow`).
    """
    readings = read_documents(run, [(poll.feed, poll.ref) for poll in polled if poll.ref and is_document(poll)])
    by_ref = {ref.id: reading for ref, reading in readings}
    land(run, [article for _, reading in readings if isinstance(reading, DocumentRead) for article in reading.articles])
    with run.warehouse.begin() as conn:
        states = feed_verbs.feed_states(conn, [poll.feed.id for poll in polled])
    taken = [taken_in(run, poll, by_ref.get(poll.ref.id) if poll.ref else None, states) for poll in polled]
    return record_feeds(run, taken)


def taken_in(
    run: Run, polled: Polled, reading: DocumentRead | BadItem | WorkerFailure | None, states: dict[str, FeedState]
) -> Taken:
    """The entries and failures of one answer, and the feed's state after it, which `states` has from then on."""
    failure = polled.failure or document_failure(run, polled.feed, polled.ref, reading)
    failures = [failure] if failure else []
    seen: list[SeenEntry] = []
    document = None
    if isinstance(reading, DocumentRead) and polled.ref:
        document = reading.document
        seen = seen_entries(run, polled.feed, polled.ref, document)
        failures += item_failures(run, polled.feed, polled.ref, document)
    state, poll = next_state(run, polled, states.get(polled.feed.id), document, failure)
    states[polled.feed.id] = state
    taken = Taken(polled.feed, poll, state, polled.ref, tuple(seen), tuple(failures))
    if document and polled.ref and follows(run, polled.feed):
        links = tuple(links_of(document, polled.ref))
        onward = next_address(polled.feed, state.cursor, state.moved_to)
        is_empty = not links and not document.entries and not document.bad_items
        held = tuple(held_links_of(document, polled.feed))
        return replace(
            taken, links=links, held_links=held, goes_on=not is_empty and onward not in (None, polled.ref.url)
        )
    return taken


def follows(run: Run, feed: Feed) -> bool:
    """Whether the documents that a feed's answer names are fetched: not those of files, which are delivered whole, and
    not those of the past.
    """
    return feed.delivery is Delivery.HTTP and run.kind == "nightly"


def is_document(polled: Polled) -> bool:
    """Whether the capture is a feed to read: not a failure, not a 304."""
    return bool(polled.ref) and not polled.failure and polled.ref.status != 304  # type: ignore[union-attr]


def next_state(
    run: Run, polled: Polled, state: FeedState | None, document: FeedDocument | None, failure: Failure | None
) -> tuple[FeedState, Poll]:
    return next_feed_state(
        polled.feed,
        state,
        capture=polled.ref,
        validators=(polled.etag, polled.last_modified),
        failure=failure,
        moved_to=polled.moved_to,
        fresh_until=polled.fresh_until,
        document=document,
        now=run.now,
        is_continued=polled.is_continued,
    )


def seen_entries(run: Run, feed: Feed, ref: CaptureRef, document: FeedDocument) -> list[SeenEntry]:
    """The document's entries that lie in the run's window."""
    return [SeenEntry(feed, ref, entry) for entry in document.entries if run.window.holds(entry_at(entry))]


def document_failure(
    run: Run, feed: Feed, ref: CaptureRef | None, reading: DocumentRead | BadItem | WorkerFailure | None
) -> Failure | None:
    """Why a capture could not be read as a feed; None where it was."""
    if ref is None or reading is None or isinstance(reading, DocumentRead):
        return None
    return Failure(
        Stage.PARSE,
        reading.reason,
        reading.detail,
        ref.url,
        feed.source_id,
        run.now,
        feed_id=feed.id,
        capture_id=ref.id,
    )


def item_failures(run: Run, feed: Feed, ref: CaptureRef, document: FeedDocument) -> list[Failure]:
    """The document's items that could not be read, each with its place in the capture that keeps its bytes."""
    return [
        Failure(
            Stage.PARSE,
            item.reason,
            item.detail,
            f"{ref.url}#{item.position}",
            feed.source_id,
            run.now,
            feed_id=feed.id,
            capture_id=ref.id,
        )
        for item in document.bad_items
    ]


def record_feeds(run: Run, taken: Sequence[Taken]) -> list[Taken]:
    """Entries, held items, failures and the feeds' new states, all or nothing; the answers whose states wait."""
    settled = [one for one in taken if not one.is_open]
    seen = [entry for one in taken for entry in one.seen]
    failures = [failure for one in taken for failure in one.failures]
    with run.warehouse.begin() as conn:
        new = record_seen(conn, seen, failures)
        link_verbs.record_links(conn, [link for one in taken for link in one.held_links])
        capture_verbs.mark_derived(conn, [one.ref.id for one in settled if one.ref], __version__)
        looks = looks_of(taken, new)
        if run.kind == "nightly":
            done = [one for one in looks if not one.is_open]
            feed_verbs.record_polls(conn, run.id, [one.poll for one in done], [one.state for one in done])
    count_seen(run, seen, failures, new)
    count_polls(run, [one.poll for one in looks if not one.is_open])
    return [one for one in looks if one.is_open]


_WORTH = (PollOutcome.FAILED, PollOutcome.NOT_MODIFIED, PollOutcome.OK)


def looks_of(taken: Sequence[Taken], new: Mapping[str, int]) -> list[Taken]:
    """One for each feed: the files of a drop folder are one look at it, as good as the best of them."""
    by_feed: dict[str, list[Taken]] = {}
    for one in taken:
        by_feed.setdefault(one.feed.id, []).append(one)
    return [
        replace(
            best := max(several, key=lambda one: _WORTH.index(one.poll.outcome)),
            poll=replace(best.poll, entries=sum(one.poll.entries for one in several), new_entries=new.get(feed_id, 0)),
        )
        for feed_id, several in by_feed.items()
    ]


def record_seen(conn: Connection, seen: Sequence[SeenEntry], failures: Sequence[Failure]) -> dict[str, int]:
    """Entries, held items and failures; how many of the entries are new, by feed."""
    new = entry_verbs.record_entries(conn, seen)
    held_verbs.record_held(conn, [held_item(one) for one in seen if is_held(one.entry)])
    quarantine.record_failures(conn, failures, __version__)
    return new


def count_seen(run: Run, seen: Sequence[SeenEntry], failures: Sequence[Failure], new: Mapping[str, int]) -> None:
    for one in seen:
        run.tally.add(one.feed.source_id, "held", is_held(one.entry))
    count_failures(run, failures)
    for feed_id, count in new.items():
        run.tally.add(run.feeds[feed_id].source_id if feed_id in run.feeds else feed_id, "entries_new", count)


def count_polls(run: Run, polls: Sequence[Poll]) -> None:
    for poll in polls:
        run.tally.add(poll.source_id, "polled")
        run.tally.add(poll.source_id, "not_modified", poll.outcome is PollOutcome.NOT_MODIFIED)
        run.tally.add(poll.source_id, "failed", poll.outcome is PollOutcome.FAILED)
        run.tally.add(poll.source_id, "overrun", poll.is_overrun)
        if poll.outcome is PollOutcome.FAILED:
            run.tally.note(poll.source_id, f"{poll.feed_id}: {poll.detail}")
        if poll.is_overrun:
            run.tally.note(poll.source_id, f"{poll.feed_id}: its window had moved past what was seen last")


def derive_pages(run: Run, pages: Sequence[PageFetched]) -> None:
    """An article, or a reason, of each page."""
    articles, failures, results = read_pages(
        run, [(page.ref, page.due.entry) for page in pages], {page.ref.id: page.result for page in pages}
    )
    land(run, articles)
    with run.warehouse.begin() as conn:
        page_verbs.record_pages(conn, results)
        quarantine.record_failures(conn, failures, __version__)
        quarantine.resolve_failures(
            conn, [(result.source_id, result.url) for result in results if result.state == "landed"], run.now
        )
    count_failures(run, failures)


def read_pages(
    run: Run, pages: Sequence[tuple[CaptureRef, Entry | None]], results: dict[str, PageResult]
) -> tuple[list[Article], list[Failure], list[PageResult]]:
    """The articles of the pages, the pages that are none, and what the entries' rows will say of each."""
    articles: list[Article] = []
    failures: list[Failure] = []
    says: list[PageResult] = []
    for (ref, entry), read in zip(pages, run.workers.run(read_page, page_tasks(run, pages)), strict=True):
        result = results.get(ref.id)
        if isinstance(read, Article):
            articles.append(read)
        else:
            failures.append(page_failure(run, ref, entry, read))
            result = replace(result, state="failed", reason=read.reason) if result else None
        if result:
            says.append(result)
    return articles, failures, says


def page_failure(run: Run, ref: CaptureRef, entry: Entry | None, read: BadItem | WorkerFailure) -> Failure:
    return Failure(
        Stage.EXTRACT,
        read.reason,
        read.detail,
        ref.url,
        ref.source_id,
        run.now,
        feed_id=ref.feed_id,
        entry_id=entry.id if entry else None,
        capture_id=ref.id,
    )


def overruns_due(run: Run) -> dict[str, Window]:
    """The window that each source's overruns since the last repair have left open, by source."""
    with run.warehouse.begin() as conn:
        windows = repairs.overruns_due(conn)
    return {source_id: whole_days(window, run.source(source_id).timezone) for source_id, window in windows.items()}


def whole_days(window: Window, timezone: str) -> Window:
    """The bounded window, widened to days of that clock: a dated listing is evidence of days that it has whole."""
    zone = ZoneInfo(timezone)
    first, last = (at.astimezone(zone).date() for at in (window.since, window.until) if at)
    since, until = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    return Window(since.astimezone(UTC), until.astimezone(UTC))


def mark_repaired(run: Run, windows: Mapping[str, Window]) -> None:
    """The dated listings of these sources were asked for what their overruns had missed."""
    with run.warehouse.begin() as conn:
        repairs.mark_repaired(conn, list(windows), run.now)
