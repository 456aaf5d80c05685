"""Versions read again out of the archive, where all of them lie, also those that the warehouse may not keep."""

from collections import defaultdict
from collections.abc import Sequence

from pipeline.steps.run import DOCUMENT_LIMIT_S, Run
from pipeline.steps.work import DocumentRead, DocumentTask, PageTask, read_document, read_page
from pipeline.types import Article, BadItem, CaptureKind, CaptureRef, Delivery, Entry, Feed, VersionPlace, Window
from pipeline.warehouse import pages as page_verbs
from pipeline.warehouse.boilerplate import learned_lines
from pipeline.workers import WorkerFailure


def read_documents(
    run: Run, captures: Sequence[tuple[Feed, CaptureRef]], window: Window | None = None
) -> list[tuple[CaptureRef, DocumentRead | BadItem | WorkerFailure]]:
    """Each capture read in a worker that can be killed: a document that hangs it costs that document alone.

    The articles are those of the window, by default the run's.
    """
    tasks = [
        DocumentTask(run.settings.archive_path, ref, feed, run.source(feed.source_id), run.now, window or run.window)
        for feed, ref in captures
    ]
    chunk = max(4, len(tasks) // 64)  # of a drop folder's thousand small files more at once
    readings = run.workers.run(read_document, tasks, chunk=chunk, limit_s=DOCUMENT_LIMIT_S)
    return [(ref, reading) for (_, ref), reading in zip(captures, readings, strict=True)]


def read_again(run: Run, places: Sequence[VersionPlace]) -> dict[str, Article]:
    """The versions that lie in these places, by the id that each has on record; without those that can't be read."""
    documents: dict[str, tuple[Feed, CaptureRef]] = {}
    pages: list[VersionPlace] = []
    for place in places:
        if place.ref.kind is CaptureKind.PAGE:
            pages.append(place)
        else:
            documents[place.ref.id] = (feed_named(run, place.feed_id, place.ref.source_id), place.ref)
    found: dict[tuple[str, int], list[Article]] = defaultdict(list)
    for ref, reading in read_documents(run, list(documents.values()), Window()):
        if isinstance(reading, DocumentRead):
            for article in reading.articles:
                found[ref.id, article.position].append(article)
    for place, read in zip(pages, _read_pages_again(run, pages), strict=True):
        if isinstance(read, Article):
            found[place.ref.id, place.position].append(read)
    wanted = {place.version_id: found[place.ref.id, place.position] for place in places}
    return {version_id: articles[0] for version_id, articles in wanted.items() if articles}


def _read_pages_again(run: Run, pages: Sequence[VersionPlace]) -> list[Article | BadItem | WorkerFailure]:
    named = {(page.feed_id, page.entry_id) for page in pages if page.feed_id and page.entry_id}
    with run.warehouse.begin() as conn:
        entries = page_verbs.entries_of(conn, {(feed, entry) for feed, entry in named if feed and entry})
    named_by = [(page.ref, entries.get((page.feed_id or "", page.entry_id or ""))) for page in pages]
    return run.workers.run(read_page, page_tasks(run, named_by))


def page_tasks(run: Run, pages: Sequence[tuple[CaptureRef, Entry | None]]) -> list[PageTask]:
    """The pages as tasks, each with the entry that named it and with what was learned of its source."""
    with run.warehouse.begin() as conn:
        learned = learned_lines(conn, {ref.source_id for ref, _ in pages})
    return [
        PageTask(run.settings.archive_path, ref, run.source(ref.source_id), entry, run.now, learned.get(ref.source_id))
        for ref, entry in pages
    ]


def feed_named(run: Run, feed_id: str | None, source_id: str) -> Feed:
    """The feed of that name, also where it has left the catalogue, or the archive's WARC file knew none."""
    known = run.feeds.get(feed_id or "")
    return known or Feed(id=feed_id or f"{source_id}/unknown", source_id=source_id, url="", delivery=Delivery.FOLDER)
