"""derive: entries and articles out of stored bytes. It decides new, changed, recalled, refused; it never fetches."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline import __version__
from pipeline.articles.versions import decide_revisions
from pipeline.captures.due import next_feed_state
from pipeline.steps.collect import PageFetched, Polled, count_failures
from pipeline.steps.run import DOCUMENT_LIMIT_S, Run
from pipeline.steps.work import (
    DocumentRead,
    DocumentTask,
    PageTask,
    entry_at,
    is_held,
    read_document,
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
    HeldItem,
    PageResult,
    Poll,
    PollOutcome,
    Revision,
    SeenEntry,
    Stage,
    VersionState,
    Window,
)
from pipeline.warehouse import articles as article_verbs
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import entries as entry_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import held as held_verbs
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse import quarantine, repairs
from pipeline.workers import WorkerFailure

log = logging.getLogger("dateline")

LANDING_BATCH = 5000


def derive_feeds(run: Run, polled: Sequence[Polled]) -> None:
    """Wire articles, entries and the feeds' new states, in this order: a run that is killed in between asks again, and
    what had landed lands on itself. A backfill moves no state: the past says nothing of what is due.
    """
    readings = read_documents(run, [(poll.feed, poll.ref) for poll in polled if poll.ref and is_document(poll)])
    by_ref = {ref.id: reading for ref, reading in readings}
    land(run, [article for _, reading in readings if isinstance(reading, DocumentRead) for article in reading.articles])
    with run.warehouse.begin() as conn:
        states = feed_verbs.feed_states(conn, [poll.feed.id for poll in polled])
    taken = [taken_in(run, poll, by_ref.get(poll.ref.id) if poll.ref else None, states) for poll in polled]
    record_feeds(run, taken)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one answer of one feed comes to."""

    poll: Poll
    state: FeedState
    ref: CaptureRef | None
    seen: tuple[SeenEntry, ...] = ()
    failures: tuple[Failure, ...] = ()


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
    return Taken(poll, state, polled.ref, tuple(seen), tuple(failures))


def is_document(polled: Polled) -> bool:
    """Whether the capture is a feed to read: not a failure, not a 304."""
    return bool(polled.ref) and not polled.failure and polled.ref.status != 304  # type: ignore[union-attr]


def read_documents(
    run: Run, captures: Sequence[tuple[Feed, CaptureRef]]
) -> list[tuple[CaptureRef, DocumentRead | BadItem | WorkerFailure]]:
    """Each capture read in a worker that can be killed: a document that hangs it costs that document alone."""
    tasks = [
        DocumentTask(run.settings.archive_path, ref, feed, run.source(feed.source_id), run.now, run.window)
        for feed, ref in captures
    ]
    readings = run.workers.run(read_document, tasks, chunk=4, limit_s=DOCUMENT_LIMIT_S)
    return [(ref, reading) for (_, ref), reading in zip(captures, readings, strict=True)]


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


def record_feeds(run: Run, taken: Sequence[Taken]) -> None:
    """Entries, held items, failures and the feeds' new states, all or nothing."""
    seen = [entry for one in taken for entry in one.seen]
    failures = [failure for one in taken for failure in one.failures]
    held = [held_item(one) for one in seen if is_held(one.entry)]
    with run.warehouse.begin() as conn:
        new = entry_verbs.record_entries(conn, seen)
        held_verbs.record_held(conn, held)
        quarantine.record_failures(conn, failures, __version__)
        capture_verbs.mark_derived(conn, [one.ref.id for one in taken if one.ref], __version__)
        if run.kind == "nightly":
            polls = [replace(one.poll, new_entries=new.get(one.poll.feed_id, 0)) for one in taken]
            feed_verbs.record_polls(conn, run.id, polls, list({one.state.feed_id: one.state for one in taken}.values()))
    for item in held:
        run.tally.add(item.source_id, "held")
    count_failures(run, failures)
    count_polls(run, [one.poll for one in taken], new)


