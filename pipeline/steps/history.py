"""A source's past: what its dated sitemaps and archived feeds name. After the archive the path is the same."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.captures.history import first_requests, further_requests, lies_before, listings
from pipeline.steps.collect import archive_answers
from pipeline.steps.derive import count_seen, document_failure, item_failures, record_seen
from pipeline.steps.land import land
from pipeline.steps.reread import read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import DocumentRead, entry_at
from pipeline.types import (
    Article,
    BadItem,
    CaptureKind,
    CaptureRef,
    Failure,
    Feed,
    FeedDocument,
    FetchRequest,
    Listing,
    SeenEntry,
    Window,
)
from pipeline.warehouse import feeds as feed_verbs
from pipeline.workers import WorkerFailure

FETCH_BATCH = 64
MOST_LISTINGS = 2000  # of one source: an archive that invents new addresses for ever ends there, and the report says so


@dataclass(slots=True)
class Discovered:
    """What the listings of some sources brought."""

    new: int = 0  # entries
    asked: Counter[str] = field(default_factory=Counter)  # listings, by source
    answered: Counter[str] = field(default_factory=Counter)  # those of them that were answered, be it by a 404
    read: Counter[str] = field(default_factory=Counter)  # those of them that could be read
    named: Counter[str] = field(default_factory=Counter)  # entries of the window, new or not
    walked: set[str] = field(default_factory=set)  # feeds whose own pages were followed back to before their window


def discover(run: Run, windows: Mapping[str, Window]) -> Discovered:
    """Takes in what the listings of these sources (by id) name for their windows."""
    queue = deque(request for source_id, window in windows.items() for request in first_requests(run.source(source_id)))
    found = Discovered()
    asked: set[tuple[str, str]] = set()
    known: set[tuple[str, str]] = set()
    while queue:
        wave: list[FetchRequest] = []
        while queue and len(wave) < FETCH_BATCH:
            request = queue.popleft()
            if (request.source_id, request.url) in asked:
                continue
            if found.asked[request.source_id] == MOST_LISTINGS:
                run.tally.note(request.source_id, f"stopped after {MOST_LISTINGS} listings; narrow --since and --until")
                continue
            asked.add((request.source_id, request.url))
            found.asked[request.source_id] += 1
            wave.append(request)
        queue.extend(ask(run, windows, wave, known, found))
        run.progress("listings", len(asked), len(asked) + len(queue))
    return found


def discover_past(run: Run, windows: Mapping[str, Window]) -> int:
    """What `discover` does, for a backfill, which counts each source that it asked and says where that brought nothing;
    how many entries were new.
    """
    found = discover(run, windows)
    for source_id in windows:
        asked = found.asked[source_id]
        run.tally.add(source_id, "polled", bool(asked))
        run.tally.add(source_id, "failed", bool(asked) and not found.answered[source_id])
        if not asked:
            run.tally.note(source_id, f"{source_id}: it has no address on the web that could list its past")
        elif not found.read[source_id]:
            run.tally.note(source_id, f"{source_id}: none of its listings could be read ({asked} were asked for)")
        elif not found.named[source_id]:
            run.tally.note(source_id, f"{source_id}: its listings name nothing of the window")
    return found.new


def ask(
    run: Run,
    windows: Mapping[str, Window],
    requests: Sequence[FetchRequest],
    known: set[tuple[str, str]],
    found: Discovered,
) -> list[FetchRequest]:
    """Asks for one wave of listings and takes in what they name; the next wave.

    `known` holds source and digest of what was read before: a page that repeats another (of a blog that ignores the
    page's number) names nothing further. A site without a sitemap is no failure; one without a robots.txt still has
    a sitemap at the usual place.
    """
    fetched, refs = archive_answers(run, requests)
    found.answered.update(
        answer.request.source_id
        for answer in fetched
        if answer.capture and (not answer.failure or answer.failure.reason == "http_404")
    )
    good = [
        refs[answer.capture.id]
        for answer in fetched
        if answer.capture and (not answer.failure or answer.capture.kind is CaptureKind.ROBOTS)
    ]
    good = [ref for ref in good if (ref.source_id, ref.digest) not in known]
    known |= {(ref.source_id, ref.digest) for ref in good}
    readings = dict(read_listings(run, [ref for ref in good if ref.kind is not CaptureKind.ROBOTS]))
    failures = [answer.failure for answer in fetched if answer.failure and answer.failure.reason != "http_404"]
    documents = take_in_listings(run, windows, readings, failures, found)
    return [
        request
        for ref in good
        for request in further_requests(
            run.source(ref.source_id), windows[ref.source_id], ref, documents.get(ref), run.archive.read(ref).body
        )
    ]


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


def take_in_listings(
    run: Run,
    windows: Mapping[str, Window],
    readings: Mapping[CaptureRef, DocumentRead | BadItem | WorkerFailure],
    failures: Sequence[Failure],
    found: Discovered,
) -> dict[CaptureRef, FeedDocument]:
    """The entries and articles of the listings that lie in their source's window, the days that a listing has whole,
    and what could not be had or read; the listings that were read.
    """
    read_well = {ref: reading for ref, reading in readings.items() if isinstance(reading, DocumentRead)}
    documents = {ref: reading.document for ref, reading in read_well.items()}
    seen: list[SeenEntry] = []
    days: list[Listing] = []
    missed = list(failures)
    for ref, reading in readings.items():
        feed, window = listing_feed(run, ref), windows[ref.source_id]
        if failure := document_failure(run, feed, ref, reading):
            missed.append(failure)
        elif document := documents.get(ref):
            missed += item_failures(run, feed, ref, document)
            seen += [SeenEntry(feed, ref, entry) for entry in document.entries if window.holds(entry_at(entry))]
            days += listings(run.source(ref.source_id), window, document, ref)
            found.read[ref.source_id] += 1
            if ref.feed_id and lies_before(window, document):
                found.walked.add(ref.feed_id)
    land(run, delivered_articles(windows, read_well))
    with run.warehouse.begin() as conn:
        new = record_seen(conn, seen, missed)
        feed_verbs.record_listings(conn, days)
    count_seen(run, seen, missed, new)
    found.named.update(one.feed.source_id for one in seen)
    found.new += sum(new.values())
    return documents
