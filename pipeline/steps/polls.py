"""derive, of feeds' answers: what each brings is taken in, its poll goes on record, and its feed's state moves on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import __version__
from pipeline.captures.due import next_feed_state
from pipeline.captures.links import held_links_of, links_of, next_address
from pipeline.steps.collect import Polled
from pipeline.steps.derive import count_seen, document_failure, item_failures, record_seen, seen_entries
from pipeline.steps.land import land
from pipeline.steps.reread import read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import DocumentRead
from pipeline.types import (
    BadItem,
    CaptureRef,
    Delivery,
    Failure,
    Feed,
    FeedDocument,
    FeedState,
    Link,
    Poll,
    PollOutcome,
    SeenEntry,
    Stage,
)
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import links as link_verbs
from pipeline.warehouse import quarantine
from pipeline.workers import WorkerFailure


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


def is_document(polled: Polled) -> bool:
    """Whether the capture is a feed to read: not a failure, not a 304."""
    return polled.ref is not None and not polled.failure and polled.ref.status != 304


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


def follows(run: Run, feed: Feed) -> bool:
    """Whether the documents that a feed's answer names are fetched: not those of files, which are delivered whole, and
    not those of the past.
    """
    return feed.delivery is Delivery.HTTP and run.kind == "nightly"


def record_feeds(run: Run, taken: Sequence[Taken]) -> list[Taken]:
    """Entries, held items, failures and the feeds' new states, all or nothing; the answers whose states wait."""
    settled = [one for one in taken if not one.is_open]
    seen = [entry for one in taken for entry in one.seen]
    failures = [failure for one in taken for failure in one.failures]
    with run.warehouse.begin() as conn:
        new = record_seen(conn, seen, failures)
        quarantine.resolve_failures(conn, answered_addresses(taken), run.now, stage=Stage.FETCH)
        link_verbs.record_links(conn, [link for one in taken for link in one.held_links])
        capture_verbs.mark_derived(conn, [one.ref.id for one in settled if one.ref], __version__)
        looks = looks_of(taken, new)
        if run.kind == "nightly":
            done = [one for one in looks if not one.is_open]
            feed_verbs.record_polls(conn, run.id, [one.poll for one in done], [one.state for one in done])
    count_seen(run, seen, failures, new)
    count_polls(run, [one.poll for one in looks if not one.is_open])
    return [one for one in looks if one.is_open]


def answered_addresses(taken: Sequence[Taken]) -> list[tuple[str, str]]:
    """(source id, address) under which a failure of a feed that answers again may be on record."""
    return [
        (one.feed.source_id, url)
        for one in taken
        if one.poll.outcome is not PollOutcome.FAILED
        for url in (one.feed.url, one.state.moved_to, one.ref.url if one.ref else None)
        if url
    ]


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