def count_polls(run: Run, polls: Sequence[Poll], new: dict[str, int]) -> None:
    for poll in polls:
        run.tally.add(poll.source_id, "polled")
        run.tally.add(poll.source_id, "not_modified", poll.outcome is PollOutcome.NOT_MODIFIED)
        run.tally.add(poll.source_id, "failed", poll.outcome is PollOutcome.FAILED)
        run.tally.add(poll.source_id, "overrun", poll.is_overrun)
        if poll.outcome is PollOutcome.FAILED:
            run.tally.note(poll.source_id, f"{poll.feed_id}: {poll.detail}")
        if poll.is_overrun:
            run.tally.note(poll.source_id, f"{poll.feed_id}: its window had moved past what was seen last")
    for feed_id, count in new.items():
        run.tally.add(run.feeds[feed_id].source_id if feed_id in run.feeds else feed_id, "entries_new", count)


def held_item(seen: SeenEntry) -> HeldItem:
    entry = seen.entry
    return HeldItem(
        ref=seen.ref,
        position=entry.position,
        feed_id=seen.feed.id,
        entry_id=entry.id,
        source_id=seen.feed.source_id,
        status=entry.status,
        embargo_until=entry.embargo_until,
    )


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
    tasks = [
        PageTask(run.settings.archive_path, ref, run.source(ref.source_id), entry, run.now) for ref, entry in pages
    ]
    articles: list[Article] = []
    failures: list[Failure] = []
    says: list[PageResult] = []
    for (ref, entry), read in zip(pages, run.workers.run(read_page, tasks), strict=True):
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


def land(run: Run, articles: Sequence[Article]) -> None:
    """Articles into the warehouse, each with the decision that all versions of it, stored and new, ask for."""
    by_article: dict[str, list[Article]] = {}
    for article in articles:
        by_article.setdefault(article.article_id, []).append(article)
    ids = list(by_article)
    for start in range(0, len(ids), LANDING_BATCH):
        batch = [article for article_id in ids[start : start + LANDING_BATCH] for article in by_article[article_id]]
        land_batch(run, batch)


def land_batch(run: Run, articles: Sequence[Article]) -> None:
    with run.warehouse.begin() as conn:
        stored = article_verbs.version_states(conn, list({article.article_id for article in articles}))
        counts = article_verbs.record_articles(conn, articles, revisions_of(articles, stored), run.now)
    for source_id, by_decision in counts.items():
        for what, count in by_decision.items():
            run.tally.add(source_id, what, count)


def revisions_of(articles: Sequence[Article], stored: dict[str, list[VersionState]]) -> list[Revision]:
    """The decisions on every version of these articles; one that came again counts once, as captured first."""
    versions: dict[str, dict[str, VersionState]] = {}
    for article in articles:
        known = versions.setdefault(
            article.article_id, {version.version_id: version for version in stored.get(article.article_id, [])}
        )
        new, old = state_of(article), known.get(article.version_id)
        known[article.version_id] = new if old is None or new.captured_at < old.captured_at else old
    return [
        revision
        for article_id, known in versions.items()
        for revision in decide_revisions(list(known.values()), article_id)
    ]


def state_of(article: Article) -> VersionState:
    return VersionState(
        version_id=article.version_id,
        captured_at=article.captured_at,
        wire_version=article.wire_version,
        version_at=article.version_at,
        status=article.status,
        page_kind=article.page_kind,
        word_count=article.word_count,
        title=article.title,
        note=article.note,
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


def release_embargoes(run: Run) -> int:
    """Takes in the items whose embargo has passed, out of the archive, also when nothing else runs; how many it was."""
    with run.warehouse.begin() as conn:
        items = held_verbs.held_due(conn, run.now)
    if not items:
        return 0
    wanted = {(item.ref.id, item.position) for item in items}
    captures = {item.ref.id: (feed_of(run, item), item.ref) for item in items}
    seen: list[SeenEntry] = []
    articles: list[Article] = []
    for (feed, _), (ref, reading) in zip(captures.values(), read_documents(run, list(captures.values())), strict=True):
        if isinstance(reading, DocumentRead):
            seen += [
                SeenEntry(feed, ref, entry) for entry in reading.document.entries if (ref.id, entry.position) in wanted
            ]
            articles += [article for article in reading.articles if (ref.id, article.position) in wanted]
    with run.warehouse.begin() as conn:
        entry_verbs.record_entries(conn, seen)
        held_verbs.release_held(conn, items)
    land(run, articles)
    return len(items)


def feed_of(run: Run, item: HeldItem) -> Feed:
    """The feed that brought a held item, also when it has left the catalogue."""
    return run.feeds.get(item.feed_id) or Feed(
        id=item.feed_id, source_id=item.source_id, url="", delivery=Delivery.FOLDER
    )
