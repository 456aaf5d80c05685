"""derive: entries and articles out of stored bytes, or the reason why there are none. It never fetches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline import __version__
from pipeline.steps.collect import PageFetched, count_failures
from pipeline.steps.held import held_item
from pipeline.steps.land import land
from pipeline.steps.reread import page_tasks, read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import DocumentRead, entry_at, is_held, read_page
from pipeline.types import (
    Article,
    BadItem,
    CaptureRef,
    Entry,
    Failure,
    Feed,
    FeedDocument,
    PageResult,
    SeenEntry,
    Stage,
)
from pipeline.warehouse import entries as entry_verbs
from pipeline.warehouse import held as held_verbs
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse import quarantine
from pipeline.warehouse.engine import Connection
from pipeline.workers import WorkerFailure

# ------------------------------------------------------------------------------------------------ documents


def land_documents(run: Run, documents: Sequence[tuple[Feed, CaptureRef]]) -> tuple[list[SeenEntry], list[Failure]]:
    """Lands the articles that these documents deliver whole; their entries in the run's window, and what of them could
    not be read, neither on record yet.
    """
    readings = read_documents(run, documents)
    land(run, [article for _, reading in readings if isinstance(reading, DocumentRead) for article in reading.articles])
    seen: list[SeenEntry] = []
    failures: list[Failure] = []
    for (feed, ref), (_, reading) in zip(documents, readings, strict=True):
        if failure := document_failure(run, feed, ref, reading):
            failures.append(failure)
        elif isinstance(reading, DocumentRead):
            seen += seen_entries(run, feed, ref, reading.document)
            failures += item_failures(run, feed, ref, reading.document)
    return seen, failures


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


def record_seen(conn: Connection, seen: Sequence[SeenEntry], failures: Sequence[Failure]) -> dict[str, int]:
    """Entries, held items and failures; how many of the entries are new, by feed."""
    new = entry_verbs.record_entries(conn, seen)
    held_verbs.record_held(conn, [held_item(one) for one in seen if is_held(one.entry)])
    quarantine.record_failures(conn, failures, __version__)
    return new


def count_seen(run: Run, seen: Sequence[SeenEntry], failures: Sequence[Failure], new: Mapping[str, int]) -> None:
    """Counts entries (`new` by feed) and what was set aside."""
    for one in seen:
        run.tally.add(one.feed.source_id, "entries")
        run.tally.add(one.feed.source_id, "held", is_held(one.entry))
    for feed_id, source_id in {one.feed.id: one.feed.source_id for one in seen}.items():
        run.tally.add(source_id, "entries_new", new.get(feed_id, 0))
    count_failures(run, failures)


# ------------------------------------------------------------------------------------------------ pages


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
