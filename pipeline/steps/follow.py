"""collect and derive, of what feeds' answers name further: a list's documents, those that they name, the next page.

A feed's state moves on page by page, once all that a page names is in the archive and either taken in or in quarantine.
A run that is killed before that asks from where the state stood; what was in already lands on itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest

from pipeline import __version__
from pipeline.captures.links import (
    DOCUMENTS_AT_MOST,
    LEVELS,
    PAGES_AT_MOST,
    document_request,
    held_links_of,
    link_missed,
    links_of,
    names_version,
    with_keys,
)
from pipeline.steps.collect import archive_answers, collect_feeds
from pipeline.steps.derive import count_seen, document_failure, item_failures, record_seen, seen_entries
from pipeline.steps.land import land
from pipeline.steps.polls import Taken, count_polls, derive_feeds
from pipeline.steps.reread import read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import DocumentRead
from pipeline.types import CaptureRef, Failure, Feed, FetchRequest, Link, SeenEntry, Stage
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import links as link_verbs
from pipeline.warehouse import quarantine
from pipeline.warehouse.engine import Connection

WAVE = 128  # documents fetched and read at once: what memory holds


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a feed's answer names."""

    feed: Feed
    request: FetchRequest
    url: str  # as it was named
    attempts: int = 0  # that failed before


@dataclass(slots=True)
class Brought:
    """What the documents of one feed brought."""

    documents: int = 0
    entries: int = 0
    new: int = 0
    refs: list[CaptureRef] = field(default_factory=list)  # of those that name others: taken in once these are


def follow(run: Run, feeds: Sequence[Feed], taken: Sequence[Taken]) -> int:
    """Takes in what these answers name, and what had to wait since earlier runs; how many documents that was."""
    asked: set[tuple[str, str]] = set()
    brought = take_in(run, waiting(run, feeds), asked)
    documents = sum(one.documents for one in brought.values())
    mark_taken_in(run, brought)
    pages: dict[str, set[str]] = defaultdict(set)
    while taken:
        taken = [without_circle(one, pages[one.feed.id]) for one in taken]
        brought = take_in(run, [named(run, one.feed, url) for one in taken for url in one.links], asked)
        documents += sum(one.documents for one in brought.values())
        settle(run, taken, brought)
        further = [one.feed for one in taken if one.goes_on and len(pages[one.feed.id]) < PAGES_AT_MOST]
        taken = derive_feeds(run, collect_feeds(run, further)) if further else []
    return documents


def without_circle(taken: Taken, pages: set[str]) -> Taken:
    """Goes on from no page twice: a server may name a page that was, or refuse what it just named."""
    page = taken.ref.url if taken.ref else ""
    is_known = page in pages
    pages.add(page)
    return replace(taken, goes_on=False) if is_known else taken


def named(run: Run, feed: Feed, url: str, attempts: int = 0) -> Named:
    return Named(feed, document_request(run.source(feed.source_id), feed, with_keys(url, feed)), url, attempts)


def waiting(run: Run, feeds: Sequence[Feed]) -> list[Named]:
    """The documents that these feeds named in earlier runs and that are to be asked for again."""
    with run.warehouse.begin() as conn:
        links = link_verbs.links_due(conn, [feed.id for feed in feeds], run.now)
    return [named(run, run.feeds[link.feed_id], link.url, link.attempts) for link in links]


def settle(run: Run, taken: Sequence[Taken], brought: dict[str, Brought]) -> None:
    """Moves the feeds' states on. One that goes on is due until it has come to the end."""
    polls, states = [], []
    for one in taken:
        more = brought[one.feed.id]
        poll = one.poll
        polls.append(replace(poll, entries=poll.entries + more.entries, new_entries=poll.new_entries + more.new))
        states.append(replace(one.state, next_due_at=run.now) if one.goes_on else one.state)
    with run.warehouse.begin() as conn:
        feed_verbs.record_polls(conn, run.id, polls, states)
        capture_verbs.mark_derived(conn, [one.ref.id for one in taken if one.ref], __version__)
    mark_taken_in(run, brought)
    count_polls(run, polls)


def mark_taken_in(run: Run, brought: dict[str, Brought]) -> None:
    refs = [ref for one in brought.values() for ref in one.refs]
    if not refs:
        return
    with run.warehouse.begin() as conn:
        capture_verbs.mark_derived(conn, [ref.id for ref in refs], __version__)


# ------------------------------------------------------------------------------------------------ documents


def take_in(run: Run, wanted: Sequence[Named], asked: set[tuple[str, str]]) -> dict[str, Brought]:
    """Fetches and takes in these documents and those that they name, each once; what they brought, by feed."""
    brought: dict[str, Brought] = defaultdict(Brought)
    taken = Counter[str]()
    for _ in range(LEVELS if wanted else 0):
        now, later = _within_bounds(wanted, asked, taken)
        put_off(run, later)
        further: list[Named] = []
        for number, wave in enumerate(waves(now), 1):
            further += take_in_wave(run, wave, brought)
            run.progress("documents", min(number * WAVE, len(now)), len(now))
        wanted = further
    return brought


