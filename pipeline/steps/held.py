"""held: items whose embargo has passed are taken in, out of the archive, also when nothing else runs."""

import logging

from pipeline.steps.land import land, restore_versions
from pipeline.steps.reread import feed_named, read_documents
from pipeline.steps.run import Run
from pipeline.steps.work import DocumentRead, is_held
from pipeline.types import Article, HeldItem, SeenEntry, Window
from pipeline.warehouse import entries as entry_verbs
from pipeline.warehouse import held as held_verbs

log = logging.getLogger("dateline")


def held_item(seen: SeenEntry) -> HeldItem:
    """Where the text of a held entry waits."""
    entry = seen.entry
    return HeldItem(
        ref=seen.ref,
        position=entry.position,
        feed_id=seen.feed.id,
        entry_id=entry.id,
        source_id=seen.feed.source_id,
        status=entry.status,
        embargo_until=entry.embargo_until,
        version=entry.version,
        version_at=entry.version_at,
    )


def release_embargoes(run: Run) -> int:
    """Takes in the items whose embargo has passed; how many it was. One that can't be read goes on waiting."""
    restore_versions(run)
    with run.warehouse.begin() as conn:
        items = held_verbs.held_due(conn, run.now)
    if not items:
        return 0
    by_place = {(item.ref.id, item.position): item for item in items}
    captures = {item.ref.id: (feed_named(run, item.feed_id, item.source_id), item.ref) for item in items}
    seen: list[SeenEntry] = []
    articles: list[Article] = []
    for (feed, ref), (_, reading) in zip(
        captures.values(), read_documents(run, list(captures.values()), Window()), strict=True
    ):
        if not isinstance(reading, DocumentRead):
            log.warning("still held, for it can't be read: %s %s", reading.detail, ref.url)
            continue
        due = [e for e in reading.document.entries if (ref.id, e.position) in by_place and not is_held(e)]
        seen += [SeenEntry(feed, ref, entry) for entry in due]
        articles += [article for article in reading.articles if (ref.id, article.position) in by_place]
    land(run, articles)
    with run.warehouse.begin() as conn:
        entry_verbs.record_entries(conn, seen)
        held_verbs.release_held(conn, [by_place[one.ref.id, one.entry.position] for one in seen])
    return len(seen)