def _within_bounds(
    wanted: Sequence[Named], asked: set[tuple[str, str]], taken: Counter[str]
) -> tuple[list[Named], list[Named]]:
    """Those that were not asked for yet: first as many of each feed as one answer may bring, then the others."""
    now: list[Named] = []
    later: list[Named] = []
    for one in wanted:
        if (one.feed.id, one.url) in asked:
            continue
        asked.add((one.feed.id, one.url))
        taken[one.feed.id] += 1
        (now if taken[one.feed.id] <= DOCUMENTS_AT_MOST else later).append(one)
    return now, later


def put_off(run: Run, documents: Sequence[Named]) -> None:
    """Leaves documents for the next run."""
    if not documents:
        return
    with run.warehouse.begin() as conn:
        links = [Link(one.feed.id, one.feed.source_id, one.url, one.attempts, run.now) for one in documents]
        link_verbs.record_links(conn, links)
    for feed_id, count in Counter(one.feed.id for one in documents).items():
        run.tally.note(run.feeds[feed_id].source_id, f"{feed_id}: {count} of its documents wait for the next run")


def waves(documents: Sequence[Named]) -> Iterator[list[Named]]:
    """The documents in parts that memory holds, the feeds taking turns, so that many hosts are asked at once."""
    by_feed: dict[str, list[Named]] = defaultdict(list)
    for one in documents:
        by_feed[one.feed.id].append(one)
    dealt = [one for one in chain.from_iterable(zip_longest(*by_feed.values())) if one]
    return (dealt[start : start + WAVE] for start in range(0, len(dealt), WAVE))


def take_in_wave(run: Run, wave: Sequence[Named], brought: dict[str, Brought]) -> list[Named]:
    """One wave of documents, fetched and taken in; those that they name."""
    came, missed = collect_documents(run, wave)
    readings = read_documents(run, [(one.feed, ref) for one, ref in came])
    land(run, [article for _, reading in readings if isinstance(reading, DocumentRead) for article in reading.articles])
    seen: list[SeenEntry] = []
    failures = [failure for _, failure in missed]
    leaves: list[CaptureRef] = []
    held: list[Link] = []
    further: list[Named] = []
    for (one, ref), (_, reading) in zip(came, readings, strict=True):
        links: list[str] = []
        if failure := document_failure(run, one.feed, ref, reading):
            failures.append(failure)
        elif isinstance(reading, DocumentRead):
            seen += (entries := seen_entries(run, one.feed, ref, reading.document))
            failures += item_failures(run, one.feed, ref, reading.document)
            links = links_of(reading.document, ref)
            held += held_links_of(reading.document, one.feed)
            further += [named(run, one.feed, url) for url in links]
            brought[one.feed.id].entries += len(entries)
        brought[one.feed.id].documents += 1
        (brought[one.feed.id].refs if links else leaves).append(ref)
    with run.warehouse.begin() as conn:
        new = record_seen(conn, seen, failures)
        record_links(run, conn, wave, came, missed)
        link_verbs.record_links(conn, held)
        capture_verbs.mark_derived(conn, [ref.id for ref in leaves], __version__)
    count_seen(run, seen, failures, new)
    for feed_id, count in new.items():
        brought[feed_id].new += count
    return further


def collect_documents(
    run: Run, wave: Sequence[Named]
) -> tuple[list[tuple[Named, CaptureRef]], list[tuple[Named, Failure]]]:
    """The documents that are in the archive now and to be taken in, and those that did not come.

    One whose address says which version it is of is not asked for again once the archive has it, and is left out once
    it was taken in.
    """
    lasting = [one.request.url for one in wave if names_version(one.url)]
    with run.warehouse.begin() as conn:
        archived = capture_verbs.archived_documents(conn, lasting)
    came: list[tuple[Named, CaptureRef]] = []
    wanted: list[Named] = []
    for one in wave:
        known = archived.get((one.feed.id, one.request.url))
        if known is None:
            wanted.append(one)
        elif not known.is_derived:
            came.append((one, known.ref))
    fetched, refs = archive_answers(run, [one.request for one in wanted])
    missed: list[tuple[Named, Failure]] = []
    for one, answer in zip(wanted, fetched, strict=True):
        if answer.failure:
            missed.append((one, answer.failure))
        elif answer.capture:
            came.append((one, refs[answer.capture.id]))
    return came, missed


def record_links(
    run: Run,
    conn: Connection,
    wave: Sequence[Named],
    came: Sequence[tuple[Named, CaptureRef]],
    missed: Sequence[tuple[Named, Failure]],
) -> None:
    """What did not come is asked for again; what came, was there, or is given up waits no longer."""
    left = [link_missed(one.feed, one.url, one.attempts, failure, run.now) for one, failure in missed]
    waiting = {(link.feed_id, link.url): link for link in left if link}
    link_verbs.record_links(conn, list(waiting.values()))
    link_verbs.strike_links(conn, [key for one in wave if (key := (one.feed.id, one.url)) not in waiting])
    asked = [(ref.source_id, one.request.url) for one, ref in came]
    quarantine.resolve_failures(conn, asked, run.now, stage=Stage.FETCH)
